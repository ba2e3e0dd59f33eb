"""Many follows at once: of made-up people without accounts, whose ids and handles follow from their number; of real ones."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.ids import LOW_BITS, first_id_at, id_at, next_id
from graph import bulk_repository, counter_repository, heat_repository, repository
from graph.bulk_repository import Bulk
from graph.entities import Edge, Heat
from graph.heat import heats_to_write
from graph.promotion import heat_store, spread

STRETCH: Final = 2_000


def followers_make(
    *,
    followee_id: UserId,
    followee_handle: str,
    number: int,
    progress: Callable[[int, int], None],
    own_counters: bool = True,
) -> int:
    """Give an account so many more followers; what was broken off is ended first and counts. How many were made.

    The account is spread before, as its size will demand. Their follows are dated a millisecond apart, ending now.

    Cost: 5 write units a follower.
    Idempotent: work that was broken off is taken up where it was.
    """
    bulk = bulk_repository.bulk_get(followee_id)
    heat = _heat_for(followee_id, bulk.total - bulk.done if bulk else number)
    if bulk is None:
        first_edge_id = first_id_at(time.time_ns() // 1_000_000 - number)
        bulk = Bulk(number, 0, next_id(), first_edge_id, heat.write_shards)
        bulk_repository.bulk_begin(followee_id, bulk)
    while bulk.done < bulk.total:
        stretch = range(bulk.done, min(bulk.done + STRETCH, bulk.total))
        edges = [_edge(bulk, position, followee_id, followee_handle) for position in stretch]
        bulk = bulk_repository.edges_put_bulk(edges, heat, bulk, own_counters=own_counters)
        progress(bulk.done, bulk.total)
    counter_repository.fold(followee_id, shards=heat.shards, now_ms=time.time_ns() // 1_000_000)
    bulk_repository.bulk_end(followee_id)
    return bulk.total


def follows_bring(*, follower_id: UserId, at_ms: Mapping[UserId, int]) -> None:
    """Somebody follows all of these, each since so long ago, as brought in from elsewhere. Nobody is asked.

    Cost: 2 round trips to the cache; as `follows_put`, 33 a request; 10 write units and 1 request each where one of these is there already.
    Idempotent: by follower and followee. Raises: Blocked, TooManyFollowing.
    """
    cards, known = profiles_by_ids([follower_id, *at_ms]), heats_to_write(at_ms)
    for first in range(0, len(at_ms), bulk_repository.FOLLOWS_AT_ONCE):
        followees = list(at_ms)[first : first + bulk_repository.FOLLOWS_AT_ONCE]
        edges = [
            Edge(
                follower_id,
                followee_id,
                id_at(at_ms[followee_id]),
                follower_handle=cards[follower_id].handle,
                followee_handle=cards[followee_id].handle,
            )
            for followee_id in followees
        ]
        heats = [known[followee_id] for followee_id in followees]
        if not bulk_repository.follows_put(edges, heats):
            for edge, heat in zip(edges, heats, strict=True):
                repository.edge_put(edge, heat=heat)


def _edge(bulk: Bulk, position: int, followee_id: UserId, followee_handle: str) -> Edge:
    return Edge(
        UserId(bulk.first_follower_id + position),
        followee_id,
        bulk.first_edge_id + (position << LOW_BITS),
        follower_handle=f"load{position:07}",
        followee_handle=followee_handle,
    )


def _heat_for(followee_id: UserId, more: int) -> Heat:
    while True:
        heat = heat_repository.heat_get(followee_id, consistent=True)
        followers = counter_repository.counts_of([followee_id], consistent=True)[0].followers
        now_ms = time.time_ns() // 1_000_000
        wanted = spread(heat, followers=followers + more, rate=0, now_ms=now_ms)
        if wanted.write_shards <= heat.write_shards:
            return heat
        wanted = replace(wanted, calm_since_ms=None)
        if heat_store(followee_id, wanted, now_ms=now_ms):
            return wanted
