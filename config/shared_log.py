"""A short log in Redis that every process has a copy of: what has happened lately, each entry read once a process.

    consumer    appends                                  a Redis stream, cut at LENGTH
    process     copy ....... reads what came since       along with whatever it asks Redis for (`config.answers`)

A position is a moment of the log, by Redis' clock. Of what came after one the copy gives all, or says that it can't: it
began later, or too much had come at once. Redis emptied, or the log lost: see `config.stamps`, which are lost with it.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import redis
from django_redis import get_redis_connection

from config.metrics import CACHE_FAIL_OPEN
from config.redis_names import name_of

LENGTH: Final = 10_000
SECONDS: Final = 3_600
AT_ONCE: Final = 1_000
_SEQUENCE_BITS: Final = 20
Row = tuple[bytes, Sequence[bytes]]


class SharedLog:
    """One log; texts are short."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._listeners: list[Callable[[Sequence[str]], None]] = []
        self._lock = threading.Lock()
        self._entries: deque[tuple[int, str]] = deque(maxlen=LENGTH)
        self._from = self._end = 0

    @property
    def key(self) -> str:
        """Where it lies in Redis."""
        return name_of("log", self.name)

    @property
    def copied_to(self) -> bytes:
        """The position up to which the copy goes, as Redis writes it."""
        return _written(self._end)

    def when_heard(self, listener: Callable[[Sequence[str]], None]) -> None:
        """Have it called with what is new in the copy, once a process, by whoever read it: it must be quick."""
        self._listeners.append(listener)

    def append(self, text: str) -> None:
        """Fail-open: who reads the log hears of it in another way, later.

        Cost: 1 round trip to Redis.
        """
        try:
            pipeline = get_redis_connection("default").pipeline(transaction=False)
            pipeline.xadd(self.key, {"t": text}, maxlen=LENGTH, approximate=True)
            pipeline.expire(self.key, SECONDS)
            pipeline.execute()
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("append", self.name).inc()

    def end(self) -> int | None:
        """The position now; None with Redis away. Cost: 1 round trip to Redis."""
        try:
            client: Any = get_redis_connection("default")
            rows: Sequence[Row] = client.xrevrange(self.key, count=1)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("end", self.name).inc()
            return None
        return _position(rows[0][0]) if rows else 0

    def begin_at(self, position: int) -> None:
        """A copy that has not begun, or that has fallen behind too far, begins there."""
        with self._lock:
            if self._end == 0:
                self._from = self._end = position

    def take(self, rows: Sequence[Row]) -> None:
        """Rows that follow the copy as it was when they were asked for, AT_ONCE at the most."""
        news = list[str]()
        with self._lock:
            for raw, fields in rows:
                position = _position(raw)
                if position > self._end:
                    news.append(fields[1].decode())
                    self._entries.append((position, news[-1]))
                    self._end = position
            if len(rows) >= AT_ONCE:  # more may have come than the log holds
                self._entries.clear()
                self._from = self._end
            elif len(self._entries) == LENGTH:
                self._from = self._entries[0][0]
        if news:
            for listener in self._listeners:
                listener(news)

    def since(self, position: int) -> tuple[list[str], int] | None:
        """What came after it, as far as is copied, and where that ends; None if it is not known."""
        with self._lock:
            if position < self._from:
                return None
            found = []
            for at, text in reversed(self._entries):
                if at <= position:
                    break
                found.append(text)
            return found, max(self._end, position)


def _position(raw: bytes) -> int:
    milliseconds, _, number = raw.partition(b"-")
    return int(milliseconds) << _SEQUENCE_BITS | int(number)


def _written(position: int) -> bytes:
    return b"%d-%d" % (position >> _SEQUENCE_BITS, position & (1 << _SEQUENCE_BITS) - 1)
