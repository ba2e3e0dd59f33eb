"""Tasks for test_celery: loaded by the worker that it starts. Without a route they go to `default`."""

import os
import time

import structlog
from celery import shared_task
from django_redis import get_redis_connection

from config.deliveries import when_given_up

logger = structlog.get_logger()


def runs_key(probe: str) -> str:
    """Where a probe counts how often it ran."""
    return f"probe:{probe}"


@shared_task(name="tests.probe")
def probe(probe_id: str) -> None:
    """Say under which request it runs, and count that it ran."""
    logger.info("probe_ran", probe=probe_id)
    get_redis_connection("default").incr(runs_key(probe_id))


@shared_task(name="tests.die_once")
def die_once(probe_id: str) -> None:
    """Count, and at the first time be killed in the middle of the work."""
    if get_redis_connection("default").incr(runs_key(probe_id)) == 1:
        os.kill(os.getpid(), 9)


@shared_task(name="tests.take_long")
def take_long(probe_id: str, seconds: float) -> None:
    """Count, say so, work at it, count that it is done."""
    get_redis_connection("default").incr(runs_key(probe_id))
    logger.info("takes_long", probe=probe_id)
    time.sleep(seconds)
    get_redis_connection("default").incr(runs_key(f"{probe_id}-done"))


@shared_task(name="tests.fail_often")
def fail_often(probe_id: str) -> None:
    """Fail five times, once by being killed; then it can be done."""
    run = get_redis_connection("default").incr(runs_key(probe_id))
    if run == 2:
        os.kill(os.getpid(), 9)
    if run <= 5:
        message = f"not at run {run}"
        raise ValueError(message)


@when_given_up("tests.fail_often")
def fail_often_given_up(probe_id: str) -> None:
    """Count that."""
    get_redis_connection("default").incr(runs_key(f"{probe_id}-given-up"))
