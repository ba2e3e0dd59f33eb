"""One token bucket: in Redis, shared by all processes, or in this process's memory while Redis is away.

The bucket is throttled-py's GCRA, which keeps one number a bucket (the time at which it will be full again), by Redis'
own clock, in one script. Its "token bucket" proper counts whole tokens by whole seconds, so one that fills with a token
in minutes would lose what had accrued at each use.

Fail-open, declared here: without Redis each process goes on with buckets of its own that are a quarter of the size, so
several processes together let through about what Redis would; counted in `roost_rates_local`.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from django_redis import get_redis_connection
from throttled import Quota, Rate
from throttled.exceptions import StoreUnavailableError
from throttled.rate_limiter.gcra import GCRARateLimiter
from throttled.store import BaseStore, MemoryStore, RedisStore
from throttled.store.redis import RedisStoreBackend

from config.metrics import RATES_LOCAL
from config.rates.limits import Bucket

LOCAL_SHARE: Final = 0.25
LOCAL_BUCKETS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bucket stood after a token was taken, or refused.

    Units: `full_in_seconds` until it is full again, `retry_after_seconds` until there is a token, 0 if one was taken.
    """

    policy: str
    bucket: Bucket
    remaining: int
    full_in_seconds: float
    retry_after_seconds: float = 0.0

    @property
    def is_refused(self) -> bool:
        """No token was there."""
        return self.retry_after_seconds > 0


class _SharedBackend(RedisStoreBackend):
    """Redis through the connections, time limits and breaker that the rest of Roost has."""

    def get_client(self) -> Any:
        return get_redis_connection("rates")


class _SharedStore(RedisStore):
    _BACKEND_CLASS = _SharedBackend


@cache
def _shared() -> BaseStore:
    return _SharedStore()


@cache
def _local() -> BaseStore:
    # Bounded: the bucket that was used longest ago is forgotten first.
    return MemoryStore(options={"MAX_SIZE": LOCAL_BUCKETS_MAX})


@cache
def _limiter(bucket: Bucket, prefix: str, *, is_local: bool) -> GCRARateLimiter:
    quota = Quota(Rate(period=timedelta(seconds=bucket.seconds), limit=bucket.size), burst=bucket.size)
    return GCRARateLimiter(quota, _local() if is_local else _shared(), key_prefix=f"{prefix}rates")


def take_token(policy: str, bucket: Bucket, who: str) -> Standing:
    """Take a token for `who` from the bucket of that name, if there is one.

    Cost: one round trip to Redis; none after the breaker has opened.
    """
    key = f"{policy}:{who}"
    prefix = str(settings.CACHES["default"]["KEY_PREFIX"])
    try:
        result = _limiter(bucket, prefix, is_local=False).limit(key)
    except StoreUnavailableError:
        RATES_LOCAL.labels(policy).inc()
        bucket = bucket.scaled(LOCAL_SHARE)
        result = _limiter(bucket, prefix, is_local=True).limit(key)
    state = result.state
    # A refusal is never "now": the script's clock and rounding may come to 0.
    wait = max(state.retry_after, 0.001) if result.limited else 0.0
    return Standing(policy, bucket, 0 if result.limited else state.remaining, state.reset_after, wait)
