"""The shared cache with Redis there, stopped and hanging."""

import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache as djangos_cache
from django_redis import get_redis_connection

from config import breaker, cache
from config.ids import next_id
from config.metrics import CACHE_FAIL_OPEN, CACHE_HITS, CACHE_MISSES
from config.redis_names import name_of
from config.redis_roles import Role, breaker_for
from tests.engines import REDIS
from tests.stack import cache_is_back, eventually


@pytest.fixture
def kind() -> str:
    """A kind that no other test has written to."""
    return f"test{next_id()}"


@pytest.fixture
def short_cool_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A breaker that tries again soon."""
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.3)


@pytest.fixture
def redis_stopped(short_cool_down: None) -> Iterator[None]:
    """Within the test nobody listens on the cache's port."""
    REDIS["redis-cache"].kill()
    yield
    REDIS["redis-cache"].restart()
    eventually(cache_is_back)


@pytest.fixture
def redis_hangs(short_cool_down: None) -> Iterator[None]:
    """Within the test the cache takes connections and answers nothing."""
    get_redis_connection("default").ping()
    REDIS["redis-cache"].process.send_signal(signal.SIGSTOP)
    yield
    REDIS["redis-cache"].process.send_signal(signal.SIGCONT)
    eventually(cache_is_back)


def counted(counter: Any, *labels: str) -> float:
    value: float = counter.labels(*labels)._value.get()
    return value


def test_what_is_kept_is_found(kind: str) -> None:
    value = {"id": 2**63 - 1, "name": "Ana ✿", "tags": ["a", None, 1.5]}
    cache.set(kind, 5, value, ttl_seconds=60)
    assert cache.get(kind, 5) == cache.get(kind, "5") == value


def test_many_are_kept_and_found_in_one_trip_each(kind: str) -> None:
    cache.set_many(kind, {1: "one", 2: "two"}, ttl_seconds=60)
    assert cache.get_many(kind, [1, 2, 3, 1]) == {1: "one", 2: "two"}
    assert cache.get_many(kind, []) == {}


def test_a_stored_none_is_not_a_miss_in_many(kind: str) -> None:
    cache.set(kind, 1, None, ttl_seconds=60)
    assert cache.get_many(kind, [1, 2]) == {1: None}


def test_values_end_with_their_time(kind: str) -> None:
    cache.set(kind, 1, "one", ttl_seconds=60)
    remaining = get_redis_connection("default").pttl(name_of(kind, 1))
    assert 0 < remaining <= 60_000
    cache.set(kind, 2, "two", ttl_seconds=0.02)
    time.sleep(0.05)
    assert cache.get(kind, 2) is None


def test_what_is_deleted_is_gone(kind: str) -> None:
    cache.set_many(kind, {1: "one", 2: "two", 3: "three"}, ttl_seconds=60)
    cache.delete(kind, 1, 2)
    cache.delete(kind)
    assert cache.get_many(kind, [1, 2, 3]) == {3: "three"}


def test_kinds_do_not_mix(kind: str) -> None:
    cache.set(kind, 1, "one", ttl_seconds=60)
    assert cache.get(f"{kind}x", 1) is None


def test_a_fill_does_not_overwrite_what_a_writer_put_there(kind: str) -> None:
    cache.set(kind, 1, "written", ttl_seconds=60)
    cache.add_many(kind, {1: "found earlier", 2: "found"}, ttl_seconds=60)
    assert cache.get_many(kind, [1, 2]) == {1: "written", 2: "found"}


def test_hits_and_misses_are_counted(kind: str) -> None:
    cache.set(kind, 1, "one", ttl_seconds=60)
    cache.get_many(kind, [1, 2, 3])
    assert (counted(CACHE_HITS, cache.TIER, kind), counted(CACHE_MISSES, cache.TIER, kind)) == (1, 2)


def test_with_redis_stopped_nothing_is_raised_and_everything_is_counted(
    kind: str, redis_stopped: None
) -> None:
    cache.set(kind, 1, "one", ttl_seconds=60)
    assert cache.get(kind, 1) is None
    cache.delete(kind, 1)
    assert [counted(CACHE_FAIL_OPEN, operation, kind) for operation in ("set", "get", "delete")] == [1, 1, 1]
    assert djangos_cache.get("anything") is None


def test_a_hanging_redis_is_waited_for_once_and_not_by_every_call(kind: str, redis_hangs: None) -> None:
    """No timing decides: 60 calls that each waited their 0.2 s would take 12 s, and 60 at once take milliseconds."""
    started = time.monotonic()
    for _ in range(30):
        assert cache.get(kind, 1) is None
        djangos_cache.set("anything", 1)
    assert time.monotonic() - started < 6
    assert counted(CACHE_FAIL_OPEN, "get", kind) == 30


def test_redis_is_used_again_once_it_is_back(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 600)
    REDIS["redis-cache"].kill()
    assert cache.get(kind, 1) is None
    REDIS["redis-cache"].restart()
    cache.set(kind, 1, "lost while the breaker is open", ttl_seconds=60)
    assert cache.get(kind, 1) is None
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.3)
    breaker_for(Role.CACHE).trip(redis.ConnectionError("so that the wait is a short one"))
    eventually(cache_is_back)
    cache.set(kind, 1, "one", ttl_seconds=60)
    assert cache.get(kind, 1) == "one"


def test_the_highest_numbers_are_kept_whoever_adds_them(kind: str) -> None:
    low, *rest = sorted(next_id() for _ in range(5))
    for number in (*rest[::-1], low, rest[0]):
        cache.keep_highest(kind, "a", number, most=4, ttl_seconds=60)
    assert cache.highest_many(kind, ["a", "b"]) == {"a": rest[::-1]}


def test_what_cannot_be_known_is_told_from_what_is_not_there(kind: str, redis_stopped: None) -> None:
    assert cache.get_many_if_there(kind, ["a"]) is None
    assert cache.highest_many(kind, ["a"]) == {}
    cache.keep_highest(kind, "a", 1, most=1, ttl_seconds=60)
