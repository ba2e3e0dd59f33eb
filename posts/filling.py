"""Full pages of lists whose entries know nothing of who is looking: what is hidden is filled up from further down."""

from collections.abc import Callable
from typing import Final

from config.entities import PostId, UserId
from posts.entities import Post
from posts.selectors import posts_by_ids
from posts.visibility import visible_posts

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
) -> tuple[list[Post], int | None]:
    """A page as the viewer may see it, and the position of the last entry looked at for it; None at the end of the list.

    Cost: `read`, `posts_by_ids` and `visible_posts` a round, 1 round unless posts are hidden, at most 500 looked at.
    """
    shown: list[tuple[int, Post]] = []
    for _round in range(0, SCANNED_AT_MOST, limit):
        positions = read(after, limit + 1)
        more = len(positions) > limit
        by_id = {post_of(position): position for position in positions[:limit]}
        found = posts_by_ids(by_id)
        # Entries outlive an archived post by a moment, and its author may still see it.
        listed = [post for post_id in by_id if (post := found.get(post_id)) and post.is_listed]
        seen = visible_posts(viewer_id, listed)
        shown += [(by_id[post.id], post) for post in seen]
        if len(shown) > limit or (len(shown) == limit and more):
            return [post for _at, post in shown[:limit]], shown[limit - 1][0]
        after = positions[limit - 1] if more else None
        if after is None:
            break
    return [post for _at, post in shown], after
