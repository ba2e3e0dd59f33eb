"""How far down an inbox has everything that was to be pushed: above its horizon it is read, below it the authors are.

An item stays for its reader's days times its relevance, so the horizon is where the shortest-lived item that may have
been written would have expired by now:

    life   14 |------.        ______    between two reads the rate fades, and with it the life that writers grant;
            5 |      '-----.  |         a read may raise it again: then items of the shorter life are still about,
            2 |            '--'         and for LAG writers may know of the shorter life only
                            read

    horizon = the later of     now - life now                               whatever is written from here on
                               now - life before, but not later than        what was written before the rise
                                     the rise + LAG

Who has not read for SLEEP_DAYS gets no pushes of later posts. On return, and LAG beyond, posts may be missing: so the
horizon is the return + LAG until the inbox has been rebuilt after that moment.

Both lines are drawn by the time of the post, never by that of the push: a fan-out that was held up for hours, or a
process that was stopped and writes on, does what it would have done in time. Two truths make it hold: a write of STATE
never lowers the life granted (time does), and what a writer knows of STATE is at most LAG old when the post exists.
Above the horizon that an older STATE than the stored one gives nothing is missing either, so eventually consistent reads do.
"""

from dataclasses import replace
from typing import Final

from feed.activity_entities import ReaderState
from feed.policies.lifetimes import base_days
from feed.policies.rates import DAY_MS, READ_HALF_LIFE_DAYS, Rate, rate_after, rate_at
from feed.relevance import LEAST_FACTOR

LAG_MS: Final = 3_600_000
REWRITTEN_EVERY_MS: Final = 3_600_000
SLEEP_DAYS: Final = 30
STEADY: Final = 2.0
"""A class that has been reached is kept until twice the rate would not reach it: once a day is daily, also on the next day."""
FIRST_READS_PER_DAY: Final = 1.0
"""What is taken for granted of a reader of whom nothing is known: the longest life."""


def first_state(now_ms: int) -> ReaderState:
    """What holds of somebody who has no STATE."""
    days = _days(FIRST_READS_PER_DAY)
    return ReaderState(FIRST_READS_PER_DAY, now_ms, now_ms, days, days, 0)


def kept_days_at(state: ReaderState | None, at_ms: int) -> int:
    """The days that writers who know this STATE grant to an item of ordinary relevance; never more as time goes by."""
    if state is None:
        return _days(FIRST_READS_PER_DAY)
    return min(state.kept_days, _days(STEADY * float(_faded(state, at_ms).per_day)))


def is_asleep(last_read_ms: int, post_ms: int) -> bool:
    """Whether a post of that time is not pushed to a reader who last read then; 0: no read is known of, so it is."""
    return bool(last_read_ms) and post_ms > last_read_ms + SLEEP_DAYS * DAY_MS


def horizon_ms(state: ReaderState | None, now_ms: int) -> int:
    """The time above which the inbox has every post that was to be pushed. It never moves down.

    It may lie in the future: then nothing of the inbox is believed.
    """
    if state is None:
        return now_ms - _life_ms(kept_days_at(None, now_ms))
    horizon = now_ms - _life_ms(kept_days_at(state, now_ms))
    before = min(now_ms - _life_ms(state.kept_before_days), state.kept_changed_ms + LAG_MS)
    asleep = now_ms + LAG_MS if _slept(state, now_ms) else 0
    return max(horizon, before, state.awake_since_ms, asleep)


def is_to_be_rewritten(state: ReaderState | None, now_ms: int) -> bool:
    """Whether a read now is a reason to write STATE."""
    return state is None or now_ms - state.rate_at_ms >= REWRITTEN_EVERY_MS or _slept(state, now_ms)


def state_after_reads(state: ReaderState | None, now_ms: int, *, reads: int = 1) -> ReaderState:
    """STATE once so many reads have happened since it was written, the last one now."""
    known = first_state(now_ms) if state is None else state
    now_ms = max(now_ms, known.rate_at_ms)
    rate = rate_after(_rate(known), now_ms, half_life_days=READ_HALF_LIFE_DAYS, events=reads)
    per_day = round(float(rate.per_day), 6)
    faded = kept_days_at(known, now_ms + LAG_MS)  # as writers will go on to believe for a while
    kept = max(_days(per_day), kept_days_at(replace(known, reads_per_day=per_day, rate_at_ms=now_ms), now_ms))
    after = replace(
        known,
        reads_per_day=per_day,
        rate_at_ms=now_ms,
        last_read_ms=now_ms,
        kept_days=kept,
        awake_since_ms=now_ms + LAG_MS if _slept(known, now_ms) else known.awake_since_ms,
    )
    if kept <= faded:
        return after
    is_over = known.kept_changed_ms + LAG_MS <= now_ms - _life_ms(kept_days_at(known, now_ms))
    before = faded if is_over else min(faded, known.kept_before_days)
    return replace(after, kept_before_days=before, kept_changed_ms=now_ms)


def _slept(state: ReaderState, now_ms: int) -> bool:
    """Whether posts up to now, or as long as writers may lag behind, may not have been pushed."""
    return is_asleep(state.last_read_ms, now_ms + LAG_MS)


def _faded(state: ReaderState, at_ms: int) -> Rate:
    return rate_at(_rate(state), at_ms, half_life_days=READ_HALF_LIFE_DAYS)


def _rate(state: ReaderState) -> Rate:
    return Rate(state.reads_per_day, state.rate_at_ms)


def _days(reads_per_day: float) -> int:
    return int(base_days(reads_per_day))


def _life_ms(days: int) -> int:
    """Of the least relevant item."""
    return int(days * LEAST_FACTOR * DAY_MS)
