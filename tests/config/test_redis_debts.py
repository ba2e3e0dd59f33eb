"""What was to be taken out of Redis while it hung is gone before this process reads from it again."""

import signal
from collections.abc import Iterator

import pytest
import redis
from django_redis import get_redis_connection

from config import breaker, cache, kept
from config.breaker import State
from config.cache import Kind, Tiered
from config.ids import next_id
from config.kept import Kept
from config.redis_debts import Debts, debts, owe
from config.redis_roles import Role, breaker_for, states
from tests.engines import REDIS
from tests.stack import cache_is_back, eventually


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of a value in Redis, which hangs within the test."""
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.2)
    name = f"debts:{next_id()}"
    get_redis_connection("default").set(name, "old")
    REDIS["redis-cache"].process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(redis.TimeoutError):
            get_redis_connection("default").unlink(name)
        yield name
    finally:
        REDIS["redis-cache"].process.send_signal(signal.SIGCONT)
        eventually(cache_is_back)


def test_it_is_gone_with_the_first_thing_that_is_asked(key: str) -> None:
    assert states() == {"cache": State.OPEN, "rates": State.OPEN, "broker": State.CLOSED}
    owe([key])
    REDIS["redis-cache"].process.send_signal(signal.SIGCONT)
    eventually(cache_is_back)
    assert get_redis_connection("default").get(key) is None
    assert breaker_for(Role.CACHE).state is State.CLOSED
    assert not len(debts)


def test_it_goes_by_itself_where_nothing_is_asked(key: str) -> None:
    owe([key])
    REDIS["redis-cache"].process.send_signal(signal.SIGCONT)
    with redis.Redis(port=breaker_port(), socket_timeout=5) as other:
        eventually(lambda: not other.exists(key), every_seconds=0.02)


def breaker_port() -> int:
    return int(breaker_for(Role.CACHE).server.rpartition(":")[2])


TIERED: Tiered[str, str] = Tiered(Kind("debts_tiered"), write=str, read=str)


def test_what_was_forgotten_while_it_hung_is_not_read_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.2)
    name = f"DEBTS#{next_id()}"
    cache.set("debts", name, "old", ttl_seconds=60)
    TIERED.get(name, lambda keys: dict.fromkeys(keys, "old"))
    Kept([name]).fill({name: "old"})
    Kept([name]).fill({name: "old"})
    assert (cache.get("debts", name), Kept([name]).get(name)) == ("old", "old")
    REDIS["redis-cache"].process.send_signal(signal.SIGSTOP)
    try:
        cache.delete("debts", name)
        TIERED.forget(name)
        kept.forget([name])
    finally:
        REDIS["redis-cache"].process.send_signal(signal.SIGCONT)
    eventually(cache_is_back)
    assert cache.get("debts", name) is None
    assert Kept([name]).get(name) is None
    assert TIERED.get(name, lambda keys: dict.fromkeys(keys, "new")) == "new"


def test_debts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Debts(at_most=2)
    monkeypatch.setattr(own, "_payer", object())  # nobody pays
    own.owe(["a", "b", "c"])
    assert len(own) == 2
