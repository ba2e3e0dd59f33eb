"""64-bit ids in the order of time, minted by any process without asking another.

Shape: 0 | 41 bits of milliseconds since 2024-01-01 (until 2093) | 22 bits that begin at random in each millisecond.

The first id of a millisecond draws its low bits at random, the next ones in the same process count on from there and
carry into the milliseconds if they must. No part of an id names a process: a fixed node number of 12 bits would make
two unlucky processes collide all their lives, while a fresh draw makes every millisecond a new, independent lottery.

Within a process ids only grow: when the clock steps back, the last id is counted on from until the clock has caught up.
After a fork the child draws anew in the next millisecond, for otherwise it would count on from the parent's last id.

The odds, honestly: two processes that mint one id each in the same millisecond, whether at the same time or after a
restart under a clock that was set back, get the same id once in 4.2 million times. n ids a millisecond from different
processes meet in n * n / 2 / 2**22 pairs a millisecond: at 1,000 ids a second in all that is one pair in more than two
hours, at 100,000 a second one every 0.8 seconds. So an id alone never proves that it is new: whatever it is the key of
is put under `attribute_not_exists` or a unique constraint, and a collision is a second draw, never a loss.

Cost: well under a microsecond. Thread-safe.
"""

import os
import random
import threading
import time

EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
LOW_BITS = 22
DIGITS = 19  # of the largest id, 2**63 - 1


class Mint:
    """One process's source of ids; the module keeps the only one that is used outside of tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random()
        self._last = 0

    def next(self, now_ms: int) -> int:
        """The next id at a wall clock of `now_ms`."""
        with self._lock:
            drawn = (now_ms - EPOCH_MS) << LOW_BITS | self._random.getrandbits(LOW_BITS)
            same_or_earlier_ms = drawn >> LOW_BITS <= self._last >> LOW_BITS
            self._last = self._last + 1 if same_or_earlier_ms else drawn
            return self._last

    def part_from_parent(self) -> None:
        """In a forked child: forget the parent's random state and leave its millisecond."""
        self._lock = threading.Lock()  # the parent's may have been held by a thread that does not exist here
        self._random = random.Random()
        if self._last:
            next_ms = (self._last >> LOW_BITS) + 1
            self._last = next_ms << LOW_BITS | self._random.getrandbits(LOW_BITS)


_mint = Mint()
os.register_at_fork(after_in_child=_mint.part_from_parent)


def next_id() -> int:
    """A new id, larger than every earlier one of this process."""
    return _mint.next(time.time_ns() // 1_000_000)


def id_at(time_ms: int) -> int:
    """A new id that says `time_ms`: for posts that are brought in with the time they were made at, never for new ones.

    Its low bits are drawn each time, so whoever stores it draws again where it is taken.
    """
    return first_id_at(time_ms) | random.getrandbits(LOW_BITS)


def id_time_ms(an_id: int) -> int:
    """When the id was minted.

    Units: milliseconds since 1970.
    """
    return (an_id >> LOW_BITS) + EPOCH_MS


def first_id_at(time_ms: int) -> int:
    """The smallest id that can be minted at `time_ms` or later: a bound for range conditions."""
    return max(time_ms - EPOCH_MS, 0) << LOW_BITS


def sort_key(an_id: int) -> str:
    """The id with leading zeros, so that strings sort as the numbers do."""
    return f"{an_id:0{DIGITS}d}"
