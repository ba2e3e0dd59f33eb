"""Edges of dormant accounts leave the table for object storage, a bounded step at a time.

    begin     the archive's item, then the account's flag, by which every process knows     `accounts.dormancy`
    wait      until no process can have an older card of the account                        ARCHIVE_GRACE_SECONDS
    write     a stretch of edges into a segment, read back, then known of                   `graph.archive_segments`
    move      the segment's rows out of the table, each with its mirror checked             `graph.archive_moves`
    done      archived, until somebody needs it                                             `graph.archive_return`

Killed anywhere it goes on with what is known: a segment that is known of and not moved is moved, else the next is written.
"""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone

from accounts.dormancy import archive_state_set, dormant_ids, ids_in_archive
from accounts.entities import ArchiveState
from accounts.selectors import profiles_by_ids
from config.dynamodb import Update
from config.entities import UserId
from config.ids import next_id
from config.metrics import ARCHIVE_ROWS_MOVED
from graph import archive_moves, archive_repository, archive_segments
from graph.archive_entities import Archive
from graph.heat_repository import heat_get
from graph.keys import FIRST_SHARD

logger = structlog.get_logger()

SEGMENT_ROWS: Final = 10_000
ACCOUNTS_A_STEP: Final = 100
TO_BEGIN: Final = (ArchiveState.HERE, ArchiveState.ARCHIVING)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step has done. `wait_seconds`: before the next one can do anything."""

    done: bool
    rows: int = 0
    wait_seconds: float = 0


def archive_begin(*, user_id: UserId, seen_before: date | None = None) -> bool:
    """Mark an account whose edges are to go; False if it was seen since, or its edges are away or on their way back.

    Cost: 1 read and 2 write units, one SQL update.
    Idempotent: by the account.
    """
    archive = archive_repository.archive_get(user_id)
    if archive is None:
        archive = Archive(user_id, next_id())
        if not archive_repository.archive_put(archive):
            return False
    if archive.state is ArchiveState.ARCHIVED:
        archive_state_set(user_id=user_id, state=ArchiveState.ARCHIVED, only_from=TO_BEGIN)
    if archive.state is not ArchiveState.ARCHIVING:
        return False
    if archive.flagged_at_ms is not None:
        return True
    flagged = archive_state_set(
        user_id=user_id, state=ArchiveState.ARCHIVING, only_from=TO_BEGIN, seen_before=seen_before
    )
    if not flagged:
        archive_repository.archive_delete(archive, [])
        archive_state_set(user_id=user_id, state=ArchiveState.HERE, only_from=(ArchiveState.ARCHIVING,))
        return False
    known = Update(set={"flagged_at_ms": time.time_ns() // 1_000_000})
    return archive_repository.archive_change(archive, known, ArchiveState.ARCHIVING)


def archive_step(*, user_id: UserId, segment_rows: int = SEGMENT_ROWS) -> Step:
    """Go on with an account that is marked: write a segment, or move one.

    Cost: for a segment of 10,000 rows up to 1,000 read units; 7 write units an out-edge and 5 an in-edge.
    Idempotent: by what is known of the archive.
    Raises: SegmentLost, ArchiveAway.
    """
    archive = archive_repository.archive_get(user_id)
    if archive is None or archive.state is not ArchiveState.ARCHIVING or archive.flagged_at_ms is None:
        return Step(done=True)
    left = archive.flagged_at_ms / 1000 + settings.ARCHIVE_GRACE_SECONDS - time.time()
    if left > 0:
        return Step(done=False, wait_seconds=left)
    card = profiles_by_ids([user_id]).get(user_id)
    if card is None or not card.is_archived:
        if archive.segments == 0:
            archive_repository.archive_delete(archive, [])  # marked by nobody who knows: nothing is away
        return Step(done=True)
    for segment in archive_repository.segments_of(archive):
        if not segment.moved:
            items = archive_segments.segment_read(segment)
            try:
                moved = archive_moves.edges_take_away(archive, card.handle, items)
            except archive_moves.Overtaken:
                return Step(done=True)
            ARCHIVE_ROWS_MOVED.labels("away").inc(moved)
            archive_repository.segment_moved(archive, segment)
            return Step(done=False, rows=moved)
    return _next_segment(archive, segment_rows)


def dormant_before(days: int | None = None) -> date:
    """Who was last seen before this day is dormant."""
    return timezone.now().date() - timedelta(days=settings.ARCHIVE_AFTER_DAYS if days is None else days)


def dormant_accounts(*, seen_before: date, after: UserId, limit: int = ACCOUNTS_A_STEP) -> list[UserId]:
    """Accounts to archive, above an id: dormant ones, and those that a step was broken off at.

    Cost: two SQL queries.
    """
    fetched_before = timezone.now().date() - timedelta(days=settings.ARCHIVE_REST_DAYS)
    dormant = dormant_ids(seen_before=seen_before, fetched_before=fetched_before, after=after, limit=limit)
    begun = ids_in_archive([ArchiveState.ARCHIVING], after=after, limit=limit)
    return sorted({*dormant, *begun})[:limit]


def _next_segment(archive: Archive, segment_rows: int) -> Step:
    items, after = archive_moves.edges_read(archive, limit=segment_rows)
    stage = archive.stage if after is not None else archive.stage + 1
    if items:
        segment = archive_segments.segment_write(archive, items)
        known = archive_repository.segment_put(archive, segment, stage=stage, after=after)
        logger.info(
            "archive_segment", user_id=archive.user_id, name=segment.name, rows=segment.rows, known=known
        )
        return Step(done=not known)
    shards = heat_get(archive.user_id, consistent=True).shards
    if after is not None or stage <= FIRST_SHARD + shards:
        return Step(done=not archive_repository.stretch_passed(archive, stage=stage, after=after))
    done = Update(set={"state": str(ArchiveState.ARCHIVED)})
    if archive_repository.archive_change(archive, done, ArchiveState.ARCHIVING):
        archive_state_set(
            user_id=archive.user_id, state=ArchiveState.ARCHIVED, only_from=(ArchiveState.ARCHIVING,)
        )
        logger.info(
            "archived",
            user_id=archive.user_id,
            rows=archive.rows,
            bytes=archive.bytes,
            segments=archive.segments,
        )
    return Step(done=True)
