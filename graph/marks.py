"""Marks that a person puts on others for themselves: their lists, and who of many bears one. Writes: blocks, mutes, close_friends."""

import time
from typing import Final

from config.cursors import decode, encode
from config.entities import Page, UserId
from graph import mark_repository
from graph.mark_repository import Mark, Marked

PAGE_SIZE: Final = 20


def marks_page(
    owner_id: UserId, mark: Mark, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Marked]:
    """One page of a person's marks, newest first. Mutes that have ended are left out, so such a page may be short.

    Cost: 1 round trip, 0.5 read units for up to 25 rows; for mutes another one, 0.5 read units a row.
    Consistency: eventual.
    Raises: InvalidCursor.
    """
    kind = f"graph.{mark}.{owner_id}"
    after = None
    if cursor:
        mark_id, other_id = decode(kind, cursor)
        after = Marked(owner_id, other_id, mark_id)
    found, goes_on = mark_repository.marks_newest_first(mark, owner_id, after=after, limit=limit)
    next_cursor = encode(kind, [found[-1].id, found[-1].other_id]) if goes_on else None
    if mark is Mark.MUTE:
        # The index holds keys only: until when is in the table.
        read = mark_repository.marks_get(mark, [(owner_id, marked.other_id) for marked in found])
        found = [marked for marked in read if marked is not None and stands(marked)]
    return Page(found, next_cursor)


def stands(marked: Marked) -> bool:
    """Whether a mark has not come to its end."""
    return marked.until_ms is None or marked.until_ms > time.time_ns() // 1_000_000
