"""Telling people of what happened, and taking it back; how far they have read, and what they want to be told."""

import time
from collections.abc import Collection, Sequence
from typing import Final

import structlog

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.errors import Unavailable
from config.ids import id_time_ms, next_id
from feed.notifications import live, repository
from feed.notifications.entities import Happening, Kind
from feed.notifications.groups import Group, Row, refilled, with_row, without_row
from feed.notifications.repository import GONE_SECONDS, Stored
from posts.muting import muted_by_among

logger = structlog.get_logger()

TRIES: Final = 10
"""Others who write to the same line at the same time go first; then the task comes again."""


def note(happening: Happening) -> bool:
    """Tell of something; False where it is told, taken back since, not wanted, or beyond what a line takes.

    Cost: 3 read units, 0.5 for what is about a post, 4 write units and 2 of the index.
    Idempotent: by line and source. In whatever order and however often it and its end are heard of, the one with the
        greater stamp stands, and of equal ones the end.
    Raises: Unavailable while too many write to the same line.
    """
    return _settle(happening, is_over=False)


def note_some(happenings: Sequence[Happening]) -> int:
    """Tell of several things, of any readers; of how many there was anything to tell.

    Cost: as `note` for each, but that 33 of them are looked up in one round trip.
    Idempotent, Raises: as `note`.
    """
    before = repository.stored_of_some(happenings)
    told = [
        _settle(each, is_over=False, before=found) for each, found in zip(happenings, before, strict=True)
    ]
    return sum(told)


def take_back(happening: Happening) -> bool:
    """What was told of is undone; False where that is known.

    Cost: 3 read units, 4 write units and 2 of the index; where it was not told of 2 write units, none if it began long ago. Of a line of more than ten
        that has lost five, 1 read unit for 30 in it.
    Idempotent, Raises: as `note`.
    """
    return _settle(happening, is_over=True)


def _settle(happening: Happening, *, is_over: bool, before: Stored | None = None) -> bool:
    known = before
    for _try in range(TRIES):
        before, known = known or repository.stored_of(happening), None
        if _is_settled(before, happening, is_over=is_over):
            return False
        row, group = _gone(before, happening) if is_over else _told(before, happening)
        if not repository.entry_put(happening, row, before, group):
            continue
        if group != before.group:
            live.changed(happening.reader_id)
            logger.info("notification", line=str(happening.line), reader_id=happening.reader_id, over=is_over)
        return True
    raise Unavailable


def _is_settled(before: Stored, happening: Happening, *, is_over: bool) -> bool:
    entry = before.entry
    if entry is not None:
        is_newer = entry.stamp > happening.stamp
        if is_newer or (entry.stamp == happening.stamp and (entry.is_gone or not is_over)):
            return True
    if entry is None and happening.reader_id not in profiles_by_ids([happening.reader_id]):
        return True  # whose account is gone reads nothing any more
    if is_over:
        return entry is None and is_long_ago(happening)
    return _is_unwanted(before, happening)


def is_long_ago(happening: Happening) -> bool:
    """It began longer ago than records come late: what is heard of it now was brought in from elsewhere, and is no news.

    Its end needs no remembering either: a post that a million liked goes without a million writes. What begins again with
    every edit is told and remembered.
    """
    is_begun_once = happening.stamp == happening.made_id
    return is_begun_once and is_old(happening.made_id)


def is_old(made_id: int) -> bool:
    """What has this id began longer ago than records come late."""
    return time.time() - id_time_ms(made_id) / 1000 > GONE_SECONDS


def _is_unwanted(before: Stored, happening: Happening) -> bool:
    if happening.kind in before.off or (before.group.is_full and _is_new(before)):
        return True
    post_id, reader_id = happening.post_id, happening.reader_id
    return post_id is not None and bool(muted_by_among(post_id, [reader_id]))


def _is_new(before: Stored) -> bool:
    return before.entry is None or before.entry.is_gone


def _told(before: Stored, happening: Happening) -> tuple[Row, Group]:
    row = Row(happening.source, happening.actor_id, next_id(), happening.root_id)
    # Done again before its end was heard of: the line stays as it is.
    return row, with_row(before.group, row) if _is_new(before) else before.group


def _gone(before: Stored, happening: Happening) -> tuple[None, Group]:
    if _is_new(before) or not before.group.count:  # nothing was told, or its line has run out
        return None, before.group
    group = without_row(before.group, happening.source)
    if group.needs_more:
        rows = repository.rows_of(happening.line)
        group = refilled(group, [row for row in rows if row.source != happening.source])
    return None, group


def author_forget(*, reader_id: UserId, author_id: UserId) -> bool:
    """Somebody follows the author no longer: nothing is left of what they were told of the author's posts.

    Cost: 2 Queries, 0.5 RU each where they were told nothing; 1 write unit an item. Idempotent: by reader and author.
    """
    cleared = repository.subject_clear(reader_id, Kind.POST, author_id)
    if cleared:
        live.changed(reader_id)
    return cleared > 0


def read_up_to(*, reader_id: UserId, noted_id: int) -> bool:
    """What was noted up to here is read, in all windows of the reader; False if it was.

    Cost: 1 write unit. Idempotent: by reader and id.
    """
    # An id of the future would silence the bell for ever.
    is_further = repository.read_put(reader_id, min(noted_id, next_id()))
    if is_further:
        live.changed(reader_id)
    return is_further


def wanted_kinds_put(*, reader_id: UserId, kinds: Collection[Kind]) -> None:
    """From now on tell of these kinds alone; what was told stays.

    Cost: 1 write unit. Idempotent: by reader.
    """
    repository.off_put(reader_id, [kind for kind in Kind if kind not in kinds])
    logger.info("notification_kinds", reader_id=reader_id, kinds=sorted(kinds))
