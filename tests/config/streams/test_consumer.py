"""Consumers in threads, on a real engine."""

from dataclasses import replace

import pytest
from kombu.exceptions import OperationalError

from config.dynamodb import ConditionFailed, get_item, put_item
from config.streams import status
from config.streams.consumer import Consumer
from config.streams.leases import NOBODY, Lease, lease_open, lease_renew, lease_take, leases_of
from config.streams.shards import FINISHED, TRIM_HORIZON, Shard, shards_of, stream_arn
from config.streams.tables import LEASES
from tests.config.streams.support import Listener, Written, a_name, consuming, eventually, write
from tests.config.streams.tables import NOTES, SONGS, TALES

TABLES = (NOTES, SONGS, TALES)


def test_a_new_group_hears_what_was_written_before_it_began_in_order() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    write(NOTES, pk, *range(30))
    with consuming(listener.handlers, group):
        write(NOTES, pk, *range(30, 60))
        eventually(lambda: len(listener.heard) >= 60)
    assert listener.heard == list(range(60))


def test_the_next_consumer_goes_on_where_the_last_one_stopped() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    with consuming(listener.handlers, group):
        write(NOTES, pk, 1, 2)
        eventually(lambda: len(listener.heard) == 2)
    assert [lease.owner for lease in leases_of(group, NOTES)] == [NOBODY]
    write(NOTES, pk, 3)
    with consuming(listener.handlers, group):
        eventually(lambda: len(listener.heard) >= 3)
    assert listener.heard == [1, 2, 3]


def test_a_poisoned_record_does_not_stop_its_shard_and_an_outage_does() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    waits = []

    def fail(event: Written) -> None:
        if event.number == 1:
            raise ValueError("poison")
        if event.number == 2 and len(waits) < 3:
            waits.append(list(listener.heard))
            raise OperationalError("broker is away")

    listener.fail = fail
    with consuming(listener.handlers, group):
        write(NOTES, pk, 1, 2, 3)
        eventually(lambda: len(listener.heard) >= 2)
    assert listener.heard == [2, 3]
    assert waits == [[], [], []]


def test_two_consumers_share_the_shards_and_each_record_is_handled_once() -> None:
    pk, group = a_name(), a_name("g")
    first, second = (Listener(pk).listen(*TABLES) for _ in range(2))

    def owned_by(consumer: Consumer) -> int:
        leases = [lease for table in TABLES for lease in leases_of(group, table)]
        return sum(lease.owner == consumer.keeper.owner for lease in leases)

    with consuming(first.handlers, group) as one:
        eventually(lambda: owned_by(one) == 3)
        with consuming(second.handlers, group) as two:
            eventually(lambda: (owned_by(one), owned_by(two)) == (2, 1))
            for table in TABLES:
                write(table, pk, 1, 2, 3)
            eventually(lambda: len(first.heard) + len(second.heard) >= 9)
        eventually(lambda: owned_by(one) == 3)
    assert sorted(first.heard + second.heard) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert len(second.heard) == 3
    assert second.heard == [1, 2, 3]


def a_shard_of(name: str) -> Shard:
    arn = stream_arn(NOTES)
    assert arn is not None
    return Shard(arn, name, None, is_closed=False)


def test_a_fence_keeps_an_owner_out_that_has_been_asleep() -> None:
    group = a_name("g")
    lease_open(group, NOTES, a_shard_of("shard-1"))
    lease_open(group, NOTES, a_shard_of("shard-1"))  # again: nothing happens
    (free,) = leases_of(group, NOTES)
    assert (free.owner, free.checkpoint, free.fence) == (NOBODY, TRIM_HORIZON, 0)

    asleep = lease_take(free, "a")
    with pytest.raises(ConditionFailed):
        lease_take(free, "b")
    awake = lease_take(asleep, "b")
    assert awake.fence == asleep.fence + 1
    with pytest.raises(ConditionFailed):
        lease_renew(replace(asleep, checkpoint="000005"))
    renewed = lease_renew(replace(awake, checkpoint="000004", lag_ms=7))
    with pytest.raises(ConditionFailed):  # seen before its owner showed life
        lease_take(awake, "a")
    (now,) = leases_of(group, NOTES)
    assert now == renewed
    assert (now.owner, now.checkpoint, now.lag_ms) == ("b", "000004", 7)


def test_a_child_shard_begins_only_after_its_parent_is_finished(monkeypatch) -> None:
    """The engine's one shard, said to have a parent that is still kept; the parent is then finished by hand."""
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    arn = stream_arn(NOTES)
    assert arn is not None
    parent = a_shard_of("shardId-parent")
    family = [parent] + [Shard(arn, shard.id, parent.id, shard.is_closed) for shard in shards_of(arn)]
    lease_open(group, NOTES, parent)
    (lease,) = leases_of(group, NOTES)
    held = lease_take(lease, "another")
    monkeypatch.setattr("config.streams.keeper.shards_of", lambda arn: family)
    with consuming(listener.handlers, group) as consumer:
        write(NOTES, pk, 1)
        eventually(lambda: len(leases_of(group, NOTES)) == len(family))
        held = lease_renew(replace(held, checkpoint="000001"))
        assert consumer.keeper.readers == {}
        assert listener.heard == []
        lease_renew(replace(held, checkpoint=FINISHED))
        eventually(lambda: listener.heard == [1])


def test_a_consumer_waits_for_tables_that_are_not_there_yet(settings) -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    there = settings.TABLE_PREFIX
    settings.TABLE_PREFIX = "nowhere-"
    with consuming(listener.handlers, group) as consumer:
        eventually(lambda: NOTES.name in consumer.keeper._listed)
        settings.TABLE_PREFIX = there
        write(NOTES, pk, 1)
        eventually(lambda: listener.heard == [1])
        assert consumer.is_alive


def test_leases_say_how_the_consumer_is(monkeypatch) -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    monkeypatch.setattr(status, "handlers", listener.handlers)
    assert status.silent_tables(group=group) == [NOTES.name]
    with consuming(listener.handlers, group) as consumer:
        eventually(lambda: status.silent_tables(group=group) == [])
        (shard,) = status.shard_statuses(group=group)
        assert (shard.table, shard.owner) == (NOTES.name, consumer.keeper.owner)
        assert shard.silent_seconds < 30
    assert status.silent_tables(group=group) == [NOTES.name]


def test_a_lease_forgets_itself_a_week_after_its_last_renewal() -> None:
    group = a_name("g")
    lease_open(group, NOTES, a_shard_of("shard-1"))
    (lease,) = leases_of(group, NOTES)
    item = get_item(LEASES, {"pk": lease.pk, "sk": lease.sk})
    assert item is not None
    assert abs(item["ttl"] - lease.renewed_at_ms / 1000 - 7 * 86_400) < 2
    put_item(LEASES, item | {"ttl": 1})
    assert Lease.of(item | {"ttl": 1}) == lease
