"""Reads of home are counted, and fan-outs are told, with Redis and without."""

import time
from dataclasses import replace

import pytest

from config import cache
from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.dynamodb.retry import budget
from config.entities import UserId
from config.ids import next_id
from config.metrics import FEED_READS_NOT_NOTED
from feed import activity
from feed.activity import activity_among, read_note
from feed.activity_entities import Activity, ActivityClass, ReaderState
from feed.activity_repository import state_awake, state_put, states_get
from feed.watermarks import REWRITTEN_EVERY_MS, first_state, state_after_reads
from tests.faults.proxy import Fault, faulty_dynamodb, script
from tests.feed.factory import DAY_MS

pytestmark = pytest.mark.usefixtures("empty_cache")


def a_reader() -> UserId:
    return UserId(next_id())


def now() -> int:
    return time.time_ns() // 1_000_000


def stored(reader: UserId) -> ReaderState:
    return states_get([reader])[reader]


def kept(reader: UserId, **how: float) -> ReaderState:
    """STATE of an hour ago."""
    state = replace(first_state(now() - REWRITTEN_EVERY_MS), **how)
    assert state_put(reader, state, before=states_get([reader]).get(reader))
    return state


def test_the_first_read_is_noted_and_further_ones_of_the_hour_are_counted_only() -> None:
    reader = a_reader()
    with assert_units(read=0, write=1):
        read_note(reader, None)
    assert activity_among([reader])[reader].is_online
    with assert_dynamodb_calls(0):
        for _ in range(7):
            read_note(reader, first_state(now()))
    read_note(reader, kept(reader, reads_per_day=0.0))
    assert stored(reader).reads_per_day == pytest.approx(8 * 0.0990, abs=0.001), "seven and this one"
    read_note(reader, kept(reader, reads_per_day=0.0))
    assert stored(reader).reads_per_day == pytest.approx(0.0990, abs=0.001), "counted once"


def test_of_two_notes_of_the_same_hour_one_stands() -> None:
    reader = a_reader()
    before = kept(reader)
    first, second = (state_after_reads(before, now(), reads=reads) for reads in (1, 2))
    assert state_put(reader, first, before=before)
    assert not state_put(reader, second, before=before)
    assert stored(reader) == first


def test_a_page_of_readers_is_told_in_one_round_and_then_in_none() -> None:
    readers = [a_reader() for _ in range(230)]
    seldom = kept(readers[5], kept_days=2, last_read_ms=now() - 9 * DAY_MS)
    with assert_dynamodb_calls(3), assert_units(read=115):
        told = activity_among(readers)
    assert told[readers[5]] == Activity(2, seldom.last_read_ms)
    assert told[readers[6]] == Activity(14, 0)
    assert list(told) == readers
    with assert_dynamodb_calls(0):
        assert activity_among(readers) == told


def test_a_fill_does_not_take_the_place_of_a_read() -> None:
    reader = a_reader()
    read_note(reader, kept(reader, kept_days=1, reads_per_day=0.5))
    cache.add_many(activity.KIND, {reader: [1, 5]}, 60)
    assert activity_among([reader])[reader].kept_days == ActivityClass.WEEKLY


def test_without_redis_an_hours_reads_are_one_and_states_are_read(redis_stopped: None) -> None:
    reader = a_reader()
    read_note(reader, None)
    state = stored(reader)
    read_note(reader, state)
    assert stored(reader) == state
    assert activity_among([reader])[reader] == Activity(14, state.last_read_ms)


def test_a_note_that_cannot_be_written_fails_nobodys_read() -> None:
    reader = a_reader()
    missed = FEED_READS_NOT_NOTED._value.get()
    budget.tokens = 0.0
    with faulty_dynamodb(script(Fault.THROTTLE)):
        read_note(reader, None)
    budget.tokens = budget.capacity
    assert FEED_READS_NOT_NOTED._value.get() == missed + 1
    assert states_get([reader]) == {}
    read_note(reader, None)
    assert stored(reader)


def test_a_rebuilt_inbox_wakes_the_reader_of_that_return_only() -> None:
    reader = a_reader()
    read_note(reader, kept(reader, last_read_ms=now() - 40 * DAY_MS, kept_days=1))
    awake = stored(reader)
    assert awake.awake_since_ms > now()
    assert not state_awake(reader, since_ms=awake.awake_since_ms - 1)
    assert state_awake(reader, since_ms=awake.awake_since_ms)
    assert stored(reader) == replace(awake, awake_since_ms=0)
