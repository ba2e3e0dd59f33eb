"""Ranks: in the order of likes, then of time; written seldom however likes come and go."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from posts.ranks import FIRST_LIKES, id_of, rank, rank_on, rung, rung_of, settled

counts = st.integers(min_value=0, max_value=10**9)
ids = st.integers(min_value=0, max_value=2**63 - 1)


def writes(likes: Iterable[int], *, stored: int = 0) -> int:
    """How often a stored rung is written anew while the number of likes goes through these."""
    written = 0
    for number in likes:
        kept = settled(stored, number)
        written += kept != stored
        stored = kept
    return written


def test_rungs() -> None:
    assert [rung(likes) for likes in range(-1, 12)] == [0, *range(11), 11]
    assert [rung(likes) for likes in (12, 13, 14, 15, 21, 23, 24)] == [11, 12, 12, 13, 16, 16, 17]


@given(counts)
def test_a_rung_above_ten_takes_a_tenth_more(likes: int) -> None:
    below = FIRST_LIKES[rung(likes)]
    above = FIRST_LIKES[rung(likes) + 1]
    assert below <= likes < above
    assert above == below + 1 if likes < 10 else below * 11 <= above * 10 < below * 11 + 10


@given(counts, ids, counts, ids)
def test_ranks_are_in_the_order_of_rungs_and_then_of_time(a: int, a_id: int, b: int, b_id: int) -> None:
    assert (rank(a, a_id) < rank(b, b_id)) == ((rung(a), a_id) < (rung(b), b_id))
    assert rank(a, a_id) < 10**38


@given(counts, ids)
def test_a_rank_says_what_it_was_made_with(likes: int, an_id: int) -> None:
    made = rank(likes, an_id)
    assert (rung_of(made), id_of(made)) == (rung(likes), an_id)
    assert rank_on(rung(likes), an_id) == made


@given(counts, counts)
def test_what_is_stored_is_never_too_low_and_at_most_one_rung_too_high(before: int, likes: int) -> None:
    kept = settled(rung(before), likes)
    assert rung(likes) <= kept <= rung(likes) + 1
    assert settled(kept, likes) == kept


@given(st.integers(min_value=0, max_value=5_000))
def test_so_many_likes_and_all_of_them_taken_back(likes: int) -> None:
    up = writes(range(1, likes + 1))
    assert up == rung(likes)
    assert writes(range(likes - 1, -1, -1), stored=rung(likes)) <= rung(likes) // 2


@given(counts, st.lists(st.booleans(), max_size=300))
def test_a_like_on_an_edge_is_written_twice_at_most(likes: int, steps: list[bool]) -> None:
    assert writes((likes + step for step in steps), stored=rung(likes)) <= 1
    assert writes((max(0, likes - step) for step in steps), stored=rung(likes)) == 0


@given(st.integers(min_value=20, max_value=10**6), st.lists(st.sampled_from([1, -1]), max_size=400))
def test_any_likes_and_unlikes_write_little(start: int, steps: list[int]) -> None:
    """Two writes for each time that a tenth of all likes has come or gone, and two for where it began."""
    passed, likes = [], start
    for step in steps:
        likes = max(0, likes + step)
        passed.append(likes)
    lowest = rung(min([start, *passed])) - 1
    narrowest = FIRST_LIKES[lowest + 1] - FIRST_LIKES[lowest] if lowest >= 0 else 1
    assert writes(passed, stored=rung(start)) <= 2 + 2 * len(steps) / narrowest
