"""Ports on this machine."""

import fcntl
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.messages import Problem, say

LOOPBACK = "127.0.0.1"


LOWEST = 11_000
"""Above the ports that are known by name, and those that browsers refuse."""
OF_CLIENTS = 32_768
"""Linux gives ports from here on to whoever connects, unless it is told otherwise."""
RANGE_OF_CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
TRIES = 1_000


def free_port() -> int:
    """A port that nobody listens on now, nor is given to who connects: a server may begin there later, and again.

    Another process may take it first, though of so many hardly the same: whoever starts an engine tries again.

    Raises: Problem if there is none.
    """
    above = _first_of_clients()
    for _try in range(TRIES):
        port = LOWEST + secrets.randbelow(above - LOWEST)
        if is_free(port):
            return port
    raise Problem(
        f"No port between {LOWEST} and {above} is free: stop some of the programs that listen on them."
    )


def _first_of_clients() -> int:
    try:
        first = int(RANGE_OF_CLIENTS.read_text().split()[0])
    except (OSError, ValueError, IndexError):  # another system, or no such folder
        first = OF_CLIENTS
    return first if first > 2 * LOWEST else OF_CLIENTS


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
