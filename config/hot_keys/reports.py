"""What each process tells of its hot keys, in one hash in Redis, and what all of them make together.

    field   the process: machine, pid, when it began
    value   until when it stands, by Redis' clock, how much it reads in all, its most frequent keys

What is not told again runs out. Fail-open: with Redis away nothing is told and nothing is hot.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson
import redis
from django_redis import get_redis_connection

from config.hot_keys.sketch import Rate, Window
from config.metrics import CACHE_FAIL_OPEN, REDIS_BYTES, REDIS_EVICTED
from config.redis_names import name_of

KIND: Final = "hot_keys"
WINDOW_SECONDS: Final = 10.0
STANDS_SECONDS: Final = 3 * WINDOW_SECONDS
SHOWN_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class HotKey:
    """One key over all processes. `share`: of all that they read."""

    kind: str
    key: str | int
    reads_per_second: float
    processes: int
    share: float


def report(process: str, window: Window) -> list[HotKey]:
    """Tell of this process, and hear of all.

    Cost: 1 round trip to Redis, and as much more as it takes to put out those that have ended.
    Raises: redis.RedisError.
    """
    client: Any = get_redis_connection("default")
    seconds, _microseconds = client.time()
    told = [seconds + STANDS_SECONDS, window.reads_per_second, list(map(list, window.rates))]
    pipeline = client.pipeline(transaction=False)
    pipeline.hset(_name(), process, orjson.dumps(told))
    pipeline.expire(_name(), int(2 * STANDS_SECONDS))
    pipeline.hgetall(_name())
    pipeline.info("memory")
    pipeline.info("stats")
    *_done, found, memory, stats = pipeline.execute()
    REDIS_BYTES.set(memory["used_memory"])
    REDIS_EVICTED.set(stats["evicted_keys"])
    rows = {field: orjson.loads(raw) for field, raw in found.items()}
    if ended := [field for field, row in rows.items() if row[0] < seconds]:
        client.hdel(_name(), *ended)
    return together(_windows(rows.values(), seconds))


def withdraw(process: str) -> None:
    """The process is asked nothing any more. Raises: redis.RedisError."""
    get_redis_connection("default").hdel(_name(), process)


def reported() -> list[HotKey] | None:
    """The hottest keys of all processes, those first; None with Redis away.

    Cost: 1 round trip to Redis.
    """
    try:
        pipeline = get_redis_connection("default").pipeline(transaction=False)
        pipeline.time()
        pipeline.hgetall(_name())
        (seconds, _microseconds), found = pipeline.execute()
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("get", KIND).inc()
        return None
    return together(_windows(map(orjson.loads, found.values()), seconds))


def together(windows: Iterable[Window]) -> list[HotKey]:
    """What these processes make, the hottest key first."""
    told: defaultdict[tuple[str, str | int], list[float]] = defaultdict(list)
    total = 0.0
    for window in windows:
        total += window.reads_per_second
        for kind, key, rate in window.rates:
            told[kind, key].append(rate)
    keys = [
        HotKey(kind, key, sum(rates), len(rates), sum(rates) / total if total else 0.0)
        for (kind, key), rates in told.items()
    ]
    return sorted(keys, key=lambda one: -one.reads_per_second)[:SHOWN_AT_MOST]


def _windows(rows: Iterable[list[Any]], seconds: int) -> list[Window]:
    return [
        Window(reads, [Rate(*rate) for rate in rates]) for until, reads, rates in rows if until >= seconds
    ]


def _name() -> str:
    return name_of(KIND, "reports")
