"""Waiting for what others load: for a flight of this process by its future, for another's by asking Redis now and then."""

import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TookTooLong
from typing import TYPE_CHECKING, Any, Final

import redis
import structlog

from config.cache import leases
from config.cache.entries import is_entry
from config.cache.flights import MISSED, Flight
from config.metrics import CACHE_COALESCED

if TYPE_CHECKING:
    from config.cache.lookups import Lookup

logger = structlog.get_logger()

FIRST_PAUSE_SECONDS: Final = 0.002
LONGEST_PAUSE_SECONDS: Final = 0.02
LIVING_SECONDS: Final = 2.0
"""How much longer one waits for somebody of this process, who says so if their load comes to nothing."""


def wait_for(lookups: "Sequence[Lookup[Any, Any]]", *, until: float) -> None:
    """Take what others bring until about that moment (monotonic); what they don't is `left`, with what was seen of it.

    Cost: a round trip to Redis every few milliseconds if another process loads it, and nobody else here asks for it.
    Raises: what a load in this process raised.
    """
    _ask_now_and_then(lookups, until)
    for lookup in lookups:
        awaited, lookup.awaited = lookup.awaited, {}
        for key, (raw, flight, opened) in awaited.items():
            value = _brought(flight, until if opened else until + LIVING_SECONDS)
            if value is MISSED:
                lookup.left[key] = raw
                continue
            lookup.found[key] = value
            CACHE_COALESCED.labels(lookup.tiered.kind.name, "processes" if opened else "threads").inc()


def _brought(flight: Flight, until: float) -> Any:
    try:
        return flight.future.result(max(0.0, until - time.monotonic()))
    except (TookTooLong, CancelledError):
        return MISSED


def _ask_now_and_then(lookups: "Sequence[Lookup[Any, Any]]", until: float) -> None:
    """Land the flights of other processes that were opened here, whatever comes of them."""
    asked = [
        (lookup, key, raw, flight)
        for lookup in lookups
        for key, (raw, flight, opened) in lookup.awaited.items()
        if opened
    ]
    pause = FIRST_PAUSE_SECONDS
    try:
        while asked and time.monotonic() < until:
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
            raws = leases.ask([lookup.tiered.name(key) for lookup, key, _raw, _flight in asked])
            still = []
            for place, now in zip(asked, raws, strict=True):
                lookup, key, raw, flight = place
                if now == raw:
                    still.append(place)
                else:
                    flight.land(lookup.tiered.value_of(key, now, lookup) if is_entry(now) else MISSED)
            asked = still
    except redis.RedisError as error:  # counted by the next round, which finds Redis away too
        logger.debug("cache_wait_ended", error=repr(error))
    for _lookup, _key, _raw, flight in asked:
        flight.land(MISSED)
