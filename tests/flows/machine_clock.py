"""The clock of a machine, which goes ahead by days at once; what the cache keeps for a while is gone with the while.

DynamoDB's own clock stays: it deletes nothing that has expired for the machine alone. The machine does so itself.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from django_redis import get_redis_connection

from config.ids import Mint

DAY_MS: Final = 86_400_000
_real_ns = time.time_ns


class Clock:
    """So far ahead of all others."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def time_ns(self) -> int:
        return _real_ns() + self.ahead_ns

    def time(self) -> float:
        return self.time_ns() / 1e9

    def now_ms(self) -> int:
        return self.time_ns() // 1_000_000

    def move(self, days: float) -> None:
        """On, and what Redis keeps grows as much older."""
        moved_ms = int(days * DAY_MS)
        self.ahead_ns += moved_ms * 1_000_000
        redis = get_redis_connection("default")
        keys = list(redis.scan_iter(count=1_000))
        ask = redis.pipeline(transaction=False)
        for key in keys:
            ask.pttl(key)
        change = redis.pipeline(transaction=False)
        for key, left_ms in zip(keys, ask.execute(), strict=True):
            if left_ms >= 0:  # else it stays for ever
                change.pexpire(key, left_ms - moved_ms)  # no more than 0: it goes
        change.execute()


@contextmanager
def moving_clock() -> Iterator[Clock]:
    """All of this process's code goes by it, and ids by ids of their own, which are those of times to come."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", clock.time_ns)
        patch.setattr(time, "time", clock.time)
        patch.setattr("config.ids._mint", Mint())
        yield clock
