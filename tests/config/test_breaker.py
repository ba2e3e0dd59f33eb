"""The breaker's states, on its own."""

import threading
import time

import pytest
import redis

from config import breaker
from config.breaker import Breaker, BreakingConnection, BreakingTlsConnection, connection_class_for

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


def test_closed_lets_pass() -> None:
    assert passes(Breaker())


def test_open_refuses_everyone_at_once() -> None:
    state = Breaker()
    state.trip(CAUSE)
    assert not passes(state)
    assert not passes_elsewhere(state)


def test_one_thread_probes_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.05)
    state = Breaker()
    state.trip(CAUSE)
    time.sleep(0.06)
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 60)
    assert passes(state)
    assert passes(state), "connecting and sending are two steps of one probe"
    assert not passes_elsewhere(state)
    state.close()
    assert passes_elsewhere(state)


def test_a_failed_probe_opens_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 0.0)
    state = Breaker()
    state.trip(CAUSE)
    assert passes(state)
    monkeypatch.setattr(breaker, "COOL_DOWN_SECONDS", 60)
    state.trip(CAUSE)
    assert not passes(state)


def test_the_connection_fits_the_address() -> None:
    assert connection_class_for("redis://cache:6379/0") is BreakingConnection
    assert connection_class_for("rediss://cache:6379/0") is BreakingTlsConnection
