"""Full pages of lists whose entries know nothing of who is looking: what is hidden is filled up from further down."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from config.dynamodb import gather
from config.entities import PostId, UserId
from posts.entities import Post
from posts.marks_beside import MarksBeside
from posts.selectors import posts_by_ids
from posts.visibility import seen_by_few, visible_posts

SCANNED_AT_MOST: Final = 500  # posts looked at for one page

Read = Callable[[int | None, int], list[int]]
"""Positions after one (None: from the top), at most so many, each post once."""


def filled(
    viewer_id: UserId | None,
    read: Read,
    *,
    after: int | None,
    limit: int,
    post_of: Callable[[int], PostId] = PostId,
    marks: MarksBeside | None = None,
) -> tuple[list[Post], int | None]:
    """A page as the viewer may see it, and the position of the last entry looked at for it; None at the end of the list.

    For each post that is not for everybody one more is looked at in the same round, up to half a page of them. `marks` are read
    beside what the viewer may see.

    Cost: `read`, `posts_by_ids` and `visible_posts` a round, 1 round unless posts are hidden, at most 500 looked at.
    """
    shown: list[tuple[int, Post]] = []
    for _round in range(0, SCANNED_AT_MOST, limit):
        positions = read(after, limit + limit // 2 + 1)
        by_id, listed = _looked_at(positions[: limit + limit // 2], limit, post_of)
        more = len(positions) > len(by_id)
        shown += [(by_id[post.id], post) for post in _seen(viewer_id, listed, marks)]
        if len(shown) > limit or (len(shown) == limit and more):
            return [post for _at, post in shown[:limit]], shown[limit - 1][0]
        after = positions[len(by_id) - 1] if more else None
        if after is None:
            break
    return [post for _at, post in shown], after


def _looked_at(
    positions: list[int], limit: int, post_of: Callable[[int], PostId]
) -> tuple[dict[PostId, int], list[Post]]:
    """The first of these: so many that `limit` are for everybody. All of them, and those that are posts of a list."""
    by_id: dict[PostId, int] = {}
    listed: list[Post] = []
    wanted = limit
    while wanted > 0 and (stretch := positions[len(by_id) : len(by_id) + wanted]):
        ids = {post_of(position): position for position in stretch}
        found = posts_by_ids(ids)
        # Entries outlive an archived post by a moment, and its author may still see it.
        there = [post for post_id in ids if (post := found.get(post_id)) and post.is_listed]
        by_id, listed = by_id | ids, listed + there
        wanted = seen_by_few(there)
    return by_id, listed


def _seen(viewer_id: UserId | None, listed: list[Post], marks: MarksBeside | None) -> list[Post]:
    if marks is None or viewer_id is None:
        return visible_posts(viewer_id, listed)
    reads: list[Callable[[], Any]] = [partial(visible_posts, viewer_id, listed), partial(marks.read, listed)]
    return list(gather(*reads)[0])
