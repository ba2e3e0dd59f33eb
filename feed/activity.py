"""How often readers come: noted when they read, asked by fan-outs for a page of readers at once.

    read of home's first page    counted in Redis; the first one of an hour writes STATE, with what was counted before
    fan-out                      Redis, an entry a reader, of half an hour at the most; misses by BatchGet of STATE

An entry: days kept, last read by STATE (0 while none is known of), and when the reader was last seen here.

With `feed.watermarks` what a writer knows may be LAG old, twice an entry's life. Redis wiped or away: reads of an hour
count as one, nobody is on-line, and each page of a fan-out reads its readers' STATE.
"""

import time
from collections.abc import Iterable
from typing import Final

from config import cache
from config.entities import UserId
from config.errors import Unavailable
from config.metrics import FEED_READS_NOT_NOTED
from feed.activity_entities import Activity, ReaderState
from feed.activity_repository import state_put, states_get
from feed.watermarks import is_to_be_rewritten, kept_days_at, state_after_reads

KIND: Final = "activity"
KEPT_SECONDS: Final = 1_800
ONLINE_SECONDS: Final = 600
"""Who read so lately is on-line: the next read is likely to come at any moment."""
ONLINE_AGAIN_SECONDS: Final = 60
READS: Final = "activity_reads"
READS_SECONDS: Final = 86_400
PEOPLE_AT_MOST: Final = 20_000

# When this process last told Redis that a reader is on-line, so that nearly every read is one round trip.
_told: dict[UserId, float] = {}


def read_note(reader_id: UserId, state: ReaderState | None) -> None:
    """A reader has opened home; `state` is what their record says. It may run beside other reads of the page.

    Fail-open: what can't be written now is written at a later read; counted in `roost_feed_reads_not_noted`.

    Cost: 1 round trip to Redis, once a minute 2. Once an hour 1 more to DynamoDB, 1 write unit.
    """
    now_ms = time.time_ns() // 1_000_000
    if not is_to_be_rewritten(state, now_ms):
        if not _is_told(reader_id):
            _tell(reader_id, state, now_ms)
        cache.count_up(READS, reader_id, ttl_seconds=READS_SECONDS)
        return
    counted = cache.get(READS, reader_id) or 0
    after = state_after_reads(state, now_ms, reads=1 + counted)
    _tell(reader_id, after, now_ms)  # what it grants beyond STATE, should that not be written, hides nothing
    try:
        is_noted = state_put(reader_id, after, before=state)
    except Unavailable:
        FEED_READS_NOT_NOTED.inc()
        return
    if is_noted:
        cache.delete(READS, reader_id)


def activity_among(reader_ids: Iterable[UserId]) -> dict[UserId, Activity]:
    """Of each of these readers what is known; of whom nothing is, they get the longest life and are not asleep.

    Cost: 1 round trip to Redis; 1 round and 0.5 read units for each who is not there. NOTE: not from within a read that
        is gathered.
    Consistency: half an hour behind at the most.
    """
    ids = list(dict.fromkeys(reader_ids))
    entries: dict[int, list[int]] = cache.get_many(KIND, ids)
    now_ms = time.time_ns() // 1_000_000
    if missing := [reader_id for reader_id in ids if reader_id not in entries]:
        states = states_get(missing)
        fetched = {int(reader_id): _entry(states.get(reader_id), now_ms) for reader_id in missing}
        cache.add_many(KIND, fetched, KEPT_SECONDS)
        entries |= fetched
    since_ms = now_ms - ONLINE_SECONDS * 1000
    return {reader_id: _activity(*entries[reader_id], since_ms=since_ms) for reader_id in ids}


def _activity(kept_days: int, last_read_ms: int, seen_ms: int = 0, *, since_ms: int) -> Activity:
    return Activity(kept_days, last_read_ms, seen_ms > since_ms)


def _is_told(reader_id: UserId) -> bool:
    return time.monotonic() - _told.get(reader_id, float("-inf")) < ONLINE_AGAIN_SECONDS


def _tell(reader_id: UserId, state: ReaderState | None, now_ms: int) -> None:
    if len(_told) >= PEOPLE_AT_MOST:
        _told.clear()
    _told[reader_id] = time.monotonic()
    cache.set(KIND, reader_id, _entry(state, now_ms, seen_ms=now_ms), KEPT_SECONDS)


def _entry(state: ReaderState | None, now_ms: int, *, seen_ms: int = 0) -> list[int]:
    return [kept_days_at(state, now_ms), state.last_read_ms if state else 0, seen_ms]
