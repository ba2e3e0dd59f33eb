"""The daily sweep: dormant accounts are marked and queued, a task a step, so that no task is long and each may be killed."""

from collections.abc import Callable, Sequence
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
Sums = Sequence[int]
"""Accounts, rows and bytes."""
QueueSweep = Callable[[UserId], object]
QueueStep = Callable[[UserId, float], object]


def dormant_sweep(
    *,
    after: UserId,
    again: QueueSweep,
    step: QueueStep,
    back: Callable[[UserId], object],
    measure: Callable[[], object],
) -> None:
    """Begin with some dormant accounts, and queue the rest; at the end returns that were broken off, and the measuring.

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
    measure()


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


def archive_measure(*, after: UserId, so_far: Sums, again: Callable[[UserId, Sums], object]) -> None:
    """Add up what some accounts have in the archive, and queue the rest; at the end the metric says it.

    Cost: one SQL query, 0.5 read units an archived account.
    """
    away = [state for state in ArchiveState if state is not ArchiveState.HERE]
    user_ids = ids_in_archive(away, after=after, limit=ASKED_AT_ONCE)
    if user_ids:
        found = archive_repository.archives_of(user_ids)
        accounts, rows, size = so_far
        rows += sum(archive.rows for archive in found)
        size += sum(archive.bytes for archive in found)
        again(user_ids[-1], [accounts + len(found), rows, size])
        return
    for what, number in zip(("accounts", "rows", "bytes"), so_far, strict=True):
        ARCHIVED.labels(what).set(number)
