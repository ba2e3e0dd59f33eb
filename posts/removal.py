"""A post goes in two steps: hidden at once, and taken away when its author can't want it back any more.

    delete    hidden everywhere, closed, out of feeds, tags and counts; photos, likes and comments stay
    restore   within 30 days, as if nothing had been
    sweep     after 30 days, by beat: claims the post, then likes, comments, versions, photos, and the post last

The sweep's list is by time, not by author, and is written with the deletion; whatever it is broken off at, the entry is
there until the post is gone.
"""

import time
from collections.abc import Sequence

import structlog

from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from posts import cache
from posts.entities import Post
from posts.errors import TooLateToRestore
from posts.months import months_to_write
from posts.own import own_post
from posts.repository import posts, shelves, traces
from posts.reposting import repeats_clear
from posts.selectors import post_by_id
from posts.services import photos_clear
from posts.tables import DUE_SHARDS
from posts.tags import tags_leave

logger = structlog.get_logger()
DELETED_CURSOR = "posts.deleted"
ITEMS_A_REQUEST = 100
POSTS_A_SHARD = 200


def post_restore(*, user_id: UserId, post_id: PostId) -> Post:
    """Take a deletion back.

    Cost: 2 requests; 1 RU a 4 KB, 2 WU a KB + 6 WU. Idempotent: by the post.
    Raises: PostNotFound, NotYours, TooLateToRestore.
    """
    post = own_post(user_id, post_id, deleted_too=True)
    if post.deleted:
        with cache.in_doubt(post_id, *post.quoted_ids):
            if not _can_come_back(post, _now_ms()) or not _brought_back(post):
                raise TooLateToRestore
        cache.mark_changed(post_id)
        if post.quote_of is not None:
            cache.forget_counts(post.quote_of.post_id)
        logger.info("post_restored", post_id=post_id, author_id=user_id)
    return post_by_id(post_id)


def deleted_posts(author_id: UserId, *, cursor: str | None = None, limit: int = 20) -> Page[Post]:
    """An author's posts that can still be had back, newest first. A page may be short.

    Cost: 1 Query, 0.5 RU, and 1 RU a 4 KB a post.
    """
    kind = f"{DELETED_CURSOR}.{author_id}"
    before = None if cursor is None else PostId(decode(kind, cursor))
    ids = shelves.query_deleted(author_id, before=before, limit=limit + 1)
    found, _counts = posts.get_bodies_and_counts(ids[:limit], [], consistent=True)
    now = _now_ms()
    shown = [
        found[post_id] for post_id in ids[:limit] if post_id in found and _can_come_back(found[post_id], now)
    ]
    return Page(shown, encode(kind, ids[limit - 1]) if len(ids) > limit else None)


def deleted_sweep(*, now_ms: int | None = None) -> int:
    """Take away what nobody can have back any more; how many posts went.

    Cost: 8 Queries; a post 1 RU a 4 KB of all that hangs on it and 2 WU an item. Idempotent: by the post.
    """
    now = _now_ms() if now_ms is None else now_ms
    due = [
        entry
        for shard in range(DUE_SHARDS)
        for entry in shelves.query_due(shard, now_ms=now, limit=POSTS_A_SHARD)
    ]
    swept = sum(_purged(post_id, at_ms, now) for post_id, at_ms in due)
    logger.info("deleted_swept", posts=swept)
    return swept


def _purged(post_id: PostId, at_ms: int, now_ms: int) -> bool:
    post = posts.get_post(post_id)
    gone = post is not None and post.deleted and shelves.claim_purge(post_id, now_ms=now_ms)
    if post and gone:
        while traces.purge_some(post_id, limit=ITEMS_A_REQUEST) >= ITEMS_A_REQUEST:
            pass
        repeats_clear(post_id)
        photos_clear(post)
        tags_leave(post)
        traces.purge_meta(post_id)
    shelves.delete_due(
        post_id, at_ms
    )  # of a post that came back, or was deleted anew with an entry of its own
    return gone


def _brought_back(post: Post) -> bool:
    return shelves.unmark_deleted(post, months=months_to_write(post.author_id))


def _can_come_back(post: Post, now_ms: int) -> bool:
    return post.deleted and post.purge_at_ms is not None and post.purge_at_ms > now_ms


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def days_left(posts_shown: Sequence[Post]) -> dict[PostId, int]:
    """For how many more days each can be had back, begun ones counted."""
    now, day = _now_ms(), 86_400_000
    return {post.id: max(1, -(-((post.purge_at_ms or now) - now) // day)) for post in posts_shown}
