"""A task whose message is lost between the queue and a worker is queued again; one that is done is not."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from celery import shared_task
from django.conf import settings
from redis import Redis

from config.celery import app
from config.task_ledger import LOOKED_FOR_AFTER_SECONDS, SHORT_QUEUE, TASKS, TIMES, LostTasks, task_done

NAME = "tests.noted"
QUEUE = "default"


@shared_task(name=NAME)
def noted(_number: int) -> None:
    """Nothing: what is looked at is its message."""


@pytest.fixture
def broker() -> Iterator["Redis[bytes]"]:
    with Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.fixture
def lost() -> LostTasks:
    return LostTasks()


def grow_old(broker: "Redis[bytes]", task_id: str) -> None:
    """It should have come to a worker by now."""
    broker.zadd(TIMES, {task_id: time.time() - LOOKED_FOR_AFTER_SECONDS - 1})


def sent(broker: "Redis[bytes]") -> str:
    """A task that was queued and never came to a worker that lives."""
    task_id = noted.apply_async((7,), task_id=str(uuid4())).id
    assert broker.rpop(QUEUE)
    return str(task_id)


def looks(lost: LostTasks) -> list[int]:
    """What two looks in a row have queued again."""
    return [lost.look(), lost.look()]


def test_what_is_lost_on_its_way_to_a_worker_is_queued_again(broker: "Redis[bytes]", lost: LostTasks) -> None:
    task_id = sent(broker)
    assert looks(lost) == [0, 0], "it may be on its way"
    grow_old(broker, task_id)
    assert looks(lost) == [0, 1]
    message = broker.rpop(QUEUE)
    assert message is not None
    assert task_id.encode() in message
    assert NAME.encode() in message
    assert looks(lost) == [0, 0], "it counts as new"


def test_what_is_done_is_not_and_leaves_nothing(broker: "Redis[bytes]", lost: LostTasks) -> None:
    task_id = sent(broker)
    grow_old(broker, task_id)
    task_done(task_id)
    assert looks(lost) == [0, 0]
    assert broker.exists(TIMES, TASKS) == 0


def test_what_waits_is_not(broker: "Redis[bytes]", lost: LostTasks) -> None:
    task_id = str(noted.apply_async((7,), task_id=str(uuid4())).id)
    grow_old(broker, task_id)
    assert looks(lost) == [0, 0]
    assert broker.llen(QUEUE) == 1


def test_what_may_still_wait_in_a_long_queue_is_not(broker: "Redis[bytes]", lost: LostTasks) -> None:
    task_id = sent(broker)
    grow_old(broker, task_id)
    broker.lpush(QUEUE, *[b"{}"] * (SHORT_QUEUE + 1))
    assert looks(lost) == [0, 0]
    broker.rpop(QUEUE)
    assert looks(lost) == [0, 1]


def test_what_a_worker_has_is_not(broker: "Redis[bytes]", lost: LostTasks) -> None:
    task_id = str(noted.apply_async((7,), task_id=str(uuid4())).id)
    grow_old(broker, task_id)
    with app.connection_for_read() as connection:
        taken = connection.SimpleQueue(QUEUE).get(timeout=5)
        assert broker.llen(QUEUE) == 0
        assert looks(lost) == [0, 0]
        taken.ack()
        assert looks(lost) == [0, 1]


def test_a_task_by_the_worker_is_struck_out(broker: "Redis[bytes]") -> None:
    task_id = sent(broker)
    noted.push_request(id=task_id, called_directly=False, is_eager=False)
    try:
        noted(7)
    finally:
        noted.pop_request()
    assert not broker.exists(TIMES, TASKS)
