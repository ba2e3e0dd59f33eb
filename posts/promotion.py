"""When the counts of a post are spread over shards: by rate, or from the beginning if its author is hot.

    stream     each change of a quiet post's counts is counted in Redis, in windows of five seconds; with the hundredth it
    is spread  which is one condition on one item, and all that changes: nothing moves

A DynamoDB item takes 500 transactional changes a second, and changes of one item that meet make one of them wait. Twenty a
second are a twenty-fifth of that: the stream has seconds to tell and a worker to spread before the item is the limit.
It stays spread: a quiet post with shards costs what it did, and half a read unit more to who has just liked it.

Without Redis nothing is counted and nothing is spread: an item that is written too fast makes its writers wait.
"""

from collections.abc import Callable
from typing import Final

import structlog

from config import cache as redis
from config.entities import PostId, UserId
from graph.heat import heat_to_write
from posts import cache
from posts.entities import Post
from posts.repository import counts

logger = structlog.get_logger()

WINDOW_MS: Final = 5_000
CHANGES_A_WINDOW: Final = 100
RATE_KIND: Final = "post-rate"


def change_measured(*, post_id: PostId, at_ms: int, spread: Callable[[PostId], object]) -> None:
    """Count a change of a quiet post's counts; the hundredth of a window has it spread.

    Idempotent: no; a record that comes twice is counted twice, which spreads the post a little sooner.
    """
    key = f"{post_id}:{at_ms // WINDOW_MS}"
    in_window = redis.count_up(RATE_KIND, key, ttl_seconds=3 * WINDOW_MS / 1000)
    if in_window is not None and in_window % CHANGES_A_WINDOW == 0:
        spread(post_id)


def post_spread(*, post_id: PostId) -> bool:
    """Spread a post's counts from now on, and tell the cache, so that writers know; False if it was, or is deleted.

    Cost: 1 WU, 1 RU. Idempotent: by the post.
    """
    new = counts.set_spread(post_id)
    if new:
        cache.set_counts(post_id, counts.get_counts(post_id))
        logger.info("post_spread", post_id=post_id)
    return new


def spread_if_born_hot(post: Post) -> None:
    """A hot author's post is spread before it is stored, so before anybody can have seen it.

    If it is not stored after all, an item of some bytes stays. Cost: 1 round trip to the cache; for a hot author 1 WU, 1 RU. Idempotent: by the post.
    """
    if is_hot(post.author_id):
        post_spread(post_id=post.id)


def is_hot(author_id: UserId) -> bool:
    """Whether the author's followers, or the rate of follows, need more than one shard, as far as the cache knows."""
    return heat_to_write(author_id).write_shards > 1
