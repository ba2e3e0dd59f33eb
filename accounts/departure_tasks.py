"""The clean-up after departures, in the background. Arguments are ids; each task may run any number of times."""

import structlog
from celery import shared_task

from accounts.departure_runs import departure_run, departures_due, departures_measure
from config.entities import UserId

logger = structlog.get_logger()

SECONDS_A_TASK = 20.0
IDLE_SECONDS = 300
"""A clean-up that has not moved for so long lost its task with a broker, and is taken up again."""


@shared_task(name="accounts.departures_tend")
def departures_tend() -> None:
    """By the clock: begin what is due, take up what was lost, and count."""
    departures_measure()
    for user_id in departures_due(idle_seconds=IDLE_SECONDS):
        departure_clean.delay(user_id)


@shared_task(name="accounts.departure_clean")
def departure_clean(user_id: int) -> None:
    """Some pages of one clean-up, then a task for the rest."""
    if not departure_run(user_id=UserId(user_id), report=_log, seconds=SECONDS_A_TASK):
        departure_clean.delay(user_id)


def _log(line: str) -> None:
    logger.info("departure_page", page=line)
