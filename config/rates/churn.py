"""Doing and undoing in a circle: who follows many people to be followed back, and leaves them within a day.

    made(me, other)      `other` is remembered for a day
    undone(me, other)    within that day it counts: so many distinct others, and I am slowed for a day
    slowed               the caller gives a trickle instead of the usual limit; the administration sees it

Redis holds three keys an account, all gone a day after its last action: the others that were taken up lately and those that
were dropped again (sorted by time, cut at a few hundred), and until when the account is slowed. Each process keeps a
bounded share of the same in memory, and goes by it while Redis is away: half as much is too much then, for a process
sees only its part.
"""

import threading
import time
from dataclasses import dataclass
from typing import Final

import redis
import structlog
from cachebox import LRUCache
from django_redis import get_redis_connection

from config.metrics import CHURN_SLOWED, RATES_LOCAL
from config.rates.limits import DAY
from config.redis_names import name_of

UNDONE_TOO_MANY: Final = 20
UNDONE_TOO_MANY_LOCALLY: Final = UNDONE_TOO_MANY // 2
SLOWED_SECONDS: Final = DAY
KEPT: Final = 600
"""Others remembered of an account: more than the day's limit of follows lets through."""
POLICY: Final = "churn"

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ChurnStanding:
    """How many others an account has dropped within a day of taking them up, and until when it is slowed, if it is."""

    undone: int = 0
    slowed_until_ms: int | None = None


class LocalChurn:
    """One process's share. Bounded: what was used longest ago is forgotten first."""

    def __init__(self, *, pairs_max: int = 50_000, accounts_max: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._made: LRUCache[tuple[int, int], float] = LRUCache(pairs_max)
        self._undone: LRUCache[int, dict[int, float]] = LRUCache(accounts_max)
        self._slowed: LRUCache[int, float] = LRUCache(accounts_max)

    def made(self, user_id: int, other_id: int, now: float) -> None:
        """Remember."""
        self._made.insert((user_id, other_id), now)

    def undone(self, user_id: int, other_id: int, now: float) -> int:
        """Count, if it was made within a day. How many are counted now."""
        with self._lock:
            at = self._made.pop((user_id, other_id), None)
            counted = self._undone.get(user_id) or {}
            kept = {other: then for other, then in counted.items() if then > now - DAY}
            if at is not None and at > now - DAY:
                kept[other_id] = now
                kept = dict(list(kept.items())[-UNDONE_TOO_MANY:])
            self._undone.insert(user_id, kept)
            return len(kept)

    def slow(self, user_id: int, until: float) -> None:
        """Slow an account."""
        self._slowed.insert(user_id, until)

    def slowed_until(self, user_id: int) -> float:
        """When the account is free again, 0 if it is."""
        until: float = self._slowed.get(user_id) or 0.0
        return until

    def undone_count(self, user_id: int) -> int:
        """How many are counted."""
        return len(self._undone.get(user_id) or {})


_local = LocalChurn()


def made(user_id: int, other_id: int) -> None:
    """An account took somebody up.

    Cost: one round trip to Redis.
    """
    now = time.time()
    _local.made(user_id, other_id, now)
    key = _key("made", user_id)
    try:
        pipeline = _client().pipeline(transaction=False)
        pipeline.zadd(key, {str(other_id): now})
        pipeline.zremrangebyrank(key, 0, -KEPT - 1)
        pipeline.expire(key, DAY)
        pipeline.execute()
    except redis.RedisError:
        RATES_LOCAL.labels(POLICY).inc()


def undone(user_id: int, other_id: int) -> None:
    """An account dropped somebody; if that makes too many who were taken up within a day, it is slowed.

    Cost: two round trips to Redis.
    Idempotent: by account and other, until the other is taken up again.
    """
    now = time.time()
    locally, too_many = _local.undone(user_id, other_id, now), UNDONE_TOO_MANY
    try:
        counted = _count_shared(user_id, other_id, now)
        if counted >= too_many:
            _client().set(_key("slowed", user_id), str(now + SLOWED_SECONDS), ex=SLOWED_SECONDS)
    except redis.RedisError:
        RATES_LOCAL.labels(POLICY).inc()
        counted, too_many = locally, UNDONE_TOO_MANY_LOCALLY
        if counted >= too_many:
            _local.slow(user_id, now + SLOWED_SECONDS)
    if counted >= too_many:
        CHURN_SLOWED.inc()
        logger.warning("churn_slowed", user_id=user_id, undone=counted)


def _count_shared(user_id: int, other_id: int, now: float) -> int:
    """How many are counted now; 0 if this one was not made within a day."""
    made_key, undone_key = _key("made", user_id), _key("undone", user_id)
    pipeline = _client().pipeline(transaction=False)
    pipeline.zscore(made_key, str(other_id))
    pipeline.zrem(made_key, str(other_id))
    at, _removed = pipeline.execute()
    if at is None or at < now - DAY:
        return 0
    pipeline = _client().pipeline(transaction=False)
    pipeline.zadd(undone_key, {str(other_id): now})
    pipeline.zremrangebyscore(undone_key, 0, now - DAY)
    pipeline.zremrangebyrank(undone_key, 0, -KEPT - 1)
    pipeline.expire(undone_key, DAY)
    pipeline.zcard(undone_key)
    return int(pipeline.execute()[-1])


def is_slowed(user_id: int) -> bool:
    """Whether the account is to have a trickle only.

    Cost: one round trip to Redis, none if this process slowed it.
    """
    return standing(user_id).slowed_until_ms is not None


def standing(user_id: int) -> ChurnStanding:
    """What is known of an account.

    Cost: one round trip to Redis.
    """
    now = time.time()
    until, count = _local.slowed_until(user_id), 0
    try:
        pipeline = _client().pipeline(transaction=False)
        pipeline.get(_key("slowed", user_id))
        pipeline.zcount(_key("undone", user_id), now - DAY, "+inf")
        shared, count = pipeline.execute()
        until = max(until, float(shared or 0))
    except redis.RedisError:
        RATES_LOCAL.labels(POLICY).inc()
        count = _local.undone_count(user_id)
    return ChurnStanding(int(count), int(until * 1000) if until > now else None)


def _key(kind: str, user_id: int) -> str:
    return name_of(f"churn:{kind}", user_id)


def _client() -> "redis.Redis":
    client: redis.Redis = get_redis_connection("rates")
    return client
