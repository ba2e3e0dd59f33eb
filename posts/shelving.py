"""Where an author puts posts: into the archive, where they are the author's alone, and on top of the profile."""

import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import structlog

from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from config.errors import Unavailable
from posts import cache
from posts.entities import Post
from posts.errors import PostArchived, TooManyPins
from posts.months import months_to_write
from posts.own import own_post
from posts.repository import pins, shelves
from posts.selectors import post_by_id, posts_by_ids
from posts.visibility import visible_posts

logger = structlog.get_logger()
ARCHIVE_CURSOR = "posts.archive"
PINS_AT_MOST: Final = 3
TRIES: Final = 5


def post_archive(*, user_id: UserId, post_id: PostId, archived: bool) -> Post:
    """Put a post away, for its author alone to see, or back where it was. Likes and comments stay with it.

    Cost: 2 requests; 1 RU a 4 KB, 1 WU a KB + 2 WU index. Idempotent: by the post.
    Raises: PostNotFound, NotYours.
    """
    post = own_post(user_id, post_id)
    at_ms = time.time_ns() // 1_000_000 if archived else None
    with cache.in_doubt(post_id):
        new = shelves.set_archived(post, at_ms=at_ms, months=months_to_write(user_id))
    cache.mark_changed(post_id)  # in any case: the write may have been sent twice, done and then refused
    if new:
        logger.info("post_archived", post_id=post_id, author_id=user_id, archived=archived)
    return post_by_id(post_id)


def archived_posts(author_id: UserId, *, cursor: str | None = None, limit: int = 20) -> Page[Post]:
    """What an author has put away, newest first; for its author alone. A page may be short.

    Cost: 1 Query, 0.5 RU, and `posts_by_ids`.
    """
    kind = f"{ARCHIVE_CURSOR}.{author_id}"
    before = None if cursor is None else PostId(decode(kind, cursor))
    ids = shelves.query_archived(author_id, before=before, limit=limit + 1)
    found = posts_by_ids(ids[:limit])
    shown = [found[post_id] for post_id in ids[:limit] if post_id in found]
    return Page(
        [post for post in shown if post.archived_at_ms is not None],
        encode(kind, ids[limit - 1]) if len(ids) > limit else None,
    )


def post_pin(*, user_id: UserId, post_id: PostId) -> None:
    """Put a post on top of the profile, for whoever may see it.

    Cost: 3 requests; 1 RU a 4 KB, 1 RU, 1 WU, and `posts_by_ids` of 3. Idempotent: by the post.
    Raises: PostNotFound, NotYours, PostArchived, TooManyPins.
    """
    if own_post(user_id, post_id).archived_at_ms is not None:
        raise PostArchived
    for _try in range(TRIES):
        before = pins.get_pins(user_id, consistent=True)
        if post_id in before:
            return
        kept = _listed(before)
        if len(kept) >= PINS_AT_MOST:
            raise TooManyPins(limit=PINS_AT_MOST)
        if pins.put_pins(user_id, [post_id, *kept], before=before):
            return
    raise Unavailable


def post_unpin(*, user_id: UserId, post_id: PostId) -> None:
    """Take a post down from the top of the profile.

    Cost: 2 requests; 1 RU, 1 WU. Idempotent: by the post.
    """
    for _try in range(TRIES):
        before = pins.get_pins(user_id, consistent=True)
        left = [pinned for pinned in before if pinned != post_id]
        if left == before or pins.put_pins(user_id, left, before=before):
            return
    raise Unavailable


def pinned_posts(viewer_id: UserId | None, author_id: UserId) -> list[Post]:
    """What is on top of a profile as the viewer may see it, the last pinned first.

    Cost: 1 request, 0.5 RU, and `pinned_among`.
    """
    return pinned_among(viewer_id, pins.get_pins(author_id))


def pinned_among(
    viewer_id: UserId | None,
    ids: Sequence[PostId],
    *,
    followed: AbstractSet[UserId] = frozenset(),
    believed: AbstractSet[UserId] = frozenset(),
) -> list[Post]:
    """The same of pins that have been read. `followed`, `believed`: as of `visible_posts`.

    Cost: nothing where nothing is pinned; else `posts_by_ids` and `visible_posts`.
    """
    found = posts_by_ids(_listed(ids)) if ids else {}
    return visible_posts(viewer_id, found.values(), followed=followed, believed=believed) if found else []


def pins_and_count(author_id: UserId) -> tuple[list[PostId], int]:
    """What an author has pinned, for `pinned_among`, and how many live posts there are, as far as the stream has been counted.

    Cost: 1 request, 1 RU.
    """
    return pins.get_pins_and_count(author_id)


def is_pinned(post: Post) -> bool:
    """Cost: 1 request, 1 RU. Consistency: strong."""
    return post.id in pins.get_pins(post.author_id, consistent=True)


def _listed(ids: Sequence[PostId]) -> list[PostId]:
    found = posts_by_ids(ids)
    return [post_id for post_id in ids if post_id in found and found[post_id].archived_at_ms is None]
