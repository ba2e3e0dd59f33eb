"""How hot an account is, cached: for readers, who must know all of its partitions, and for writers, who may not.

A writer asks the cache only, so that a follow stays one request: whoever doesn't know that an account is hot writes into
its first shard and part, where readers look in any case. What a writer knows may be a day old as to shards, for they
only grow; as to parts it must be younger than EPOCHS_MS, for a list that is to have fewer parts begins to have them
only after all writers have heard of it (`graph.promotion`).

Redis away: readers ask DynamoDB each time, half a unit; writers take every account for a quiet one.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import astuple, replace
from typing import Any, Final

from config import cache
from config.entities import UserId
from graph import heat_repository
from graph.entities import QUIET, Heat

KIND: Final = "heat"
FRESH_MS: Final = 30_000
"""For so long a reader trusts the cache: a new part or shard may be missed in lists for that long, not in a fan-out."""
JITTER_MS: Final = 10_000
EPOCHS_MS: Final = 60_000
KEPT_SECONDS: Final = 86_400


def heat_to_write(user_id: UserId) -> Heat:
    """How to spread a new edge.

    Cost: as `heats_to_write`.
    """
    return heats_to_write([user_id])[user_id]


def heats_to_write(user_ids: Iterable[UserId]) -> dict[UserId, Heat]:
    """How to spread new edges of each of these.

    Cost: 1 round trip to the cache, none to DynamoDB.
    """
    wanted = list(user_ids)
    kept, now_ms = cache.get_many(KIND, wanted), _now_ms()
    return {user_id: _heat_for_writer(kept.get(user_id), now_ms) for user_id in wanted}


def heat_if_known(user_id: UserId) -> Heat | None:
    """Where to read, if that is known without DynamoDB.

    Cost: 1 round trip to the cache.
    """
    kept = cache.get(KIND, user_id)
    if not kept or kept["until_ms"] <= _now_ms():
        return None
    return _heat_of(kept["heat"]) if kept["heat"] else QUIET


def heat_fetch(user_id: UserId, *, consistent: bool = False) -> Heat:
    """Where to read, from DynamoDB; kept in the cache.

    Cost: 1 round trip, 0.5 read units (1 if consistent).
    """
    at_ms = _now_ms()
    heat = heat_repository.heat_get(user_id, consistent=consistent)
    heat_keep(user_id, heat, at_ms=at_ms)
    return heat


def heat_of(user_id: UserId) -> Heat:
    """Where to read.

    Cost: 1 round trip to the cache; 0.5 read units twice a minute.
    """
    known = heat_if_known(user_id)
    return known if known is not None else heat_fetch(user_id)


def heat_keep(user_id: UserId, heat: Heat, *, at_ms: int) -> None:
    """Put what was read or stored at that time into the cache.

    Consistency: a reader may put back what was there before a promotion; it stands for FRESH_MS at the most.
    """
    until_ms = at_ms + FRESH_MS + random.randrange(JITTER_MS)
    value = {"at_ms": at_ms, "until_ms": until_ms, "heat": astuple(heat) if heat.version else None}
    ttl_seconds = KEPT_SECONDS if heat.version else (until_ms - at_ms) / 1000
    cache.set(KIND, user_id, value, ttl_seconds)


def _heat_for_writer(kept: dict[str, Any] | None, now_ms: int) -> Heat:
    if not kept or not kept["heat"]:
        return QUIET
    heat = _heat_of(kept["heat"])
    return heat if now_ms - kept["at_ms"] < EPOCHS_MS else replace(heat, epochs=QUIET.epochs)


def _heat_of(kept: list[Any]) -> Heat:
    shards, write_shards, epochs, version, calm_since_ms = kept
    return Heat(shards, write_shards, tuple(map(tuple, epochs)), version, calm_since_ms)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
