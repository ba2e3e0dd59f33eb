"""Where a change of a post's counts is written: into one item for nearly all posts, into one of sixteen for a hot one.

    quiet    POST#<id>, COUNTS              every change, in the transaction of what it counts
    spread   POST#<id>#SHARD#<k>, COUNTS    every change, in any of them; workers sum them up in POST#<id>, COUNTS

What a post has is the sum of all, so a writer who has not heard that a post is spread is right too: it writes where
everybody did before. A post that has been spread stays so: its shards are read as long as it is there.

    change = counts_change(post.id, spread_of(post.id), add={"comments": 1})     # goes into your transaction
    counts_written(post.id, spread)                                              # after it
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from config.dynamodb import Change, Update, attr
from config.entities import PostId
from posts import cache
from posts.entities import Post
from posts.repository import keys
from posts.tables import COUNT_SHARDS, POSTS

OPEN: Final = attr("closed").missing()
"""Asked of the counts: the post is not deleted."""
OWN_LIKE_MS: Final = 60_000
"""A like older than that has been summed up."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Over how many items besides the first a post's counts are spread; 0 of a quiet one."""

    shards: int = 0

    def draw(self) -> int | None:
        """One of the shards; None stands for the first item."""
        return random.randrange(self.shards) if self.shards else None


QUIET: Final = Spread()
HOT: Final = Spread(COUNT_SHARDS)


def spread_of(post_id: PostId) -> Spread:
    """How to write, as far as the cache knows: QUIET if it does not. Who has the post has it in `post.spread`.

    Cost: 1 round trip to the cache, none to DynamoDB.
    """
    return Spread(cache.cached_spread(post_id))


def counts_change(post_id: PostId, spread: Spread, *, add: Mapping[str, int]) -> Change:
    """The part of a transaction that changes some counts; refused where something is added to a deleted post.

    Cost: 2 WU in the transaction.
    """
    return counts_change_in(post_id, spread.draw(), add=add)


def counts_change_in(post_id: PostId, shard: int | None, *, add: Mapping[str, int]) -> Change:
    """As `counts_change`, in a shard that was drawn before. `changes` shows to whoever recounts that nothing moved."""
    is_more = any(delta > 0 for delta in add.values())
    update = Update(add={**add, "changes": 1})
    return Change(POSTS, keys.counts(post_id, shard), update, OPEN if is_more else None)


def counts_written(post_id: PostId, spread: Spread) -> None:
    """Have the cache forget the counts that have changed; those of a spread post are set by whoever sums them up."""
    if not spread.shards:
        cache.forget_counts(post_id)


def with_own_like(post: Post, liked_at_ms: int | None) -> Post:
    """The post with a like of its viewer's that lies in a shard and may be younger than the sum."""
    if liked_at_ms is None or liked_at_ms <= (post.folded_at_ms or 0):
        return post
    is_young = time.time_ns() // 1_000_000 - liked_at_ms < OWN_LIKE_MS
    return replace(post, like_count=post.like_count + 1) if is_young else post
