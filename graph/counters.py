"""The sum of a hot account's counters, folded into one item so that showing it costs what it costs for anybody."""

import time
from collections.abc import Callable
from typing import Final

import structlog

from config import cache
from config.entities import UserId
from graph import counter_repository, heat_repository
from graph.keys import FIRST_SHARD

logger = structlog.get_logger()

FOLD_KIND: Final = "fold"
FOLD_EVERY_SECONDS: Final = 1
CLAIM_SECONDS: Final = 10
"""Longer than a fold waits in its queue, as a rule; if it waits longer, a second one is queued and does no harm."""


def fold_soon(*, user_id: UserId, shard: int, fold: Callable[[UserId], object]) -> None:
    """Queue a fold after a change to a shard that is not the first, unless one waits already.

        event   claims, queues ..... event: claimed, done ..... fold lets the claim go, then reads .... event: claims
    A fold reads after it has let go, so that every change is before a fold that reads it: the last fold comes last.

    Redis away: no claim, a fold for every event.
    Raises: what `fold` raises; the claim is let go, and the stream's record comes again.
    """
    if shard == FIRST_SHARD or not cache.claim(FOLD_KIND, user_id, ttl_seconds=CLAIM_SECONDS, without=True):
        return
    try:
        fold(user_id)
    except Exception:
        cache.delete(FOLD_KIND, user_id)
        raise


def counts_fold(*, user_id: UserId) -> None:
    """Sum up the shards of this region. An account that is not hot, or is gone by now, has nothing to sum up.

    Cost: 1 read unit a shard and 1 write unit.
    Idempotent: by sum.
    """
    cache.delete(FOLD_KIND, user_id)
    shards = heat_repository.heat_get(user_id, consistent=True).shards
    if shards == 1:
        return
    now_ms = time.time_ns() // 1_000_000
    elsewhere = counter_repository.fold(user_id, shards=shards, now_ms=now_ms)
    logger.info("counts_fold", user_id=user_id, shards=shards, followers_elsewhere=elsewhere)
