"""What is cached, in tiers: `Tiered` for what is read again and again, plain values in Redis (`shared`) for all the rest.

L1 in the process (`local`)  ->  L2 Redis, one round for a page (`lookups`, `leases`)  ->  what the caller loads
"""

from config.cache.filling import fill, settle
from config.cache.kinds import Kind
from config.cache.local import forget_local
from config.cache.lookups import Lookup, look_up
from config.cache.refreshing import soon
from config.cache.shared import (
    TIER,
    add_many,
    claim,
    count_up,
    delete,
    get,
    get_many,
    get_many_if_there,
    highest_many,
    keep_highest,
    set,  # noqa: A004  # read as cache.set(...)
    set_many,
)
from config.cache.tiered import Tiered
from config.cache.watching import watchers

__all__ = [
    "TIER",
    "Kind",
    "Lookup",
    "Tiered",
    "add_many",
    "claim",
    "count_up",
    "delete",
    "fill",
    "forget_local",
    "get",
    "get_many",
    "get_many_if_there",
    "highest_many",
    "keep_highest",
    "look_up",
    "set",
    "set_many",
    "settle",
    "soon",
    "watchers",
]
