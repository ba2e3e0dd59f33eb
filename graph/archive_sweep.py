"""The daily sweep: dormant accounts are marked and queued, a task a step, so that no task is long and each may be killed."""

from collections.abc import Callable
from typing import Final

import structlog

from accounts.dormancy import ids_in_archive
from accounts.entities import ArchiveState
from config.entities import UserId
from config.metrics import ARCHIVED
from graph import archive_repository
from graph.archive import archive_begin, archive_step, dormant_accounts, dormant_before
from graph.archive_return import IN_A_TASK, return_some
from graph.errors import ArchiveAway, SegmentLost

logger = structlog.get_logger()

ASKED_AT_ONCE: Final = 1_000
LONGEST_WAIT_SECONDS: Final = 45
"""Below the time after which a waiting task is given to another worker as well."""
QueueSweep = Callable[[UserId], object]
QueueStep = Callable[[UserId, float], object]


def dormant_sweep(
    *, after: UserId, again: QueueSweep, step: QueueStep, back: Callable[[UserId], object]
) -> None:
    """Begin with some dormant accounts, and queue the rest; at the end returns that were broken off, and the metric.

    Idempotent: by account; who is marked already is queued again, which finds its place.
    """
    seen_before = dormant_before()
    user_ids = dormant_accounts(seen_before=seen_before, after=after)
    for user_id in user_ids:
        if archive_begin(user_id=user_id, seen_before=seen_before):
            step(user_id, 0)
    if user_ids:
        again(user_ids[-1])
        return
    for user_id in ids_in_archive([ArchiveState.RETURNING], after=UserId(0), limit=ASKED_AT_ONCE):
        back(user_id)
    archive_publish()


def archive_go_on(*, user_id: UserId, again: QueueStep) -> None:
    """One step of one account, and queue the next. What a storage that is away has stopped, tomorrow's sweep takes up.

    Idempotent: by what is known of the archive.
    """
    try:
        done = archive_step(user_id=user_id)
    except (SegmentLost, ArchiveAway) as error:
        logger.error("archive_stopped", user_id=user_id, error=str(error))  # noqa: TRY400  # it says all
        return
    if not done.done:
        again(user_id, min(done.wait_seconds, LONGEST_WAIT_SECONDS))


def return_go_on(*, user_id: UserId, again: Callable[[UserId], object]) -> None:
    """Bring some edges back, and queue the rest.

    Idempotent: by edge.
    """
    try:
        done = return_some(user_id=user_id, limit=IN_A_TASK)
    except (SegmentLost, ArchiveAway) as error:
        logger.error("archive_return_stopped", user_id=user_id, error=str(error))  # noqa: TRY400  # it says all
        return
    if not done:
        again(user_id)


def archive_publish() -> None:
    """Let the metric say how much is archived.

    Cost: 0.5 read units an archived account.
    """
    accounts, rows, size, after = 0, 0, 0, UserId(0)
    away = [state for state in ArchiveState if state is not ArchiveState.HERE]
    while user_ids := ids_in_archive(away, after=after, limit=ASKED_AT_ONCE):
        after = user_ids[-1]
        for archive in archive_repository.archives_of(user_ids):
            accounts, rows, size = accounts + 1, rows + archive.rows, size + archive.bytes
    ARCHIVED.labels("accounts").set(accounts)
    ARCHIVED.labels("rows").set(rows)
    ARCHIVED.labels("bytes").set(size)
