"""Redis connections that give up quickly: a server that is away or hangs costs one time limit a process every few seconds.

The breaker sits below redis-py's commands and pipelines, so that Django's own cache (allauth's limits) has it as well.

    closed    --(connect, write or read fails)--> open for COOL_DOWN_SECONDS, less some jitter: every command fails at once
    open      --(time is up)--> the next thread that wants something pings first; the others go on failing at once
    ping      --(no answer)--> open again
    ping      --(answer)--> what was owed is paid (`when_back`); closed, or after a longer outage settling
    settling  --(COOL_DOWN_SECONDS)--> closed

While it settles nothing is read yet: other processes, which saw the server return a little later, take out first what
they could not take out while it was away (`config.redis_debts`).

There is one for each server; `config.redis_roles` says what it serves.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import redis
import structlog

COOL_DOWN_SECONDS: float = 3.0
JITTER: Final = 0.25
"""Up to this share of the time is left out, so that processes don't all ask at once."""
SETTLING_AFTER_SECONDS: float = 5.0
DEFAULT_PORT: Final = 6379

logger = structlog.get_logger()

Hook = TypeVar("Hook", bound=Callable[[], None])
_when_back: list[Callable[[], None]] = []


class State(StrEnum):
    """Of a breaker."""

    CLOSED = "closed"
    OPEN = "open"
    SETTLING = "settling"


class Breaker:
    """The state of one server as this process sees it. Races cost at most a second probe, so nothing is locked."""

    def __init__(self, server: str = "") -> None:
        self.server = server
        self.told: list[Callable[[State], None]] = []  # of each change
        self._open_until = 0.0  # monotonic seconds; 0 is closed
        self._open_since = 0.0
        self._settling = False
        self._probing_thread: int | None = None

    @property
    def state(self) -> State:
        """As of the last command."""
        return State.CLOSED if not self._open_until else State.SETTLING if self._settling else State.OPEN

    def refuse(self) -> None:
        """What `check` refuses, for whoever asks nothing yet: before a connection is taken, and a command put together.

        Raises: redis.ConnectionError while open.
        """
        if self._open_until and threading.get_ident() != self._probing_thread:
            self._refuse_until(self._open_until)

    @staticmethod
    def _refuse_until(open_until: float) -> None:
        if time.monotonic() < open_until:
            message = "Redis was away a moment ago; it is not asked again yet"
            raise redis.ConnectionError(message)

    def check(self) -> bool:
        """Let a command pass, or refuse it at once. Whether it is to ask first if the server is there: `probed`.

        Raises: redis.ConnectionError while open.
        """
        if not self._open_until:
            return False
        if threading.get_ident() == self._probing_thread:
            return False
        self._refuse_until(self._open_until)
        if self._settling:
            self._close()
            return False
        self._probing_thread = threading.get_ident()
        self._open_until = time.monotonic() + _cool_down()
        return True

    def trip(self, cause: Exception) -> None:
        """Open: the server did not answer."""
        now = time.monotonic()
        if not self._open_until:
            self._open_since = now
            logger.warning("redis_given_up", server=self.server, cause=str(cause))
        was, self._settling = self.state, False
        self._probing_thread, self._open_until = None, now + _cool_down()
        if was is not State.OPEN:
            self._tell()

    def probed(self) -> None:
        """The server answered this thread's question: pay what is owed, then close, or settle first.

        Raises: redis.RedisError if it went away meanwhile, redis.ConnectionError while it settles.
        """
        for hook in _when_back:
            hook()
        now = time.monotonic()
        if now - self._open_since < SETTLING_AFTER_SECONDS:
            self._close()
            return
        self._probing_thread, self._settling, self._open_until = None, True, now + COOL_DOWN_SECONDS
        self._tell()
        message = "Redis is back, and not asked before everybody knows"
        raise redis.ConnectionError(message)

    def _close(self) -> None:
        logger.info(
            "redis_is_back", server=self.server, after_seconds=round(time.monotonic() - self._open_since, 1)
        )
        self._probing_thread, self._settling, self._open_until = None, False, 0.0
        self._tell()

    def _tell(self) -> None:
        for told in self.told:
            told(self.state)

    @contextmanager
    def guarding(self, *outages: type[Exception]) -> Iterator[None]:
        """For a server whose connections are not ours: what is done within is refused at once while it is open.

        Raises: redis.ConnectionError; what is raised within, of which `outages` open it.
        """
        asks = self.check()
        try:
            yield
        except outages as cause:
            self.trip(cause)
            raise
        if asks:
            with suppress(
                redis.RedisError
            ):  # what was done is done; that it settles first is for the next one to hear
                self.probed()


def when_back(hook: Hook) -> Hook:
    """Have this called once a server is back, before anything else is asked of it, by the thread that found out."""
    _when_back.append(hook)
    return hook


def _cool_down() -> float:
    return COOL_DOWN_SECONDS * random.uniform(1 - JITTER, 1)


_breakers: dict[tuple[str, int], Breaker] = {}


def breaker_at(host: str, port: int) -> Breaker:
    """That of a server, the same for all that is asked of it."""
    return _breakers.setdefault((host, port), Breaker(f"{host}:{port}"))


def breaker_of(url: str) -> Breaker:
    """The same by its address."""
    parts = urlsplit(url)
    return breaker_at(parts.hostname or "localhost", parts.port or DEFAULT_PORT)


class BreakingPool(redis.ConnectionPool):
    """Refuses at once what its connections would refuse: a page asks a dozen times, and each would take one and give it back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._breaker = breaker_at(self.connection_kwargs["host"], self.connection_kwargs["port"])

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:
        """As redis-py's. Raises: redis.ConnectionError while the breaker is open."""
        self._breaker.refuse()
        return super().get_connection(*args, **kwargs)


class _Breaking(redis.Connection):
    """Asks the breaker of its server before each command, and tells it how the command went."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._breaker = breaker_at(self.host, self.port)
        self._is_to_ask = False

    def _connect(self) -> Any:
        self._is_to_ask |= self._breaker.check()
        try:
            return super()._connect()  # type: ignore[no-untyped-call]
        except OSError as cause:
            self._breaker.trip(cause)
            raise

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  # redis-py's
        self._is_to_ask |= self._breaker.check()
        if self._is_to_ask and check_health:  # not within the handshake
            self._is_to_ask = False
            self._send(self.pack_command("PING"), check_health=False)  # type: ignore[no-untyped-call]
            self.read_response()
            self._breaker.probed()
        self._send(command, check_health=check_health)

    def _send(self, command: Any, *, check_health: bool) -> None:
        try:
            super().send_packed_command(command, check_health)  # type: ignore[no-untyped-call]
        except (redis.ConnectionError, redis.TimeoutError) as cause:
            self._breaker.trip(cause)
            raise

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().read_response(*args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError) as cause:
            self._breaker.trip(cause)
            raise


class BreakingConnection(_Breaking):
    """Over TCP."""


class BreakingTlsConnection(_Breaking, redis.SSLConnection):
    """Over TLS."""


def connection_class_for(url: str) -> type[redis.Connection]:
    """The breaking connection for a `redis://` or `rediss://` address."""
    return BreakingTlsConnection if urlsplit(url).scheme == "rediss" else BreakingConnection
