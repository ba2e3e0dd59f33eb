"""After a look-up: keeping what was loaded, and waiting for what others load.

Nobody answers what was not in Redis while they asked: a read has its place among all reads and writes of a key, and whoever
reads after another, or after a write was acknowledged, never sees less.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import redis

from config.cache import leases
from config.cache.flights import MISSED
from config.cache.lookups import Lookup, lease_left
from config.cache.waiting import wait_for
from config.metrics import CACHE_FAIL_OPEN

TRIES: Final = 4
"""How often one waits for another who doesn't come back, or loads what somebody changes meanwhile, before one loads without the
right to fill."""


def fill(*loaded: tuple[Lookup[Any, Any], Mapping[Any, Any], float]) -> None:
    """Keep what was loaded of what was missing; what is not among it is not there.

    Where somebody has written meanwhile it is neither kept nor answered: it is asked for once more, by `settle`.

    Each with how many seconds its load took. Cost: 1 round trip to Redis.
    """
    places: list[tuple[Lookup[Any, Any], Any, bytes]] = []
    triples: list[Any] = []
    is_away = False
    for lookup, values, seconds in loaded:
        for key in lookup.missing:
            lookup.found[key] = values.get(key)
            if key not in lookup.tokens:
                lookup.tiered.loaded_without_right(key, values.get(key), lookup)
            else:
                raw, milliseconds = lookup.tiered.written(key, values.get(key), load_seconds=seconds)
                places.append((lookup, key, raw))
                triples += lookup.tokens[key], raw, milliseconds
    try:
        names = [lookup.tiered.name(key) for lookup, key, _raw in places]
        copies = [copy for lookup, key, _raw in places for copy in lookup.tiered.copies_of(key)]
        taken = leases.fill(names, triples, copies=copies) if places else []
    except redis.RedisError:
        taken, is_away = [0] * len(places), True
        for lookup, _values, _seconds in loaded:
            CACHE_FAIL_OPEN.labels("set", lookup.tiered.kind.name).inc()
    for (lookup, key, raw), done in zip(places, taken, strict=True):
        lookup.tiered.filled(key, raw, lookup.found[key], lookup, is_kept=bool(done))
        if not done and not is_away:
            del lookup.found[key]
            lookup.left[key] = b""
    for lookup, _values, _seconds in loaded:
        for key, flight in lookup.flights.items():
            flight.land(lookup.found.get(key) if key in lookup.found else MISSED)
        lookup.missing, lookup.tokens, lookup.flights = [], {}, {}


def settle(lookups: Sequence[Lookup[Any, Any]], load: Callable[[], None]) -> None:
    """Have everything known: `load` loads what is missing of all of these, if anything is, and fills it.

    Cost: `load`; where others are loading, their time, for the dead ones among them `wait_seconds`, and round trips to Redis.
    Raises: what `load` does, here or where it was waited for.
    """
    wait_seconds = max(lookup.tiered.kind.wait_seconds for lookup in lookups)
    for number in range(TRIES):
        _load_missing(lookups, load)
        if not any(lookup.awaited or lookup.left for lookup in lookups):
            return
        # Twice as long each time: were loads slower than all waits, none would ever be let come to its end.
        wait_for(lookups, until=time.monotonic() + wait_seconds * 2**number)
        lease_left(lookups)
    _load_missing(lookups, load)
    for lookup in lookups:
        lookup.left |= {key: raw for key, (raw, _flight, _opened) in lookup.awaited.items()}
        lookup.awaited = {}
        lookup.give_up()
    _load_missing(lookups, load)


def _load_missing(lookups: Sequence[Lookup[Any, Any]], load: Callable[[], None]) -> None:
    if not any(lookup.missing for lookup in lookups):
        return
    try:
        load()
    except BaseException as error:
        for lookup in lookups:
            lookup.fail(error)
        raise
