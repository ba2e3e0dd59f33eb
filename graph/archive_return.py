"""Archived edges come back: at the first request of who owns them, or when somebody opens their lists.

    begin     the archive is returning: whoever is still taking edges away is refused from now on
    put       segment by segment, a transaction for each 48 edges; whose mirror is gone or another is not an edge any more
    end       all rows seen to: files go, then what is known of them, then the flag

The first edges come back in the request itself, the rest in a worker, whom the stream tells (`graph.archive_events`).
A segment that can't be read is named and stays as it is, and so does the archive; the others come back.
"""

from dataclasses import replace
from typing import Any, Final

import structlog
from django.dispatch import receiver

from accounts.dormancy import archive_state_set
from accounts.entities import ArchiveState
from accounts.selectors import profiles_by_ids
from accounts.signals import archived_account_seen
from config import cache
from config.dynamodb import Update
from config.entities import UserId
from config.errors import Unavailable
from config.metrics import ARCHIVE_LOST, ARCHIVE_ROWS_MOVED
from graph import archive_moves, archive_repository, archive_segments, by_handle
from graph.archive_entities import Archive, Fetching, Segment
from graph.errors import SegmentLost

logger = structlog.get_logger()

INLINE: Final = 1_000
IN_A_TASK: Final = 5_000
CLAIM_KIND: Final = "archive_return"
CLAIM_SECONDS: Final = 15
"""Of many requests for one account one works; the next after so long, should worker or stream be away."""
GONE: Final = (ArchiveState.ARCHIVED, ArchiveState.RETURNING)
AWAY: Final = (ArchiveState.ARCHIVING, *GONE)


def return_some(*, user_id: UserId, limit: int | None = None) -> bool:
    """Bring back so many more of an account's edges; whether all are back that can be read.

    Cost: 5 write units an edge.
    Idempotent: by edge, and by how far each segment has come.
    Raises: SegmentLost after all the others are back, ArchiveAway.
    """
    limit = INLINE if limit is None else limit
    archive = archive_repository.archive_get(user_id)
    if archive is None:
        # Not from ARCHIVING: that may be a run that has begun since.
        archive_state_set(user_id=user_id, state=ArchiveState.HERE, only_from=GONE)
        return True
    if archive.state is not ArchiveState.RETURNING:
        begun = Update(set={"state": str(ArchiveState.RETURNING)})
        archive_state_set(user_id=user_id, state=ArchiveState.RETURNING, only_from=AWAY)
        archive_repository.archive_change(archive, begun, *AWAY)
        archive = replace(archive, state=ArchiveState.RETURNING)
    segments = archive_repository.segments_of(archive)
    lost: list[SegmentLost] = []
    for segment in segments:
        if limit <= 0:
            return False
        try:
            limit -= _segment_return(archive, segment, limit)
        except SegmentLost as error:
            lost.append(error)
    if limit <= 0 and not _all_back(archive):
        return False
    if lost:
        _tell_lost(archive, lost)
        raise lost[0]
    _end(archive, segments)
    return True


def _segment_return(archive: Archive, segment: Segment, limit: int) -> int:
    """Some rows of a segment; how many were looked at."""
    if segment.back >= segment.rows:
        return 0
    handle = profiles_by_ids([archive.user_id])[archive.user_id].handle
    items = archive_segments.segment_read(segment)[segment.back :][:limit]
    looked_at = 0
    for start in range(0, len(items), archive_moves.CHUNK):
        chunk = items[start : start + archive_moves.CHUNK]
        back = archive_moves.edges_put_back(archive, handle, chunk)
        ARCHIVE_ROWS_MOVED.labels("back").inc(back)
        archive_repository.segment_back(archive, segment, back=segment.back + len(chunk))
        segment = replace(segment, back=segment.back + len(chunk))
        looked_at += len(chunk)
    return looked_at


def _all_back(archive: Archive) -> bool:
    return all(segment.back >= segment.rows for segment in archive_repository.segments_of(archive))


def _end(archive: Archive, segments: list[Segment]) -> None:
    archive_segments.segments_purge(archive.user_id)
    archive_repository.archive_delete(archive, segments)
    archive_state_set(user_id=archive.user_id, state=ArchiveState.HERE, only_from=(ArchiveState.RETURNING,))
    by_handle.LISTS.forget(archive.user_id)
    logger.info("archive_returned", user_id=archive.user_id, rows=archive.rows)


def _tell_lost(archive: Archive, lost: list[SegmentLost]) -> None:
    names = [str(error.data["segment"]) for error in lost]
    archive_repository.archive_change(archive, Update(set={"lost": names}), ArchiveState.RETURNING)
    ARCHIVE_LOST.inc(len(lost))
    for error in lost:
        logger.error("archive_segment_lost", user_id=archive.user_id, **error.data)


def edges_wanted(*, user_id: UserId) -> Fetching | None:
    """Bring an account's edges back as far as one request may; how far it is then, None if all are back.

    A storage or a database that does not answer is no reason to refuse what else the request wants: it is logged.

    Cost: as `return_some`, once in CLAIM_SECONDS; else 1 read unit.
    """
    if cache.claim(CLAIM_KIND, user_id, ttl_seconds=CLAIM_SECONDS, without=True):
        try:
            if return_some(user_id=user_id):
                cache.delete(CLAIM_KIND, user_id)
                return None
        except Unavailable as error:
            logger.warning("archive_return_failed", user_id=user_id, error=str(error))
    return fetching_of(user_id)


def edges_are_coming(user_id: UserId, *, or_lost: bool = False) -> bool:
    """Whether work that needs all of an account's edges should wait for them; for lost ones only if it can't do without.

    Cost: the cached card; for an archived account as `edges_wanted`.
    """
    card = profiles_by_ids([user_id]).get(user_id)
    if card is None or not card.is_archived:
        return False
    found = edges_wanted(user_id=user_id)
    return found is not None and (or_lost or not found.lost)


def fetching_of(user_id: UserId) -> Fetching | None:
    """How far an account's return is; None if there is nothing to bring back.

    Cost: 1 read unit.
    Raises: Unavailable.
    """
    archive = archive_repository.archive_get(user_id)
    if archive is None:
        return None
    return Fetching(archive.back, archive.rows, lost=bool(archive.lost))


@receiver(archived_account_seen)
def come_back(user_id: UserId, **_: Any) -> None:
    """Somebody whose edges are archived is here again."""
    try:
        edges_wanted(user_id=user_id)
    except Unavailable as error:
        logger.warning("archive_return_failed", user_id=user_id, error=str(error))
