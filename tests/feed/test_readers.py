"""The record of a reader: what it holds, what it costs, and that the stream keeps it."""

from collections.abc import Callable

import pytest

from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.entities import UserId
from config.ids import next_id
from feed import readers, repository
from feed.activity_repository import state_put
from feed.fingerprints import fingerprint
from feed.readers import reader_record
from feed.watermarks import state_after_reads
from graph.services import follow_delete
from tests.feed.factory import a_person
from tests.graph.factory import follows, id_of

Settle = Callable[[], None]


def some_ids(count: int) -> list[UserId]:
    return [UserId(next_id()) for _ in range(count)]


def test_one_query_gives_all_that_is_kept_of_a_reader() -> None:
    reader, star = some_ids(2)
    followees = some_ids(5_000)
    readers.followees_add(reader, followees)
    readers.rebuild_ask(reader, at_ms=7, lacking=True)
    readers.rebuild_done(reader, at_ms=7)
    state = state_after_reads(None, 1_000_000)
    state_put(reader, state, before=None)
    repository.pulls_add(reader, [star, *followees[:99]], version=3)
    with assert_dynamodb_calls(1), assert_units(read=3.0):
        record = reader_record(reader)
    assert star in record.pulls.authors
    assert record.pulls.version == 3
    assert record.state == state
    assert record.followees.are_complete
    assert record.followees.marks == {fingerprint(followee) for followee in followees}
    assert star not in record.followees


def test_of_a_reader_without_a_record_nothing_is_known() -> None:
    (reader,) = some_ids(1)
    record = reader_record(reader)
    assert not record.followees.are_complete
    assert record.state is None
    assert record.pulls.authors == frozenset()


def test_taking_a_followee_is_one_unit_twice_and_makes_no_item() -> None:
    reader, one, other = some_ids(3)
    readers.followee_take(reader, one)
    assert reader_record(reader).followees.marks == frozenset()
    with assert_units(write=2):
        for _ in range(2):
            readers.followees_add(reader, [one])
    readers.followees_add(reader, [other])
    for _ in range(2):
        readers.followee_take(reader, one)
    followees = reader_record(reader).followees
    assert one not in followees
    assert other in followees


@pytest.mark.django_db
def test_follows_and_their_ends_are_noted_a_stream_hop_later(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    settle()
    assert id_of(ana) in reader_record(id_of(bob)).followees
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    settle()
    assert id_of(ana) not in reader_record(id_of(bob)).followees
