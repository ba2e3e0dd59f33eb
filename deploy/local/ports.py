"""Ports on this machine."""

import fcntl
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.messages import Problem, say

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now. Another process may take it first: whoever starts an engine tries again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Nobody listens on `port`, neither on the loopback nor on every interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_or(preferred: int) -> int:
    """`preferred` if it is free, else any free port."""
    return preferred if is_free(preferred) else free_port()


@contextmanager
def choosing() -> Iterator[None]:
    """One start of this user's at a time looks for ports, until its engines listen on them.

    Of two that are started at once both would find the usual ones free, and one would use the other's database.
    """
    with (Path(tempfile.gettempdir()) / f"roost-ports-{os.getuid()}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another bin/run is starting its engines: waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def require_free(port: int) -> None:
    """Raises: Problem when the web server could not listen on `port`."""
    if not 0 < port < 65536:
        raise Problem(f"{port} is not a port: give one between 1 and 65535, as in bin/run --port 8080")
    if not is_free(port):
        raise Problem(
            f"Port {port} is in use by another program (or not allowed for this user).\n"
            f"Stop that program, or choose another port: bin/run --port {free_port()}"
        )


def answers(port: int, question: bytes, expected: bytes) -> bool:
    """Whether what listens on `port` answers `question` with something that starts with `expected`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.settimeout(2)
            connection.sendall(question)
            return connection.recv(64).startswith(expected)
    except OSError:
        return False


def until_closed(port: int, timeout_seconds: float) -> bool:
    """Wait until nobody listens on `port`; false if somebody still does after `timeout_seconds`."""
    deadline = time.monotonic() + timeout_seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
