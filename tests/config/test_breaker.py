"""The breaker's states, on its own."""

import socket
import threading
import time

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import breaker
from config.breaker import (
    Breaker,
    BreakingConnection,
    BreakingPool,
    BreakingTlsConnection,
    State,
    breaker_at,
    breaker_of,
    connection_class_for,
)

CAUSE = redis.TimeoutError("no answer")


def passes(state: Breaker) -> bool:
    """Whether a command of this thread would be sent."""
    try:
        state.check()
    except redis.ConnectionError:
        return False
    return True


def passes_elsewhere(state: Breaker) -> bool:
    """Whether a command of another thread would be sent."""
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(passes(state)))
    thread.start()
    thread.join()
    return answers[0]


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """Open, and its time is up; the next time is not for a minute."""
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.0)
    state = Breaker()
    state.trip(CAUSE)
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 60)
    return state


def test_closed_lets_pass() -> None:
    assert not Breaker().check(), "and need not ask first"


def test_open_refuses_everyone_at_once() -> None:
    state = Breaker()
    state.trip(CAUSE)
    assert not passes(state)
    assert not passes_elsewhere(state)
    assert state.state is State.OPEN


def test_who_asks_nothing_yet_is_refused_without_becoming_the_one_who_asks(due: Breaker) -> None:
    due.refuse()  # its time is up
    assert due.check(), "whoever asks then is the first"
    due.refuse()  # their own question passes
    assert not passes_elsewhere(due)
    due.trip(CAUSE)
    with pytest.raises(redis.ConnectionError, match="a moment ago"):
        due.refuse()


def test_while_it_is_open_no_connection_is_taken() -> None:
    taken: list[str] = []

    class Counted(BreakingConnection):
        def connect(self) -> None:
            taken.append(self.host)
            super().connect()  # type: ignore[no-untyped-call]

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    pool = BreakingPool.from_url(
        f"redis://127.0.0.1:{port}", connection_class=Counted, retry=Retry(NoBackoff(), 0)
    )
    client = redis.Redis(connection_pool=pool)
    for _ in range(3):
        with pytest.raises(redis.ConnectionError):
            client.ping()
    assert len(taken) == 1, "the first found out"


def test_one_thread_asks_when_the_time_is_up(due: Breaker) -> None:
    assert due.check(), "it has to ask"
    assert not due.check(), "connecting and sending are two steps of one probe"
    assert not passes_elsewhere(due)
    due.probed()
    assert passes_elsewhere(due)
    assert due.state is State.CLOSED


def test_a_probe_that_fails_opens_again(due: Breaker) -> None:
    assert passes(due)
    due.trip(CAUSE)
    assert not passes(due)


def test_not_all_processes_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = {breaker._cool_down() for _ in range(50)}
    assert len(waits) > 10
    assert all(
        breaker.COOL_DOWN_SECONDS * (1 - breaker.JITTER) <= wait <= breaker.COOL_DOWN_SECONDS
        for wait in waits
    )


def test_after_long_it_settles_before_anything_is_read(due: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "SETTLING_AFTER_SECONDS", 0.0)
    assert due.check()
    with pytest.raises(redis.ConnectionError):
        due.probed()
    assert due.state is State.SETTLING
    assert not passes(due)
    due._open_until = time.monotonic()
    assert not due.check(), "no second question"
    assert due.state is State.CLOSED


def test_what_is_to_be_done_first_is_done_by_who_asked(due: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(
        breaker, "_when_back", [lambda: seen.append(passes(due) and not passes_elsewhere(due))]
    )
    due.check()
    due.probed()
    assert seen == [True]


def test_each_change_is_told_once() -> None:
    heard: list[State] = []
    state = Breaker()
    state.told.append(heard.append)
    for _ in range(3):
        state.trip(CAUSE)
    state.probed()
    assert heard == [State.OPEN, State.CLOSED]


def test_around_what_has_connections_of_its_own(due: Breaker) -> None:
    with pytest.raises(ZeroDivisionError), due.guarding(OSError):
        assert 1 / 0
    with pytest.raises(OSError, match="away"), due.guarding(OSError):
        raise OSError("away")
    with pytest.raises(redis.ConnectionError), due.guarding(OSError):
        pytest.fail("it was let in")


def test_roles_that_share_a_server_share_its_breaker() -> None:
    assert (
        breaker_of("redis://somewhere/1")
        is breaker_of("redis://somewhere:6379/0")
        is breaker_at("somewhere", 6379)
    )
    assert breaker_of("redis://somewhere:6380/0") is not breaker_at("somewhere", 6379)


def test_the_connection_fits_the_address() -> None:
    assert connection_class_for("redis://cache:6379/0") is BreakingConnection
    assert connection_class_for("rediss://cache:6379/0") is BreakingTlsConnection
