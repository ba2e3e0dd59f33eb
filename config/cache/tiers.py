"""What one kind has in a process: its L1, its flights, what its entries look like. `Tiered` is what selectors call."""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast
from weakref import WeakSet

import orjson

from config.cache import refreshing
from config.cache.copies import copy_name, pick_copy
from config.cache.entries import Entry, deadline, now_us, read, written
from config.cache.flights import Flights
from config.cache.kinds import Kind
from config.cache.local import TIER as LOCAL
from config.cache.local import Held, Local
from config.cache.shared import TIER
from config.dynamodb.joining import Flights as Joined
from config.metrics import (
    CACHE_FILLS_REFUSED,
    CACHE_HITS,
    CACHE_LOAD_SECONDS,
    CACHE_MISSES,
    CACHE_STALE,
)
from config.redis_names import name_of

if TYPE_CHECKING:
    from config.cache.lookups import Lookup

K = TypeVar("K", bound=str | int)
V = TypeVar("V")
T = TypeVar("T")
Load = Callable[[list[K]], Mapping[K, V]]


ALL: "WeakSet[Tiers[Any, Any]]" = WeakSet()


class Tiers(Generic[K, V]):
    """L1, flights and entries of one kind."""

    def __init__(
        self,
        kind: Kind,
        *,
        write: Callable[[V], Any],
        read: Callable[[Any], V],
        version_of: Callable[[V], int] | None = None,
        seconds_of: Callable[[K, V | None], float] | None = None,
    ) -> None:
        """`write` makes JSON, `read` the value of it.

        version_of   what a later version has more of; values that are `put` with versions need it
        seconds_of   how long this one is fresh, if that is not the same for all; 0: it is not kept
        """
        self.kind: Final = kind
        self.local: Final = Local(kind)
        self.flights: Final = Flights()
        self.joined = Joined()
        ALL.add(self)
        self.write: Final = write
        self.read: Final = read
        self.version_of: Final = version_of
        self._seconds_of = seconds_of
        self.hot: AbstractSet[K] = frozenset()
        self.copy = pick_copy(kind)
        self._prefix: str | None = None
        self._local_hits = CACHE_HITS.labels(LOCAL, kind.name)
        self._stale, self._refused = CACHE_STALE.labels(kind.name), CACHE_FILLS_REFUSED.labels(kind.name)
        self._load_seconds = CACHE_LOAD_SECONDS.labels(kind.name)
        self._hits, self._misses = CACHE_HITS.labels(TIER, kind.name), CACHE_MISSES.labels(TIER, kind.name)

    def name(self, key: K) -> str:
        """What Redis knows a key by."""
        if self._prefix is None:
            self._prefix = name_of(self.kind.name, f"{self.kind.version}:")
        return f"{self._prefix}{key}"

    def copies_of(self, key: K) -> list[str]:
        """What Redis knows copies of its entry by, whether or not there are any."""
        if not self.kind.copies:
            return []
        name = self.name(key)
        return [copy_name(name, number) for number in range(1, self.kind.copies + 1)]

    def copy_asked(self, key: K) -> str | None:
        """The copy that this process asks for instead of the entry, if that is hot."""
        return copy_name(self.name(key), self.copy) if self.copy and key in self.hot else None

    def name_to_ask(self, key: K) -> str:
        """Where it is looked for first."""
        return self.copy_asked(key) or self.name(key)

    def value_of(self, key: K, raw: bytes, lookup: "Lookup[K, V]") -> V | None:
        """What an entry says, parsed unless this process holds what it made of the same bytes; notes if it is due."""
        fresh_until_us, load_us = deadline(raw)
        is_stale, is_due = refreshing.judge(fresh_until_us, load_us, is_hot=key in self.hot)
        if is_due:
            lookup.due[key] = raw
        if is_stale:
            self._stale.inc()
        held = self.local.get(key)
        if held is not None and held.raw == raw:
            value: V | None = held.value
            if not self.kind.local_seconds:
                return value
        else:
            payload = read(raw).payload
            value = None if payload is None else self.read(orjson.loads(payload))
        self.local.put(key, raw, value, lookup.asked[key])
        return value

    def answer_locally(self, keys: list[K], found: dict[K, V | None]) -> list[K]:
        """Put what this process may answer by itself into `found`; the others."""
        if not self.kind.local_seconds:
            return keys
        now = time.monotonic()
        return self._answer(keys, found, lambda held: held.until > now)

    def answer_without_redis(self, keys: Iterable[K], found: dict[K, V | None]) -> list[K]:
        """The same while Redis is away: for as much longer as the kind may be stale, or as it may be old then."""
        if not self._stands_alone:
            return list(keys)
        now, longer, away = time.monotonic(), self.kind.stale_seconds, self.kind.away_seconds
        return self._answer(keys, found, lambda held: max(held.until + longer, held.since + away) > now)

    @property
    def _stands_alone(self) -> bool:
        return bool(self.kind.local_seconds or self.kind.away_seconds)

    def _answer(self, keys: Iterable[K], found: dict[K, V | None], stands: Callable[[Held], bool]) -> list[K]:
        rest, hits = [], 0
        for key in keys:
            held = self.local.get(key)
            if held is not None and stands(held):
                found[key] = held.value
                hits += 1
            else:
                rest.append(key)
        if hits:
            self._local_hits.inc(hits)
        return rest

    def count(self, hits: int, misses: int) -> None:
        """What Redis knew and did not know."""
        self._hits.inc(hits)
        self._misses.inc(misses)

    def written(
        self,
        key: K,
        value: V | None,
        *,
        load_seconds: float = 0,
        version: int | None = None,
        seconds: float | None = None,
    ) -> tuple[bytes, int]:
        """The bytes of a value or of an absence, and for how many milliseconds; nothing if it is not to be kept."""
        kind = self.kind
        if seconds is None:
            seconds = kind.absent_seconds if value is None else kind.seconds
            seconds = seconds if self._seconds_of is None else self._seconds_of(key, value)
        if seconds <= 0:
            return b"", 0
        if version is None:
            version = self.version_of(value) if self.version_of is not None and value is not None else 0
        fresh = kind.spread(seconds)
        payload = None if value is None else orjson.dumps(self.write(value))
        entry = Entry(version, now_us() + int(fresh * 1e6), int(load_seconds * 1e6), payload)
        return written(entry), max(1, int((fresh + kind.stale_seconds) * 1000))

    def filled(self, key: K, raw: bytes, value: V | None, lookup: "Lookup[K, V]", *, is_kept: bool) -> None:
        """What came of a fill."""
        if not is_kept:
            self._refused.inc()
        elif raw:
            self.local.put(key, raw, value, lookup.asked[key])

    def loaded_without_right(self, key: K, value: V | None, lookup: "Lookup[K, V]") -> None:
        """Here it stands no older one, that would be answered next. With Redis away it stands as long as any does here."""
        raw, _milliseconds = self.written(key, value) if lookup.is_away and self._stands_alone else (b"", 0)
        if raw:
            self.local.put(key, raw, value, lookup.asked[key])
        else:
            self.local.forget(key)

    def together(self, keys: Sequence[K], read: Callable[[], T]) -> T:
        """What one read gives that begins from now on, for all threads that ask for just these keys before it does.

        So a crowd is two at a time, for Redis as well. What is given is shared, and not to be changed.
        """
        return cast("T", self.joined.share(orjson.dumps(keys), read))

    def timed(self, load: Load[K, V], keys: list[K]) -> tuple[Mapping[K, V], float]:
        """What a load gives, and how many seconds it took."""
        began = time.perf_counter()
        values = load(keys)
        seconds = time.perf_counter() - began
        self._load_seconds.observe(seconds)
        return values, seconds


def _after_fork() -> None:
    """Nobody here lands what the parent's threads were at."""
    for one in ALL:
        one.joined = Joined()
        one.copy = pick_copy(one.kind)


os.register_at_fork(after_in_child=_after_fork)
