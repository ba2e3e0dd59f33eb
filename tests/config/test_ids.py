"""Ids: order, uniqueness in threads and forks, and clocks that step back."""

import multiprocessing
import os
import threading
import time
from multiprocessing.connection import Connection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.ids import EPOCH_MS, Mint, first_id_at, id_time_ms, next_id, sort_key

NOON_MS = EPOCH_MS + 12 * 3_600_000


def test_an_id_tells_when_it_was_minted() -> None:
    before_ms = time.time_ns() // 1_000_000
    minted = next_id()
    assert before_ms - 1 <= id_time_ms(minted) <= time.time_ns() // 1_000_000 + 1


def test_ids_are_positive_and_fit_into_63_bits_until_2093() -> None:
    year_2093_ms = 3_881_520_000_000
    minted = Mint().next(year_2093_ms)
    assert 0 < minted < 2**63
    assert len(sort_key(minted)) == 19


def test_ids_grow_within_a_process() -> None:
    minted = [next_id() for _ in range(50_000)]
    assert minted == sorted(set(minted))


def test_ids_grow_when_the_clock_steps_back() -> None:
    mint = Mint()
    first = mint.next(NOON_MS)
    an_hour_earlier = [mint.next(NOON_MS - 3_600_000 + passed) for passed in range(100)]
    assert [first, *an_hour_earlier] == sorted({first, *an_hour_earlier})
    assert id_time_ms(an_hour_earlier[-1]) - NOON_MS <= 1


def test_ids_follow_the_clock_again_once_it_has_caught_up() -> None:
    mint = Mint()
    mint.next(NOON_MS)
    mint.next(NOON_MS - 1000)
    assert id_time_ms(mint.next(NOON_MS + 5)) == NOON_MS + 5


def test_a_full_millisecond_carries_into_the_next() -> None:
    mint = Mint()
    mint._last = first_id_at(NOON_MS + 1) - 1
    assert mint.next(NOON_MS) == first_id_at(NOON_MS + 1)


def test_threads_never_share_an_id() -> None:
    minted: list[list[int]] = [[] for _ in range(8)]

    def mint_many(into: list[int]) -> None:
        into.extend(next_id() for _ in range(5_000))

    threads = [threading.Thread(target=mint_many, args=(into,)) for into in minted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({an_id for ids in minted for an_id in ids}) == 8 * 5_000


def test_two_mints_in_the_same_millisecond_begin_at_different_places() -> None:
    """Each pair meets once in 4 million times, so 200 mints hold a pair in 1 run of 200; two pairs in none."""
    assert len({Mint().next(NOON_MS) for _ in range(200)}) >= 199


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_children_do_not_count_on_from_their_parent() -> None:
    next_id()
    children = [_forked_ids() for _ in range(4)]
    mine = [next_id() for _ in range(1_000)]
    everyone = [mine, *children]
    assert len({an_id for ids in everyone for an_id in ids}) == sum(len(ids) for ids in everyone)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_goes_on_growing() -> None:
    last = next_id()
    assert min(_forked_ids()) > last


def _forked_ids() -> list[int]:
    """1,000 ids of a child that this process forks."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        _send_and_leave(sender)
    sender.close()
    ids: list[int] = receiver.recv()
    os.waitpid(child, 0)
    receiver.close()
    return ids


def _send_and_leave(sender: Connection) -> None:
    sender.send([next_id() for _ in range(1_000)])
    os._exit(0)


@given(st.integers(min_value=0, max_value=2**63 - 1), st.integers(min_value=0, max_value=2**63 - 1))
def test_sort_keys_sort_as_ids_do(one: int, other: int) -> None:
    assert (one < other) == (sort_key(one) < sort_key(other))


@given(st.integers(min_value=EPOCH_MS + 1, max_value=EPOCH_MS + 2**41 - 1))
def test_first_id_at_is_a_bound(time_ms: int) -> None:
    assert Mint().next(time_ms) >= first_id_at(time_ms) > Mint().next(time_ms - 1)
