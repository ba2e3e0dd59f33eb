"""Loading anew before the time is up, or after it while what is there is still answered, in the background.

Each reader decides for themselves, the likelier the nearer the end and the longer the load: so one of many comes first and
the others find it done. One process loads (a claim in Redis), and what it loaded goes in only over what it saw before.

Source: Vattani, Chierichetti, Lowenstein, Optimal Probabilistic Cache Stampede Prevention, VLDB 2015, with beta 1.
"""

import math
import os
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import redis
import structlog
from django.db import connections

from config.cache import leases
from config.cache.entries import now_us
from config.errors import AppError
from config.metrics import CACHE_FAIL_OPEN, CACHE_REFRESHES

if TYPE_CHECKING:
    from config.cache.tiers import Tiers

logger = structlog.get_logger()
BETA: Final = 1.0
FARTHEST: Final = 40
"""Of so many loads' time before the end nobody begins: the chance is e to the minus this."""
HOT_US: Final = 500_000
"""Before the end of a hot entry: time enough for a load, and for some readers to come by."""
THREADS: Final = 2
WAITING_AT_MOST: Final = 64
CLAIM_MS: Final = 5_000

_running: set[str] = set()
_lock = threading.Lock()


def judge(fresh_until_us: int, load_us: int, *, is_hot: bool = False) -> tuple[bool, bool]:
    """Whether an entry's time is up, and whether it is to be loaded anew: a hot one always shortly before, whatever chance says."""
    left = fresh_until_us - now_us()
    if left <= 0:
        return True, True
    if is_hot and left <= HOT_US:
        return False, True
    if left > FARTHEST * BETA * load_us:
        return False, False
    return False, -load_us * BETA * math.log(1.0 - random.random()) >= left


def refresh_soon(
    tiered: "Tiers[Any, Any]", key: Any, raw: bytes, load: Callable[[list[Any]], Mapping[Any, Any]]
) -> None:
    """Have it loaded by a thread of this process, unless one is on it or too many wait: then a later reader asks again."""
    if not soon(tiered.name(key), _refresh, tiered, key, raw, load):
        CACHE_REFRESHES.labels(tiered.kind.name, "not begun").inc()


def copy_soon(tiered: "Tiers[Any, Any]", key: Any, raw: bytes) -> None:
    """Have a thread of this process make the copy that it will ask for, of an entry that it has found."""
    copy = tiered.copy_asked(key)
    if copy is not None:
        soon(copy, _copy, tiered, key, copy, raw)


def soon(name: str, work: Callable[..., None], *arguments: Any) -> bool:
    """Have a thread of this process do what is worth doing and not needed; False if one is at it, or too much waits."""
    with _lock:
        if name in _running or len(_running) >= WAITING_AT_MOST:
            return False
        _running.add(name)
    _pool().submit(_do, name, work, arguments).add_done_callback(_tell_failure)
    return True


def _do(name: str, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    try:
        work(*arguments)
    except AppError as error:
        logger.warning("cache_work_failed", name=name, error=str(error))
    finally:
        with _lock:
            _running.discard(name)
        connections.close_all()  # of this thread


def _copy(tiered: "Tiers[Any, Any]", key: Any, copy: str, raw: bytes) -> None:
    try:
        leases.copy(tiered.name(key), copy, raw)
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("copy", tiered.kind.name).inc()


def _refresh(
    tiered: "Tiers[Any, Any]", key: Any, raw: bytes, load: Callable[[list[Any]], Mapping[Any, Any]]
) -> None:
    outcome = "failed"
    try:
        outcome = _refreshed(tiered, key, raw, load)
    except redis.RedisError:
        CACHE_FAIL_OPEN.labels("refresh", tiered.kind.name).inc()
    finally:
        CACHE_REFRESHES.labels(tiered.kind.name, outcome).inc()


def _refreshed(
    tiered: "Tiers[Any, Any]", key: Any, raw: bytes, load: Callable[[list[Any]], Mapping[Any, Any]]
) -> str:
    name = tiered.name(key)
    if not leases.client().set(f"{name}:refresh", b"1", px=CLAIM_MS, nx=True):
        return "by another"
    if leases.ask([name]) != [raw]:  # another has just been done with it
        leases.client().unlink(f"{name}:refresh")
        return "too late"
    asked = tiered.local.asked(key)
    values, seconds = tiered.timed(load, [key])
    new, milliseconds = tiered.written(key, values.get(key), load_seconds=seconds)
    (taken,) = leases.fill([name], [raw, new, milliseconds], copies=tiered.copies_of(key))
    leases.client().unlink(f"{name}:refresh")
    if taken and new:
        tiered.local.put(key, new, values.get(key), asked)
    return "done" if taken else "too late"


def _tell_failure(done: Future[None]) -> None:
    """Nobody waits for what failed here: what is there stays until its time is up."""
    if error := done.exception():
        logger.error("cache_work_crashed", exc_info=error)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="cache")


def _after_fork() -> None:
    """Threads do not survive a fork, nor does what they were at."""
    _pool.cache_clear()
    _running.clear()


os.register_at_fork(after_in_child=_after_fork)
