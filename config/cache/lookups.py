"""One look at all tiers for a page: what is known of its keys, of however many kinds, and who loads the rest.

    look_up   L1, then one MGET for all others; a second round only where something is missing, to leave tokens
    ... the caller loads what is `missing`
    fill      keeps what was loaded, and lets those know who wait for it (`filling`)
    settle    waits for what others are loading, and takes over from who doesn't come back

Who finds something missing is given the right to fill it, by a token, and everybody else waits for them. Nobody waits before
they have filled what is theirs, so two can't wait for each other.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import uuid4

import redis

from config.cache import leases, refreshing, watching
from config.cache.entries import CHANGED, DOUBT, is_entry, is_lease
from config.cache.flights import MISSED, Flight
from config.metrics import CACHE_FAIL_OPEN

if TYPE_CHECKING:
    from config.cache.tiers import Tiers

K = TypeVar("K", bound=str | int)
V = TypeVar("V")


class Lookup(Generic[K, V]):
    """What is known of some keys of one kind. `found` has None for what is known not to be there.

    missing   the caller's to load and to `fill`
    changed   those of them that were changed a moment ago, and must be read strongly
    due       found, and soon or already past its time: `Tiered.refresh`
    """

    def __init__(self, tiered: "Tiers[K, V]", keys: Iterable[K]) -> None:
        self.tiered = tiered
        self.found: dict[K, V | None] = {}
        self.missing: list[K] = []
        self.changed: set[K] = set()
        self.is_away = False
        self.due: dict[K, bytes] = {}
        self.tokens: dict[K, bytes] = {}
        self.flights: dict[K, Flight] = {}
        self.awaited: dict[K, tuple[bytes, Flight, bool]] = {}  # token, and whether it was opened here
        self.left: dict[K, bytes] = {}
        wanted = list(dict.fromkeys(keys))
        watching.tell(tiered.kind.name, wanted)
        self.asked = {key: tiered.local.asked(key) for key in wanted}
        rest = tiered.answer_locally(wanted, self.found)
        self.left = dict.fromkeys(rest, b"")

    def take(self, key: K, raw: bytes | None, token: bytes | None) -> None:
        """Judge what Redis has said of a key; `token` is what was left there now, None if nothing was."""
        self.left.pop(key, None)
        if is_entry(raw):
            self.found[key] = self.tiered.value_of(key, raw, self)
        elif raw is not None and token is not None and raw[1:] == token:
            self.missing.append(key)
            self.tokens[key] = raw
            if raw[:1] == CHANGED:
                self.changed.add(key)
            self.flights[key], _opened = self.tiered.flights.board(self.tiered.name(key), raw)
        elif is_lease(raw):
            flight, opened = self.tiered.flights.board(self.tiered.name(key), raw)
            self.awaited[key] = raw, flight, opened
        elif raw == DOUBT:
            self.missing.append(key)
            self.changed.add(key)
        else:
            self.left[key] = raw or b""

    def give_up(self, *, is_away: bool = False) -> None:
        """Redis is away, or too many have not come back: what is not known is the caller's to load, without a right."""
        self.is_away |= is_away
        for key in self.tiered.answer_without_redis(self.left, self.found):
            self.missing.append(key)
            if self.left[key][:1] == CHANGED:
                self.changed.add(key)
        self.left = {}

    def fail(self, error: BaseException) -> None:
        """The load has failed: so it has for all who wait for it here; others are let load."""
        for flight in self.flights.values():
            flight.crash(error)
        tokens, self.tokens, self.flights, self.missing = self.tokens, {}, {}, []
        if not tokens:
            return
        try:
            triples = [part for token in tokens.values() for part in (token, b"", 0)]
            leases.fill([self.tiered.name(key) for key in tokens], triples, copies=())
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("set", self.tiered.kind.name).inc()

    def __del__(self) -> None:
        """Whoever waits for what nobody has filled asks for themselves."""
        for flight in self.flights.values():
            flight.land(MISSED)


def look_up(*asked: "tuple[Tiers[Any, Any], Iterable[Any]]") -> list[Lookup[Any, Any]]:
    """What is known of these keys, of each kind.

    Cost: 1 round trip to Redis, 2 if something is missing; none if this process may answer by itself.
    """
    lookups = [Lookup(tiered, keys) for tiered, keys in asked]
    places = [(lookup, key) for lookup in lookups for key in lookup.left]
    if not places:
        return lookups
    try:
        raws = leases.ask([lookup.tiered.name_to_ask(key) for lookup, key in places])
    except redis.RedisError:
        _away(lookups, "get")
        return lookups
    before = [len(lookup.found) for lookup in lookups]
    for (lookup, key), raw in zip(places, raws, strict=True):
        lookup.take(key, raw, None)
    lease_left(lookups)  # where a copy is missing, it finds the entry itself
    for lookup, known in zip(lookups, before, strict=True):
        lookup.tiered.count(len(lookup.found) - known, len(lookup.asked) - len(lookup.found))
    return lookups


def lease_left(lookups: Sequence[Lookup[Any, Any]]) -> None:
    """Leave tokens for what is left, or take over the leases that were seen."""
    places = [(lookup, key, seen) for lookup in lookups for key, seen in lookup.left.items()]
    if not places:
        return
    token = uuid4().bytes
    try:
        names = [lookup.tiered.name(key) for lookup, key, _seen in places]
        raws = leases.lease(names, [seen for _lookup, _key, seen in places], token)
    except redis.RedisError:
        _away(lookups, "lease")
        return
    for (lookup, key, _seen), raw in zip(places, raws, strict=True):
        lookup.take(key, raw, token)
        if is_entry(raw) and lookup.tiered.copy_asked(key):
            refreshing.copy_soon(lookup.tiered, key, raw)


def _away(lookups: Sequence[Lookup[Any, Any]], operation: str) -> None:
    for lookup in lookups:
        if lookup.left:
            CACHE_FAIL_OPEN.labels(operation, lookup.tiered.kind.name).inc()
            lookup.give_up(is_away=True)
