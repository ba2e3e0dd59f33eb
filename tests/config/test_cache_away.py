"""What a process answers from its own memory while Redis is away: what may be a little old, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from django_redis import get_redis_connection

from config.cache import Kind, Tiered
from config.ids import next_id
from config.redis_roles import Role, breaker_for


@contextmanager
def given_up() -> Iterator[None]:
    """Redis, for a minute."""
    breaker = breaker_for(Role.CACHE)
    breaker.trip(redis.TimeoutError("no answer"))
    breaker._open_until = time.monotonic() + 60
    yield
    breaker._open_until = time.monotonic()
    get_redis_connection("default").ping()


@pytest.fixture
def redis_away() -> Iterator[None]:
    with given_up():
        yield


class Loads:
    """How often what was loaded; the value is the number of the load."""

    def __init__(self, **facts: float) -> None:
        self.tiered: Tiered[int, int] = Tiered(Kind(f"away{next_id()}", **facts), write=int, read=int)
        self.number = 0

    def get(self) -> int | None:
        return self.tiered.get(1, self._load)

    def _load(self, keys: list[int]) -> dict[int, int]:
        self.number += 1
        return dict.fromkeys(keys, self.number)


def test_what_may_be_old_is_loaded_once(redis_away: None) -> None:
    loads = Loads(away_seconds=60)
    assert [loads.get() for _ in range(3)] == [1, 1, 1]


def test_what_this_process_changes_is_loaded_again_at_once(redis_away: None) -> None:
    loads = Loads(away_seconds=60)
    loads.get()
    loads.tiered.forget(1)
    assert loads.get() == 2


def test_not_for_longer_than_it_may(redis_away: None) -> None:
    loads = Loads(away_seconds=0.02)
    loads.get()
    time.sleep(0.03)
    assert loads.get() == 2


def test_nothing_else_is_answered_from_memory(redis_away: None) -> None:
    loads = Loads()
    assert [loads.get() for _ in range(3)] == [1, 2, 3]


def test_with_redis_there_it_is_asked() -> None:
    loads = Loads(away_seconds=60)
    loads.get()
    get_redis_connection("default").delete(loads.tiered.name(1))
    assert loads.get() == 2, "another process has forgotten it"
