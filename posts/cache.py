"""Posts in the cache: bodies for an hour, counts for half a minute, deleted posts as tombstones.

    reader   miss, reads the post ............................ adds the body: refused, the tombstone is there
    writer            marks it deleted, sets the tombstone

A deletion *sets* and a fill only *adds*, so a late fill never brings a deleted post back, and whoever asks after the
deletion was answered finds the tombstone first. The stream's consumer sets it once more, for a cache that was away.
A post whose photos are still being made is kept for two seconds: nobody has to be told when they are.
What an author changes is marked as changed for half a minute, in which nobody fills and everybody reads strongly: a late
fill of before finds the mark, and of two changes that cross none can leave the older one behind.
Counts are forgotten by whoever changes them; a late fill may show old counts until its short time is up. Those of a hot
post are set by whoever sums them up, about once a second.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, replace

from config import cache
from config.entities import PostId
from config.errors import Unavailable
from posts.entities import Post, PostCounts
from posts.repository.items import body_of_post, post_of_item

BODY = "post"
COUNTS = "post_counts"
SPREAD = "post_spread"
BODY_TTL_SECONDS = 3600
WAITING_TTL_SECONDS = 2
COUNTS_TTL_SECONDS = 30
SPREAD_TTL_SECONDS = 86_400
TOMBSTONE = {"deleted": True}
CHANGED = {"changed": True}
CHANGED_TTL_SECONDS = 30


def cached_bodies(post_ids: Iterable[PostId]) -> tuple[dict[PostId, Post | None], bool]:
    """What the cache knows: the post, or None for one that is deleted. Absent is a miss.

    And whether some of them were changed a moment ago, so that they have to be read strongly.

    Cost: 1 round trip to Redis.
    """
    found = cache.get_many(BODY, post_ids)
    known = {
        PostId(post_id): None if body == TOMBSTONE else post_of_item(body)
        for post_id, body in found.items()
        if body != CHANGED
    }
    return known, len(known) < len(found)


def cached_counts(post_ids: Iterable[PostId]) -> dict[PostId, PostCounts]:
    """Cost: 1 round trip to Redis."""
    found = cache.get_many(COUNTS, post_ids)
    return {PostId(post_id): PostCounts(*tally) for post_id, tally in found.items()}


def fill_bodies(posts: Iterable[Post]) -> None:
    """Add what was read on a miss; a deleted post becomes a tombstone."""
    settled, waiting = dict[int, object](), dict[int, object]()
    for post in posts:
        is_waiting = not post.deleted and any(photo.is_waiting for photo in post.photos)
        chosen = waiting if is_waiting else settled
        chosen[post.id] = TOMBSTONE if post.deleted else body_of_post(post)
    cache.add_many(BODY, settled, BODY_TTL_SECONDS)
    cache.add_many(BODY, waiting, WAITING_TTL_SECONDS)


def fill_counts(counts: Mapping[PostId, PostCounts]) -> None:
    """Add what was read on a miss."""
    cache.add_many(
        COUNTS,
        {post_id: astuple(tally) for post_id, tally in counts.items()},
        COUNTS_TTL_SECONDS,
    )
    _keep_spread(counts)


def set_counts(post_id: PostId, counts: PostCounts) -> None:
    """Over what is there: by whoever sums up a hot post's counts, which nobody forgets at each change."""
    cache.set(COUNTS, post_id, astuple(counts), COUNTS_TTL_SECONDS)
    _keep_spread({post_id: counts})


def cached_spread(post_id: PostId) -> int:
    """Over how many shards a post is spread, 0 if that is not known. Outlives the counts: a change does not forget it.

    Cost: 1 round trip to Redis.
    """
    return int(cache.get(SPREAD, post_id) or 0)


def _keep_spread(counts: Mapping[PostId, PostCounts]) -> None:
    spread: dict[int, int] = {post_id: tally.spread for post_id, tally in counts.items() if tally.spread}
    cache.set_many(SPREAD, spread, SPREAD_TTL_SECONDS)


def forget_counts(post_id: PostId) -> None:
    """After a like or a comment."""
    cache.delete(COUNTS, post_id)


def bury(post_id: PostId) -> None:
    """After a deletion. The tombstone outlives every fill that began before it."""
    cache.set(BODY, post_id, TOMBSTONE, BODY_TTL_SECONDS)


def mark_changed(post_id: PostId) -> None:
    """After a change by the author, once it is stored; also over a tombstone."""
    cache.set(BODY, post_id, CHANGED, CHANGED_TTL_SECONDS)


@contextmanager
def in_doubt(*post_ids: PostId) -> Iterator[None]:
    """Around a write: if nobody hears whether it was done, whatever it may have changed is read anew.

        writer    writes ... the answer is lost: Unavailable .... asks again: done already, nothing to tell the cache
    The stream's consumers tell it too, but a moment later than the writer is told that it is done.
    """
    try:
        yield
    except Unavailable:
        for post_id in post_ids:
            mark_changed(post_id)
            forget_counts(post_id)
        raise


def with_counts(post: Post, counts: PostCounts) -> Post:
    """The post as everyone sees it."""
    return replace(
        post,
        like_count=counts.likes,
        comment_count=counts.comments,
        repost_count=counts.reposts,
        quote_count=counts.quotes,
        share_count=counts.shares,
        spread=counts.spread,
        folded_at_ms=counts.folded_at_ms,
    )
