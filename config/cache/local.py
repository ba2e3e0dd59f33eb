"""L1: what this process has parsed, bounded by entries and bytes, least recently used first out.

A value is found again by the bytes it was parsed from, so that a look at Redis says whether it still stands; for the
`local_seconds` of its kind it stands without that. What a process forgets meanwhile is not put back by a reader of before:

    reader   notes the epoch, asks Redis: old ........................ puts it here: refused, the epoch has moved
    writer                                  writes, Redis forgets, moves the epoch, forgets here

    reader   asks Redis: old ....................................... finds another value that was put since: neither stays
    another                  asks Redis: new ... puts it

One cache a kind, so that none pushes out another. Nothing runs in a thread of its own, so it may be forked.
"""

import threading
import time
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from cachebox import LRUCache

from config.cache.kinds import Kind
from config.metrics import CACHE_BYTES, CACHE_EVICTIONS

TIER: Final = "local"
STRIPES: Final = 1024
OVERHEAD_BYTES: Final = 400
"""Of an entry besides its bytes: key, tuple, and about what Python makes of short JSON."""
BLOW_UP: Final = 4
"""How many times its JSON a parsed value takes, about."""
LOCALS: "WeakSet[Local]" = WeakSet()


class Held(NamedTuple):
    """A value, or None for an absence, and the bytes it was made of; since and until when it stands by itself (monotonic)."""

    raw: bytes
    value: Any
    since: float
    until: float
    size: int


class Asked(NamedTuple):
    """What a reader notes before Redis is asked."""

    epoch: int
    at: float


class Local:
    """The L1 of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._seconds = kind.local_seconds
        self.kind = kind
        self._least = max(1, kind.local_bytes // kind.local_entries)
        self._most = kind.local_bytes // 8
        self._held: LRUCache[str | int, Held] = LRUCache(kind.local_bytes, getsizeof=_size_of)
        self._epochs = [0] * STRIPES
        self._lock = threading.Lock()
        self._evicted = CACHE_EVICTIONS.labels(TIER, kind.name)
        self._bytes = CACHE_BYTES.labels(TIER, kind.name)
        LOCALS.add(self)

    def get(self, key: str | int) -> Held | None:
        """What is held under a key, whether or not it still stands."""
        return self._held.get(key)

    def asked(self, key: str | int) -> Asked:
        """To be noted before Redis is asked."""
        return Asked(self._epochs[hash(key) % STRIPES], time.monotonic())

    def put(self, key: str | int, raw: bytes, value: Any, asked: Asked) -> None:
        """Hold what was found, unless the key was forgotten since Redis was asked.

        Of two that were found at about the same time it can't be told which is newer: neither is held then.
        """
        size = max(self._least, OVERHEAD_BYTES + BLOW_UP * len(raw))
        now = time.monotonic()
        until = asked.at + self.kind.spread(self._seconds) if self._seconds else 0.0
        with self._lock:
            is_late = self._epochs[hash(key) % STRIPES] != asked.epoch
            there: Held | None = self._held.get(key)
            if (
                there is not None
                and there.raw != raw
                and (is_late or there.since >= asked.at or size > self._most)
            ):
                self._drop(key)
            elif not is_late and size <= self._most:
                expected = len(self._held) + (there is None)
                self._held.insert(key, Held(raw, value, now, until, size))
                self._count(expected)

    def _drop(self, key: str | int) -> None:
        self._epochs[hash(key) % STRIPES] += 1
        self._held.pop(key, None)

    def _count(self, expected: int) -> None:
        if expected > len(self._held):
            self._evicted.inc(expected - len(self._held))
        self._bytes.set(self._held.current_size())

    def forget(self, *keys: str | int) -> None:
        """Once Redis has forgotten them."""
        with self._lock:
            for key in keys:
                self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._epochs = [epoch + 1 for epoch in self._epochs]
            self._held.clear()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def size_bytes(self) -> int:
        """What it counts as held."""
        return self._held.current_size()


def _size_of(_key: str | int, held: Held) -> int:
    return held.size


def forget_local() -> None:
    """Forget what this process holds of every kind: after Redis was emptied on purpose."""
    for local in LOCALS:
        local.clear()
