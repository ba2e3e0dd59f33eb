"""How many requests to DynamoDB this process has under way at once, who waits for a place, and who is turned away.

    a place is free    sent at once
    none is            writes wait before reads, each in the order they came
    a page's read      waits until its page is READ_SECONDS old, its write longer, and a moment in any case, for a page that
                       has begun is worth finishing; then it is shed: `Overloaded`, 503
    workers, commands  wait; only who has waited for BACKGROUND_SECONDS gives up, as if DynamoDB were away
    a new page         is turned away before it does anything while as many reads wait as there are places (`is_full`)

The number of places falls by a third when an answer takes SLOW_SECONDS or does not come, once a second at most, and rises
by one for each round of good answers, up to ROOST_DYNAMODB_CONCURRENCY: additive increase, multiplicative decrease.
Throttles don't count, for they are of one table or partition, and have a policy of their own (`config.dynamodb.retry`).

A place is held for one try, never while waiting for something else, so nobody can wait for oneself.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from botocore.exceptions import BotoCoreError
from django.conf import settings

from config.dynamodb.errors import DatabaseUnavailable, Overloaded
from config.metrics import DYNAMODB_IN_FLIGHT, DYNAMODB_LIMIT, DYNAMODB_QUEUED, DYNAMODB_SHED

READ_SECONDS: Final = 1.0
WRITE_SECONDS: Final = 5.0
MOMENT_SECONDS: Final = 0.5
BACKGROUND_SECONDS: Final = 30.0
SLOW_SECONDS: Final = 1.0
LEAST: Final = 16
"""What one page may send side by side (`config.dynamodb.parallel`)."""
KEPT_SHARE: Final = 2 / 3

# When the page that is being served was asked for, in monotonic seconds; None outside of one.
page_began: ContextVar[float | None] = ContextVar("page_began", default=None)


class Admission:
    """The places of one process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self.in_flight = 0
        self._lock = threading.Lock()
        self._waiting: dict[bool, deque[threading.Event]] = {True: deque(), False: deque()}  # writes, reads
        self._narrowed_at = 0.0

    @property
    def is_full(self) -> bool:
        """So many reads wait that a page that begins now would only make it worse."""
        return len(self._waiting[False]) >= self.limit

    @contextmanager
    def place(self, *, write: bool) -> Iterator[None]:
        """Hold a place for one try. Raises: Overloaded, DatabaseUnavailable."""
        self._enter(write)
        began, answered = time.monotonic(), True
        try:
            yield
        except BotoCoreError:
            answered = False
            raise
        finally:
            now = time.monotonic()
            self._leave(now, is_good=answered and now - began < SLOW_SECONDS)

    def _enter(self, write: bool) -> None:  # noqa: FBT001  # of two kinds
        with self._lock:
            if self.in_flight < int(self.limit) and not self._waiting[True]:
                self.in_flight += 1
                DYNAMODB_IN_FLIGHT.set(self.in_flight)
                return
            mine = threading.Event()
            self._waiting[write].append(mine)
            self._show_waiting(write)
        mine.wait(_patience(write))
        with self._lock:
            if not mine.is_set():
                self._waiting[write].remove(mine)
                self._show_waiting(write)
                raise _turned_away(write)

    def _leave(self, now: float, *, is_good: bool) -> None:
        with self._lock:
            self._adapt(now, is_good=is_good)
            self.in_flight -= 1
            while self.in_flight < int(self.limit) and (write := self._next()) is not None:
                self._waiting[write].popleft().set()
                self.in_flight += 1
                self._show_waiting(write)
            DYNAMODB_IN_FLIGHT.set(self.in_flight)

    def _next(self) -> bool | None:
        return True if self._waiting[True] else False if self._waiting[False] else None

    def _adapt(self, now: float, *, is_good: bool) -> None:
        if is_good:
            if self.limit < self.most and self.in_flight * 2 >= self.limit:
                self.limit = min(float(self.most), self.limit + 1 / self.limit)
                DYNAMODB_LIMIT.set(int(self.limit))
        elif now - self._narrowed_at >= SLOW_SECONDS:
            self._narrowed_at = now
            self.limit = max(float(min(LEAST, self.most)), self.limit * KEPT_SHARE)
            DYNAMODB_LIMIT.set(int(self.limit))

    def _show_waiting(self, write: bool) -> None:  # noqa: FBT001  # of two kinds
        DYNAMODB_QUEUED.labels(_kind(write)).set(len(self._waiting[write]))


def _kind(write: bool) -> str:  # noqa: FBT001  # of two kinds
    return "write" if write else "read"


def _patience(write: bool) -> float:  # noqa: FBT001  # of two kinds
    began = page_began.get()
    if began is None:
        return BACKGROUND_SECONDS
    return max(MOMENT_SECONDS, began + (WRITE_SECONDS if write else READ_SECONDS) - time.monotonic())


def _turned_away(write: bool) -> Overloaded | DatabaseUnavailable:  # noqa: FBT001  # of two kinds
    if page_began.get() is None:
        return DatabaseUnavailable("The database did not answer. Try again in a moment.")
    DYNAMODB_SHED.labels(_kind(write)).inc()
    return Overloaded()


@cache
def admission() -> Admission:
    """That of this process; threads share it."""
    DYNAMODB_LIMIT.set(settings.DYNAMODB_CONCURRENCY)
    return Admission(settings.DYNAMODB_CONCURRENCY)


# What the parent has under way is not the child's.
os.register_at_fork(after_in_child=admission.cache_clear)
