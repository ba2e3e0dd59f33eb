"""The sum of a hot post's counts, folded into its first item about once a second, so that reading costs what it always does."""

from collections.abc import Callable
from typing import Final

import structlog

from config import cache as redis
from config.entities import PostId
from posts import cache
from posts.repository import counts

logger = structlog.get_logger()

FOLD_KIND: Final = "post-fold"
FOLD_EVERY_SECONDS: Final = 1
CLAIM_SECONDS: Final = 10
"""Longer than a fold waits in its queue, as a rule; if it waits longer, a second one is queued and does no harm."""


def fold_soon(*, post_id: PostId, fold: Callable[[PostId], object]) -> None:
    """Queue a fold after a change in a shard, unless one waits already.

        event   claims, queues ..... event: claimed, done ..... fold lets the claim go, then reads .... event: claims
    A fold reads after it has let go, so that every change is before a fold that reads it: the last fold comes last.

    Redis away: no claim, a fold for every event.
    Raises: what `fold` raises; the claim is let go, and the stream's record comes again.
    """
    if not redis.claim(FOLD_KIND, post_id, ttl_seconds=CLAIM_SECONDS, without=True):
        return
    try:
        fold(post_id)
    except Exception:
        redis.delete(FOLD_KIND, post_id)
        raise


def counts_fold(*, post_id: PostId) -> None:
    """Sum up a post's shards and show the sum; a quiet post, or one that is gone, has nothing to sum up.

    Cost: 18 RU, 1 WU. Idempotent: by sum.
    """
    redis.delete(FOLD_KIND, post_id)
    folded = counts.fold(post_id)
    if folded:
        cache.set_counts(post_id, folded)
        logger.info("post_counts_fold", post_id=post_id, likes=folded.likes, comments=folded.comments)
