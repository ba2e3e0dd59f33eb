"""Tasks for test_celery: loaded by the worker that it starts. Without a route they go to `default`."""

import os

import structlog
from celery import shared_task
from django_redis import get_redis_connection

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
