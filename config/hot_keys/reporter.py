"""The thread of a web process that tells of its hot keys every ten seconds; none where nothing is asked for.

note      counts, and starts the thread where there is none
thread    waits, tells, hears what all have told .... nothing was noted in a whole window: it withdraws and ends
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

import redis
import structlog
from django.conf import settings

from config.cache import watchers
from config.cache.tiers import ALL
from config.hot_keys.reports import KIND, WINDOW_SECONDS, HotKey, report, withdraw
from config.hot_keys.sketch import Sketch
from config.metrics import CACHE_FAIL_OPEN, HOT_READS

RANKS: Final = 10
STAYS_SHARE: Final = 0.5
logger = structlog.get_logger()


class Reporter:
    """Of one process. `told`: called with all hot keys each time that they are known anew; nothing, if Redis is away."""

    def __init__(self, *, window_seconds: float = WINDOW_SECONDS) -> None:
        self.told: list[Callable[[Sequence[HotKey]], None]] = [show, mark]
        self._window_seconds = window_seconds
        self.forked()

    def forked(self) -> None:
        """In a child: what the parent counted is the parent's, and its thread is not here."""
        self.process = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._sketch, self._lock = Sketch(), threading.Lock()
        self.thread: threading.Thread | None = None

    def note(self, kind: str, key: str | int) -> None:
        """A key is asked for: as `config.cache.watchers` call it."""
        if self.thread is None:
            self._start()
        self._sketch.note(kind, key)

    def _start(self) -> None:
        with self._lock:
            if self.thread is None:
                self._sketch.turn()  # the window begins now, not when something was last asked for
                self.thread = threading.Thread(target=self._run, name="hot-keys", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        pause, goes_on = threading.Event(), True
        try:
            while goes_on:
                pause.wait(self._window_seconds)
                goes_on = self._tell_if_possible()
        finally:
            self.thread = None  # the next key that is asked for starts another

    def _tell_if_possible(self) -> bool:
        try:
            return self.tell()
        except redis.RedisError as cause:
            CACHE_FAIL_OPEN.labels("set", KIND).inc()
            logger.debug("hot_keys_not_told", cause=str(cause))
            self._hear([])
            return True

    def tell(self) -> bool:
        """One turn; False if nothing was noted since the last one. Raises: redis.RedisError."""
        window = self._sketch.turn()
        if window.reads_per_second:
            self._hear(report(self.process, window))
            return True
        self._hear([])
        withdraw(self.process)
        return False

    def _hear(self, keys: Sequence[HotKey]) -> None:
        for told in self.told:
            told(keys)


def show(keys: Sequence[HotKey]) -> None:
    """In the metrics, by rank: keys are no labels."""
    for rank in range(RANKS):
        HOT_READS.labels(rank + 1).set(keys[rank].reads_per_second if rank < len(keys) else 0)


def mark(keys: Sequence[HotKey]) -> None:
    """To the cache: what is hot it refreshes in time, and asks for in copies. What has been hot stays so down to half as much."""
    rates = {(one.kind, one.key): one.reads_per_second for one in keys}
    for tiered in list(ALL):
        tiered.hot = {
            key
            for (kind, key), rate in rates.items()
            if kind == tiered.kind.name
            and rate >= settings.HOT_KEY_READS * (STAYS_SHARE if key in tiered.hot else 1)
        }


reporter: Final = Reporter()
os.register_at_fork(after_in_child=reporter.forked)


def begin() -> None:
    """In a process that serves pages: count what it is asked for. Idempotent."""
    if reporter.note not in watchers:
        watchers.append(reporter.note)
