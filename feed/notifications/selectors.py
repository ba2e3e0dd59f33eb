"""Reads of notifications: the page, how many are unread, what is wanted."""

from typing import Final

from config import cache
from config.cursors import decode, encode
from config.entities import Page, UserId
from feed.notifications import judging, live, repository
from feed.notifications.entities import Kind, Notice

CURSOR: Final = "feed.notifications"
PAGE_SIZE: Final = 20
ROUNDS_AT_MOST: Final = 5
"""Of lines looked at for one page: where so many in a row are hidden, the page is short and goes on."""
UNREAD_AT_MOST: Final = 20
UNREAD: Final = "unread"
UNREAD_SECONDS: Final = 60


def notices_page(reader_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Page[Notice]:
    """Notifications as the reader may see them now, the last first.

    Cost: 2 Queries, 0.5 read units for some 8 lines and 0.5; `judged`. Once more for what is hidden, at most five times.
    Consistency: eventual, a moment behind what is told.
    Raises: InvalidCursor.
    """
    before: int | None = decode(CURSOR, cursor) if cursor else None
    read_id = repository.state_get(reader_id).read_id
    shown: list[Notice] = []
    for _round in range(ROUNDS_AT_MOST):
        groups = repository.groups_below(reader_id, before=before, limit=limit + 1)
        more = len(groups) > limit
        for group, notice in zip(
            groups[:limit], judging.judged(reader_id, groups[:limit], read_id=read_id), strict=True
        ):
            before = group.newest_id
            if notice is not None:
                shown.append(notice)
            if len(shown) == limit:
                is_last = not more and group is groups[-1]
                return Page(shown, None if is_last else encode(CURSOR, before))
        if not more:
            return Page(shown, None)
    return Page(shown, encode(CURSOR, before))


def unread_count(reader_id: UserId) -> int:
    """How many lines the reader would find unread, at most UNREAD_AT_MOST.

    Cost: with the count cached 1 round trip to the cache. Else 0.5 and 0.5 read units for some 8 lines, and `judged`.
    Consistency: what happened since it was counted is counted at once; blocks, mutes and audiences within a minute.
    """
    stamp = live.stamps([reader_id])[reader_id][0]
    kept = cache.get(UNREAD, reader_id)
    if kept is not None and kept[0] == stamp:
        return int(kept[1])
    count = _unread(reader_id)
    cache.set(UNREAD, reader_id, [stamp, count], UNREAD_SECONDS)
    return count


def _unread(reader_id: UserId) -> int:
    read_id = repository.state_get(reader_id).read_id
    groups = repository.groups_above(reader_id, after=read_id, limit=UNREAD_AT_MOST)
    return judging.unread(judging.judged(reader_id, groups, read_id=read_id)) if groups else 0


def wanted_kinds(reader_id: UserId) -> set[Kind]:
    """What the reader wants to be told.

    Cost: 0.5 read units. Consistency: eventual.
    """
    off = repository.state_get(reader_id).off
    return {kind for kind in Kind if kind not in off}
