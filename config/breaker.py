"""Redis connections that give up quickly: a server that is away or hangs costs one timeout every few seconds.

The breaker sits below redis-py's commands and pipelines, so that Django's own cache (allauth's limits) has it as well.

    closed --(connect, write or read fails)--> open for COOL_DOWN_SECONDS: every command fails at once
    open   --(time is up)--> one thread probes, the others go on failing at once
    probe  --(answer)--> closed        probe --(fails)--> open again
"""

import threading
import time
from typing import Any
from urllib.parse import urlsplit

import redis
import structlog

from config.metrics import CACHE_BREAKER

COOL_DOWN_SECONDS = 3.0

logger = structlog.get_logger()


class Breaker:
    """The state of one server as this process sees it. Races cost at most a second probe, so nothing is locked."""

    def __init__(self) -> None:
        self._open_until = 0.0  # monotonic seconds; 0 is closed
        self._probing_thread: int | None = None

    def check(self) -> None:
        """Let a command pass, or refuse it at once.

        Raises: redis.ConnectionError while open.
        """
        if not self._open_until or threading.get_ident() == self._probing_thread:
            return
        now = time.monotonic()
        if now < self._open_until:
            message = "Redis was away a moment ago; it is not asked again yet"
            raise redis.ConnectionError(message)
        self._probing_thread, self._open_until = threading.get_ident(), now + COOL_DOWN_SECONDS

    def trip(self, cause: Exception) -> None:
        """Open: the server did not answer."""
        if not self._open_until:
            CACHE_BREAKER.inc()
            logger.warning("redis_given_up", cause=str(cause), for_seconds=COOL_DOWN_SECONDS)
        self._probing_thread, self._open_until = None, time.monotonic() + COOL_DOWN_SECONDS

    def close(self) -> None:
        """Close: the server answered."""
        if self._open_until:
            logger.info("redis_is_back")
            self._probing_thread, self._open_until = None, 0.0


_breakers: dict[tuple[str, int], Breaker] = {}


class _Breaking(redis.Connection):
    """Asks the breaker of its server before each command, and tells it how the command went."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._breaker = _breakers.setdefault((self.host, self.port), Breaker())

    def _connect(self) -> Any:
        self._breaker.check()
        try:
            return super()._connect()  # type: ignore[no-untyped-call]
        except OSError as cause:
            self._breaker.trip(cause)
            raise

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  # redis-py's
        self._breaker.check()
        try:
            super().send_packed_command(command, check_health)  # type: ignore[no-untyped-call]
        except (redis.ConnectionError, redis.TimeoutError) as cause:
            self._breaker.trip(cause)
            raise

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = super().read_response(*args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError) as cause:
            self._breaker.trip(cause)
            raise
        self._breaker.close()
        return answer


class BreakingConnection(_Breaking):
    """Over TCP."""


class BreakingTlsConnection(_Breaking, redis.SSLConnection):
    """Over TLS."""


def connection_class_for(url: str) -> type[redis.Connection]:
    """The breaking connection for a `redis://` or `rediss://` address."""
    return BreakingTlsConnection if urlsplit(url).scheme == "rediss" else BreakingConnection
