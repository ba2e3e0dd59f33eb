"""Tasks that must not be lost, written down in the broker from before they are queued until they are done.

Redis gives a message to a worker and forgets it; a moment later the worker writes down that it has it. Whoever is killed
between the two, worker or Redis, takes it along, and no redelivery brings it back:

    publisher   ledger ... queue
    worker                        takes ..... (killed here: gone) ..... notes ... works ......... ledger, acknowledges
    consumer                                                                   ... still in the ledger: queued again

It is queued again when two looks in a row find it neither waiting nor with a worker; a long queue is not searched, so what
belongs there waits until it has become short. A task that was done all the same runs twice, as tasks may. What beat starts
comes again by itself and is not written down. A broker that is no Redis keeps what it gives away, and there is no ledger.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import orjson
import structlog

from config.celery import app
from config.metrics import TASKS_LOST
from config.schedule import BEAT_SCHEDULE
from config.streams.outages import OUTAGES

logger = structlog.get_logger()

COME_AGAIN: Final = frozenset(entry["task"] for entry in BEAT_SCHEDULE.values())
"""Not written down."""
UNACKED: Final = "unacked"
"""Kombu's name for what the workers hold."""
TIMES: Final = "roost.ledger.times"
TASKS: Final = "roost.ledger.tasks"
SHORT_QUEUE: Final = 20
AT_ONCE: Final = 100
LOOKED_FOR_AFTER_SECONDS: Final = 4.0
"""Sooner it is on its way."""
MOST_HELD: Final = 5_000
"""With more than that in the workers' hands nothing is looked for."""


def task_note(task_id: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Write down a task that is about to be queued.

    Cost: 1 request to the broker. Idempotent: by task id. Raises: an outage without a broker.
    """
    with _redis() as redis:
        if redis is not None:
            pipeline = redis.pipeline()
            pipeline.hset(TASKS, task_id, orjson.dumps([name, list(args), dict(kwargs)]))
            pipeline.zadd(TIMES, {task_id: time.time()})
            pipeline.execute()


def task_done(task_id: str) -> None:
    """Strike out a task that has been done, or put aside.

    Fail-open: what stays in is done once more.

    Cost: 1 request to the broker. Idempotent: by task id.
    """
    try:
        with _redis() as redis:
            if redis is not None:
                pipeline = redis.pipeline()
                pipeline.zrem(TIMES, task_id)
                pipeline.hdel(TASKS, task_id)
                pipeline.execute()
    except OUTAGES as error:
        logger.warning("ledger_unreachable", task_id=task_id, error=repr(error))


class LostTasks:
    """Looks for them, again and again."""

    def __init__(self) -> None:
        self._suspects: set[bytes] = set()

    def look(self) -> int:
        """Queue again what was lost before the last look and still is; how many tasks.

        Cost: 1 request to the broker; 2 more and 1 a queue while tasks are older than some seconds.
        Idempotent: as tasks are; what is queued again counts as new. Raises: an outage without a broker.
        """
        with _redis() as redis:
            if redis is None:
                return 0
            before = time.time() - LOOKED_FOR_AFTER_SECONDS
            old = redis.zrangebyscore(TIMES, "-inf", before, start=0, num=AT_ONCE)
            missing = _missing(redis, dict(zip(old, redis.hmget(TASKS, old), strict=True))) if old else {}
        lost = {task_id: task for task_id, task in missing.items() if task_id in self._suspects}
        self._suspects = missing.keys() - lost.keys()
        for task_id, task in lost.items():
            _queue(task_id.decode(), *task)
        return len(lost)


def _missing(redis: Any, noted: Mapping[bytes, bytes | None]) -> dict[bytes, list[Any]]:
    """Those of these tasks that are nowhere: the queues are read first, for a task goes from there to a worker."""
    tasks: dict[str, dict[bytes, list[Any]]] = defaultdict(dict)
    for task_id, raw in noted.items():
        if raw is None:
            task_done(task_id.decode())
        else:
            task = orjson.loads(raw)
            tasks[app.amqp.router.route({}, task[0])["queue"].name][task_id] = task
    waiting = {queue: redis.lrange(queue, 0, SHORT_QUEUE) for queue in tasks}
    if redis.hlen(UNACKED) > MOST_HELD:
        return {}
    held = redis.hvals(UNACKED)
    return {
        task_id: task
        for queue, of_queue in tasks.items()
        if len(waiting[queue]) <= SHORT_QUEUE
        for task_id, task in of_queue.items()
        if not any(task_id in message for message in (*waiting[queue], *held))
    }


def _queue(task_id: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    task_note(task_id, name, args, kwargs)
    app.send_task(name, args, kwargs, task_id=task_id)
    TASKS_LOST.labels(name).inc()
    logger.error("task_lost", task=name, task_id=task_id)


@contextmanager
def _redis() -> Iterator[Any]:
    """The broker's client, None of a broker that is no Redis."""
    with app.connection_or_acquire() as connection:
        is_redis = connection.transport.driver_type == "redis"
        yield connection.default_channel.client if is_redis else None
