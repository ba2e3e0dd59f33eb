"""The shared cache in Redis: what it lost or can't reach is a miss, never an error.

Keys are grouped by kind ("profile", "post"), which is also the label of the metrics. Values are JSON, so a reader of
another release or language can read them; a tuple comes back as a list.

Fail-open, declared here: any Redis error is counted in `roost_cache_fail_open` and answered as if nothing were cached.
`config.breaker` keeps a hung server from costing its timeout on every call.

Cost: one round trip per call, whatever the number of keys. None after the breaker has opened.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import orjson
import redis
from django_redis import get_redis_connection

from config.ids import sort_key
from config.metrics import CACHE_FAIL_OPEN, CACHE_HITS, CACHE_MISSES
from config.redis_debts import owe
from config.redis_names import name_of

TIER = "redis"
K = TypeVar("K", str, int)


def get(kind: str, key: str | int) -> Any:
    """The value, or None: for a miss, and for a None that was stored (`get_many` tells these apart)."""
    return get_many(kind, [str(key)]).get(str(key))


def get_many(kind: str, keys: Iterable[K]) -> dict[K, Any]:
    """What is there of these keys."""
    return get_many_if_there(kind, keys) or {}


def get_many_if_there(kind: str, keys: Iterable[K]) -> dict[K, Any] | None:
    """The same for whom "nothing is there" and "it can't be known" are two things: None with Redis away."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    try:
        prefix = name_of(kind, "")
        found = _client().mget([f"{prefix}{key}" for key in wanted])
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("get", kind).inc()
        return None
    values = {key: orjson.loads(raw) for key, raw in zip(wanted, found, strict=True) if raw is not None}
    CACHE_HITS.labels(TIER, kind).inc(len(values))
    CACHE_MISSES.labels(TIER, kind).inc(len(wanted) - len(values))
    return values


def set(kind: str, key: str | int, value: Any, ttl_seconds: float) -> None:  # noqa: A001  # read as cache.set(...)
    """Keep a value for a while."""
    set_many(kind, {str(key): value}, ttl_seconds)


def set_many(kind: str, values: Mapping[K, Any], ttl_seconds: float) -> None:
    """Keep several values for a while."""
    _write(kind, values, ttl_seconds, only_new=False)


def add_many(kind: str, values: Mapping[K, Any], ttl_seconds: float) -> None:
    """Keep those values whose key holds nothing yet.

    For fills: what a reader found on a miss must not overwrite what a writer has put there meanwhile.
    """
    _write(kind, values, ttl_seconds, only_new=True)


def _write(kind: str, values: Mapping[K, Any], ttl_seconds: float, *, only_new: bool) -> None:
    if not values:
        return
    try:
        pipeline = _client().pipeline(transaction=False)
        for key, value in values.items():
            px = max(1, int(ttl_seconds * 1000))
            pipeline.set(name_of(kind, key), orjson.dumps(value), px=px, nx=only_new)
        pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("set", kind).inc()
        if not only_new:
            owe(name_of(kind, key) for key in values)


def keep_highest(kind: str, key: str | int, number: int, *, most: int, ttl_seconds: float) -> None:
    """Add a number to a list that keeps the highest ones, for a while. Writers on all sides never undo each other."""
    name = name_of(kind, key)
    try:
        pipeline = _client().pipeline(transaction=False)
        pipeline.zadd(name, {sort_key(number): 0})  # all of one score lie in the order of their text
        pipeline.zremrangebyrank(name, 0, -most - 1)
        pipeline.pexpire(name, max(1, int(ttl_seconds * 1000)))
        pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("keep_highest", kind).inc()


def highest_many(kind: str, keys: Iterable[K]) -> dict[K, list[int]]:
    """What `keep_highest` has kept under each of these keys, the highest first; absent where there is nothing."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    try:
        pipeline = _client().pipeline(transaction=False)
        for key in wanted:
            pipeline.zrange(name_of(kind, key), 0, -1, desc=True)
        found = pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("highest", kind).inc()
        return {}
    return {key: [int(member) for member in row] for key, row in zip(wanted, found, strict=True) if row}


def claim(kind: str, key: str | int, *, ttl_seconds: float, without: bool = False) -> bool:
    """Whether the caller is the first to claim this key; until it is deleted or its time is up nobody else is.

    Consistency: a claim saves work, it is no lock. With Redis away everybody is told `without`.
    """
    try:
        return bool(_client().set(name_of(kind, key), b"1", px=max(1, int(ttl_seconds * 1000)), nx=True))
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("claim", kind).inc()
        return without


def count_up(kind: str, key: str | int, *, ttl_seconds: float) -> int | None:
    """Add one to a number that is forgotten after a while, and tell it; None with Redis away. `get_many` reads it."""
    try:
        pipeline = _client().pipeline(transaction=False)
        pipeline.incr(name_of(kind, key))
        pipeline.pexpire(name_of(kind, key), max(1, int(ttl_seconds * 1000)))
        number: int = pipeline.execute()[0]
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("count_up", kind).inc()
        return None
    return number


def delete(kind: str, *keys: str | int) -> None:
    """Forget these keys.

    Consistency: what can't be reached is taken out first once Redis is back (`config.redis_debts`).
    """
    if not keys:
        return
    try:
        _client().unlink(*(name_of(kind, key) for key in keys))
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("delete", kind).inc()
        owe(name_of(kind, key) for key in keys)


def _client() -> "redis.Redis":
    client: redis.Redis = get_redis_connection("default")
    return client
