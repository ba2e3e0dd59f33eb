"""What a wiped broker held is queued again: consumers go back to where tasks have long been done."""

from dataclasses import replace

import pytest
from django.conf import settings
from redis import Redis

from config.dynamodb import Update, update_item
from config.streams import broker_life
from config.streams.broker_life import SETTLED_AFTER_MS, lease_at, lease_back
from config.streams.leases import Lease, leases_of
from config.streams.shards import FINISHED
from config.streams.tables import LEASES
from tests.config.streams.support import Listener, a_name, consuming, eventually, write
from tests.config.streams.tables import NOTES


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_life, "LOOKED_EVERY_SECONDS", 0.05)


def wipe_broker() -> None:
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.flushall()


def lease_of(group: str) -> Lease:
    (lease,) = leases_of(group, NOTES)
    return lease


def test_what_was_handled_lately_is_handled_again_once_the_broker_was_wiped() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    with consuming(listener.handlers, group):
        write(NOTES, pk, 1, 2)
        eventually(lambda: listener.heard == [1, 2] and lease_of(group).life)
        wipe_broker()
        eventually(lambda: len(listener.heard) >= 4)
        write(NOTES, pk, 3)
        eventually(lambda: len(listener.heard) >= 5)
    assert listener.heard == [1, 2, 1, 2, 3]


def test_whoever_comes_after_the_wipe_goes_back_too_even_into_a_shard_that_was_finished() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    with consuming(listener.handlers, group):
        write(NOTES, pk, 1)
        eventually(lambda: listener.heard == [1] and lease_of(group).life)
    lease = lease_of(group)
    update_item(LEASES, {"pk": lease.pk, "sk": lease.sk}, Update(set={"checkpoint": FINISHED}))
    wipe_broker()
    with consuming(listener.handlers, group):
        eventually(lambda: len(listener.heard) >= 2)
    assert listener.heard == [1, 1]


def test_a_broker_that_keeps_what_it_has_makes_nobody_go_back() -> None:
    pk, group = a_name(), a_name("g")
    listener = Listener(pk).listen(NOTES)
    for number in (1, 2):
        with consuming(listener.handlers, group):
            write(NOTES, pk, number)
            eventually(lambda number=number: number in listener.heard and lease_of(group).life)
    assert listener.heard == [1, 2]


def test_one_goes_back_as_far_as_tasks_may_still_wait() -> None:
    began = Lease("g#t", "s", "s", "arn", "me", 1, 1, "5", "", 0, 0)
    lease = lease_at(began, "9", life="A", now_ms=0)
    assert (lease.life, lease.settled, lease_back(lease, "B", 1).checkpoint) == ("A", "5", "5")
    lease = lease_at(lease, "20", life="A", now_ms=SETTLED_AFTER_MS - 1)
    assert lease.settled == "5"
    lease = lease_at(lease, "30", life="A", now_ms=SETTLED_AFTER_MS)
    assert (lease.settled, lease.settling) == ("5", "30"), "the first mark was where it began"
    lease = lease_at(lease, "40", life="A", now_ms=2 * SETTLED_AFTER_MS)
    assert lease.settled == "30"
    back = lease_back(lease, "B", 2 * SETTLED_AFTER_MS)
    assert (back.life, back.checkpoint) == ("B", "30")
    assert lease_at(back, "31", life="B", now_ms=3 * SETTLED_AFTER_MS - 1).settled == "30"


def test_a_lease_of_an_earlier_release_is_taken_over_where_it_is() -> None:
    old = Lease("g#t", "s", "s", "arn", "me", 1, 1, "5", "", 0, 0)
    assert lease_back(old, "A", 1).checkpoint == "5"
    assert replace(old, life="A").life == "A"
    assert not broker_life.is_of_another_life(old, "A")
