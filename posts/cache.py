"""Posts in the cache: bodies and counts for an hour, deleted posts as absences.

    reader   miss, leaves a token, reads the post .............. fills: refused, its token is gone
    writer                         marks it deleted, tells the cache

What an author changes is marked as changed for half a minute: the first who asks reads it strongly and fills, and of two
changes that cross none can leave the older one behind, for each takes away what was read before it. Where the outcome of a
write is not known, for half a minute nobody fills and everybody reads strongly.
So an edit is one load: its author's, who reads what it has come to. The stream's consumer leaves what says just that where it is.
A new post is put where nothing is, by whoever has stored it; what is done to it from then on takes that away.
A deletion stands as an absence. The stream's consumer tells it once more, for a cache that was away.
A post whose photos are still being made is kept for two seconds: nobody has to be told when they are.
Counts are forgotten by whoever changes them, and the stream's consumer puts those that it hears of in place of older ones, for a
writer that ended before it could forget. Those of a hot post are set by whoever sums them up, about once a second.
A process asks Redis for both at each read, so that no other's change is missed; it only spares itself the parsing. While Redis is
away bodies are read each time, for who may see them has to be right; counts may be ten seconds old then.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, replace
from time import time
from typing import Final

from config import cache, stamps
from config.cache import Kind, Tiered
from config.entities import PostId
from config.errors import Unavailable
from config.ids import id_time_ms
from posts.entities import Post, PostCounts
from posts.repository.items import body_of_post, post_of_item

SPREAD: Final = "post_spread"
SPREAD_TTL_SECONDS: Final = 86_400
BODY_TTL_SECONDS: Final = 3600
WAITING_TTL_SECONDS: Final = 2
MISSING_TTL_SECONDS: Final = 30
BORN_WITHIN_MS: Final = 60_000
"""A post so young may be missing in a copy that lags behind: that is not kept."""


def body_name(post_id: PostId) -> str:
    """Who keeps what was made from a post goes by this stamp (`config.stamps`)."""
    return f"POST#{post_id}"


def counts_name(post_id: PostId) -> str:
    """The same for its counts, which may be a little old."""
    return f"COUNTS#{post_id}"


def _body_seconds(post_id: PostId, post: Post | None) -> float:
    if post is None:
        return MISSING_TTL_SECONDS if time() * 1000 - id_time_ms(post_id) > BORN_WITHIN_MS else 0
    return WAITING_TTL_SECONDS if any(photo.is_waiting for photo in post.photos) else BODY_TTL_SECONDS


def _counts_of(tally: list[int]) -> PostCounts:
    return PostCounts(*tally)


def _version_of(counts: PostCounts) -> int:
    """Of a hot post when it was summed up, which is more than any number of changes."""
    return counts.folded_at_ms or counts.changes


BODIES: Final[Tiered[PostId, Post]] = Tiered(
    Kind("post", seconds=BODY_TTL_SECONDS, changed_seconds=30, copies=3),
    write=body_of_post,
    read=post_of_item,
    seconds_of=_body_seconds,
)
COUNTS: Final[Tiered[PostId, PostCounts]] = Tiered(
    Kind(
        "post_counts",
        version=2,
        seconds=BODY_TTL_SECONDS,
        stale_seconds=10,
        away_seconds=10,
        copies=3,
        local_bytes=4 * 1024 * 1024,
    ),
    write=astuple,
    read=_counts_of,
    version_of=_version_of,
)


def warm_new(post: Post) -> None:
    """What was stored a moment ago: neither its author, nor its fan-out, nor who sees it first reads it from DynamoDB.

    Where anything stands by now, as the counts of a hot author's post do, that stays. Cost: 2 round trips to Redis.
    """
    BODIES.warm({post.id: post})
    COUNTS.warm({post.id: PostCounts()})


def set_counts(post_id: PostId, counts: PostCounts) -> None:
    """Over what is there: by whoever sums up a hot post's counts, which nobody forgets at each change.

    A later sum is not replaced by an earlier one that comes late.
    """
    COUNTS.put({post_id: counts}, {post_id: counts.folded_at_ms} if counts.folded_at_ms else None)
    stamps.forget([counts_name(post_id)])
    keep_spread({post_id: counts})


def put_later_counts(post_id: PostId, counts: PostCounts) -> None:
    """What a quiet post has come to, over what is there if that is older. Cost: 1 round trip to Redis. Idempotent: by `changes`."""
    COUNTS.put({post_id: counts}, {post_id: counts.changes})


def cached_spread(post_id: PostId) -> int:
    """Over how many shards a post is spread, 0 if that is not known. Outlives the counts: a change does not forget it.

    Cost: 1 round trip to Redis.
    """
    return int(cache.get(SPREAD, post_id) or 0)


def keep_spread(counts: Mapping[PostId, PostCounts]) -> None:
    """Have writers know of these posts' spread. Cost: 1 round trip to Redis if any is spread."""
    spread: dict[int, int] = {post_id: tally.spread for post_id, tally in counts.items() if tally.spread}
    cache.set_many(SPREAD, spread, SPREAD_TTL_SECONDS)


def forget_counts(post_id: PostId) -> None:
    """After a like or a comment."""
    COUNTS.forget(post_id)
    stamps.forget([counts_name(post_id)])


def bury(post_id: PostId) -> None:
    """After a deletion."""
    BODIES.put({post_id: None}, seconds=BODY_TTL_SECONDS)
    stamps.forget([body_name(post_id)])


def mark_changed(post_id: PostId) -> None:
    """After a change by the author, once it is stored; also over a deletion."""
    BODIES.forget(post_id)
    stamps.forget([body_name(post_id)])


def hear_changed(post: Post) -> None:
    """After a change, from the stream: what its author has read since, or anybody else, stays if it is what is told."""
    BODIES.forget_unless({post.id: post})
    stamps.forget([body_name(post.id)])


@contextmanager
def in_doubt(*post_ids: PostId) -> Iterator[None]:
    """Around a write: if nobody hears whether it was done, whatever it may have changed is read anew.

        writer    writes ... the answer is lost: Unavailable .... asks again: done already, nothing to tell the cache
    The stream's consumers tell it too, but a moment later than the writer is told that it is done.
    """
    try:
        yield
    except Unavailable:
        BODIES.doubt(*post_ids)
        COUNTS.doubt(*post_ids)
        stamps.forget(name(post_id) for post_id in post_ids for name in (body_name, counts_name))
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
