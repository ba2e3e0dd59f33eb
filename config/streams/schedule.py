"""Shards waiting for their next step, served by a bounded number of threads."""

import heapq
import itertools
import time
from threading import Condition

from config.streams.reader import ShardReader


class Schedule:
    """A queue by due time. A reader is either in here or in the hands of one thread, so its steps never overlap."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, ShardReader]] = []
        self._order = itertools.count()
        self._changed = Condition()
        self._is_stopped = False

    def put(self, reader: ShardReader, wait_seconds: float) -> None:
        """Have the reader stepped after that time."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + wait_seconds, next(self._order), reader))
            self._changed.notify()

    def next(self) -> ShardReader | None:
        """The reader that is due, waited for; None once stopped."""
        with self._changed:
            while not self._is_stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def stop(self) -> None:
        """Send every thread home."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
