"""Whether this process is about to end: asked by answers that go on for minutes, so that a server stops in good order.

A server says so by `begin` (`deploy/gunicorn_worker.py`); where none does, answers end when their time is up.
"""

from collections.abc import Callable
from threading import Event

_begun = Event()
_woken: list[Callable[[], None]] = []


def when_closing(wake: Callable[[], None]) -> None:
    """Have this called once the process is about to end: from a signal's handler, so it may wait for nothing long."""
    _woken.append(wake)


def begin() -> None:
    """The process is about to end."""
    _begun.set()
    for wake in _woken:
        wake()


def is_closing() -> bool:
    """Whether it is."""
    return _begun.is_set()
