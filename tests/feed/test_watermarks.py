"""Above the horizon no item is missing, however reads, posts, late writers and old knowledge fall together."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from feed.activity_entities import ActivityClass, ReaderState
from feed.policies.rates import DAY_MS
from feed.relevance import LEAST_FACTOR
from feed.watermarks import (
    LAG_MS,
    SLEEP_DAYS,
    first_state,
    horizon_ms,
    is_asleep,
    is_to_be_rewritten,
    kept_days_at,
    state_after_reads,
)
from tests.feed.policy_cases import unhurried

NOON = 1_800_000_000_000
HOUR_MS = 3_600_000
pauses = st.one_of(
    st.integers(0, 3 * HOUR_MS), st.integers(0, 9 * DAY_MS), st.integers(27 * DAY_MS, 33 * DAY_MS)
)
reads = st.lists(st.tuples(pauses, st.sampled_from([1, 3, 20])), max_size=6)
States = list[tuple[int, ReaderState | None]]


def states_of(history: list[tuple[int, int]]) -> States:
    """STATE through time, with when it was written."""
    now_ms, states = NOON, States([(0, None)])
    for pause_ms, times in history:
        now_ms += pause_ms
        state = states[-1][1]
        if is_to_be_rewritten(state, now_ms):
            states.append((now_ms, state_after_reads(state, now_ms, reads=times)))
    return states


def state_at(states: States, at_ms: int) -> ReaderState | None:
    return next(state for written_ms, state in reversed(states) if written_ms <= at_ms)


def lost(states: States, now_ms: int) -> list[int]:
    """Of all times where a line could be drawn wrongly, those whose post is not in the inbox now.

    Its fan-out came at once or later, and what that knew of the reader was new or LAG old.
    """
    written = [written_ms for written_ms, _state in states[1:]]
    lives = [int(days * LEAST_FACTOR * DAY_MS) for days in ActivityClass]
    edges = [now_ms - life for life in lives] + [
        moment + more for moment in written for more in (0, LAG_MS, SLEEP_DAYS * DAY_MS)
    ]
    return [
        post_ms
        for edge_ms in edges
        for post_ms in (edge_ms - 1, edge_ms, edge_ms + 1, edge_ms + HOUR_MS // 2)
        for late_ms in (0, DAY_MS)
        for lag_ms in (0, LAG_MS)
        if post_ms + late_ms <= now_ms and is_lost(states, now_ms, post_ms, post_ms + late_ms, lag_ms)
    ]


def is_lost(states: States, now_ms: int, post_ms: int, looked_ms: int, lag_ms: int) -> bool:
    known_of_ms = looked_ms - lag_ms
    known = state_at(states, known_of_ms)
    if known is not None and is_asleep(known.last_read_ms, post_ms):
        return True
    return post_ms + kept_days_at(known, known_of_ms) * LEAST_FACTOR * DAY_MS <= now_ms


@settings(unhurried, max_examples=400)
@given(reads, pauses)
def test_above_the_horizon_nothing_is_missing(history: list[tuple[int, int]], later_ms: int) -> None:
    states = states_of(history)
    last_ms = max(NOON, states[-1][0])
    for now_ms in (last_ms + later_ms, last_ms + HOUR_MS, last_ms + DAY_MS, last_ms + 4 * DAY_MS):
        horizon = horizon_ms(states[-1][1], now_ms)
        assert all(post_ms <= horizon for post_ms in lost(states, now_ms))


@unhurried
@given(reads, pauses, st.integers(0, 3 * DAY_MS))
def test_it_never_moves_down_and_with_an_older_state_nothing_is_missing_either(
    history: list[tuple[int, int]], pause_ms: int, later_ms: int
) -> None:
    states = states_of(history)
    now_ms = NOON + sum(pause for pause, _times in history) + pause_ms
    before = horizon_ms(states[-1][1], now_ms)
    states = states_of([*history, (pause_ms, 20)])
    after = horizon_ms(states[-1][1], now_ms + later_ms)
    assert before <= max(after, now_ms + LAG_MS), "a sleeper's horizon is in the future"
    if before <= now_ms:
        assert before <= after
    missing = lost(states, now_ms + later_ms)
    for _written, state in states[1:]:
        assert all(post_ms <= horizon_ms(state, now_ms + later_ms) for post_ms in missing)


def read_daily(state: ReaderState | None, now_ms: int, *, days: int, every_days: int = 1) -> ReaderState:
    for day in range(0, days, every_days):
        state = state_after_reads(state, now_ms + day * DAY_MS)
    assert state is not None
    return state


def test_who_reads_once_a_day_is_kept_daily_although_the_rate_is_below_one_the_next_day() -> None:
    state = read_daily(None, NOON, days=60)
    next_day = state.last_read_ms + DAY_MS
    assert kept_days_at(state, next_day) == ActivityClass.DAILY
    assert horizon_ms(state, next_day) == next_day - ActivityClass.DAILY * LEAST_FACTOR * DAY_MS


def test_life_fades_with_the_reads_and_a_read_that_raises_it_leaves_the_shorter_lived_behind() -> None:
    state = read_daily(None, NOON, days=20)
    back = state.last_read_ms + 20 * DAY_MS
    assert kept_days_at(state, back) == ActivityClass.WEEKLY
    risen = state_after_reads(state, back, reads=20)
    assert kept_days_at(risen, back) == ActivityClass.DAILY
    for hours in (0, 24, 72):
        now_ms = back + hours * HOUR_MS
        written_before = now_ms - ActivityClass.WEEKLY * LEAST_FACTOR * DAY_MS
        assert horizon_ms(risen, now_ms) == min(written_before, back + LAG_MS)
    long_after = back + 10 * DAY_MS
    assert kept_days_at(risen, long_after) == ActivityClass.DAILY
    assert horizon_ms(risen, long_after) == long_after - 7 * DAY_MS


def test_of_two_rises_in_a_row_the_shortest_life_counts_until_its_items_are_gone() -> None:
    dormant = replace(first_state(NOON), kept_days=1, kept_before_days=1, reads_per_day=0.02)
    monthly = state_after_reads(dormant, NOON + 2 * HOUR_MS)
    daily = state_after_reads(monthly, NOON + 4 * HOUR_MS, reads=50)
    assert [state.kept_days for state in (dormant, monthly, daily)] == [1, 2, 14]
    for hours in (5, 12, 20):
        now_ms = NOON + hours * HOUR_MS
        assert horizon_ms(daily, now_ms) == min(now_ms - 12 * HOUR_MS, NOON + 5 * HOUR_MS)


def test_of_a_sleeper_nothing_is_believed_until_an_hour_after_the_return_and_a_rebuild() -> None:
    state = first_state(NOON)
    back = NOON + 31 * DAY_MS
    assert is_asleep(state.last_read_ms, back)
    assert horizon_ms(state, back) > back
    awake = state_after_reads(state, back)
    assert not is_asleep(awake.last_read_ms, back)
    assert horizon_ms(awake, back + 5 * HOUR_MS) == awake.awake_since_ms == back + LAG_MS
    rebuilt = replace(awake, awake_since_ms=0)
    assert horizon_ms(rebuilt, back + 5 * HOUR_MS) < back


def test_sleep_goes_by_the_time_of_the_post_and_nobody_sleeps_of_whom_nothing_is_known() -> None:
    falls_asleep = NOON + SLEEP_DAYS * DAY_MS
    assert not is_asleep(NOON, falls_asleep)
    assert is_asleep(NOON, falls_asleep + 1)
    assert not is_asleep(0, falls_asleep + 1)


def test_state_is_written_once_an_hour() -> None:
    state = first_state(NOON)
    assert is_to_be_rewritten(None, NOON)
    assert not is_to_be_rewritten(state, NOON + HOUR_MS - 1)
    assert is_to_be_rewritten(state, NOON + HOUR_MS)
