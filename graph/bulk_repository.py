"""Many follows at once, in DynamoDB: for load tests and for bringing in a network that is known.

    many followers of one account     as told below, for accounts that nobody else writes to
    follows of one person             transactions of up to 33, with every condition that a single follow has

    edges and followers' counters     BatchWrite, 25 a request, by key: writing them again changes nothing
    the followee's counters           one transaction a stretch, together with how far the work has come

A stretch that was broken off is written again from its beginning and counted once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from config.dynamodb import (
    Change,
    Item,
    Operation,
    Put,
    TransactionCancelled,
    Update,
    attr,
    batch_write,
    delete_item,
    gather,
    get_item,
    put_item,
    transact,
    transact_if,
)
from config.entities import UserId
from graph.counter_repository import followers_change, following_change
from graph.entities import Edge, Heat
from graph.keys import counts_key, edge_items, shard_partition
from graph.slots import ABSENT
from graph.tables import GRAPH

NEW_FOLLOWER: Final = {"followers": 0, "following": 1, "changes": 1}
WRITERS: Final = 8
FOLLOWS_AT_ONCE: Final = 33
"""Of one person: two halves and a counter each, and one counter of theirs, are the hundred writes of a transaction."""
MOST_SHARDS: Final = 64
"""A transaction has at most 100 writes; a follow may lie in any shard, so a bulk leaves the others to later follows."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One piece of bulk work and how far it has come. What decides where an edge lies never changes on the way."""

    total: int
    done: int
    first_follower_id: int
    first_edge_id: int
    write_shards: int


def bulk_get(followee_id: UserId) -> Bulk | None:
    """The work that was begun and not ended.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    item = get_item(GRAPH, _bulk_key(followee_id), consistent=True)
    return Bulk(**{name: item[name] for name in Bulk.__slots__}) if item else None


def bulk_begin(followee_id: UserId, bulk: Bulk) -> None:
    """Write down what is going to be done.

    Cost: 1 round trip, 1 write unit.
    Raises: ConditionFailed while other work on this account has not ended.
    """
    item = _bulk_key(followee_id) | {name: getattr(bulk, name) for name in Bulk.__slots__}
    put_item(GRAPH, item, condition=attr("pk").missing())


def bulk_end(followee_id: UserId) -> None:
    """Forget the work.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    delete_item(GRAPH, _bulk_key(followee_id))


def edges_put_bulk(edges: Sequence[Edge], heat: Heat, bulk: Bulk, *, own_counters: bool = True) -> Bulk:
    """Write the next stretch of follows of one account. The work as it stands then.

    NOTE: puts are unconditional: the followers are new people, who follow nobody and are blocked by nobody yet.

    Without `own_counters` the followers' own are left out: for load tests, where nobody asks whom they follow.

    Cost: 5 write units a follow, 3 items in rounds of 25, 8 side by side; 2 units a shard and 2.
    Idempotent: by how far the work has come.
    """
    spread = replace(heat, write_shards=min(bulk.write_shards, MOST_SHARDS))
    items: list[Item] = []
    in_shard: Counter[int] = Counter()
    for edge in edges:
        out_item, in_item = edge_items(edge, spread)
        in_shard[out_item["shard"]] += 1
        items += (out_item, in_item)
        if own_counters:
            items.append(counts_key(edge.follower_id) | NEW_FOLLOWER)
    gather(
        *(partial(batch_write, [(GRAPH, item) for item in items[part::WRITERS]]) for part in range(WRITERS))
    )
    done = bulk.done + len(edges)
    followee_id = edges[0].followee_id
    progress = Change(GRAPH, _bulk_key(followee_id), Update(set={"done": done}), attr("done") == bulk.done)
    counted = [followers_change(followee_id, by=number, shard=shard) for shard, number in in_shard.items()]
    try:
        transact([progress, *counted])
    except TransactionCancelled as cancelled:
        if not cancelled.reasons[0].failed:
            raise
        message = "somebody else is at the same work"
        raise RuntimeError(message) from cancelled
    return replace(bulk, done=done)


def follows_put(edges: Sequence[Edge], heats: Sequence[Heat]) -> bool:
    """Write follows of one person, all or none; False if one is there already, blocked, or one too many.

    Cost: 1 round trip; 8 write units a follow and 2. Consistency: transaction. Idempotent: by follower and followee.
    """
    operations: list[Operation] = [following_change(edges[0].follower_id, by=len(edges))]
    for edge, heat in zip(edges, heats, strict=True):
        out_item, in_item = edge_items(edge, heat)
        operations += [
            Put(GRAPH, out_item, ABSENT),
            Put(GRAPH, in_item, ABSENT),
            followers_change(edge.followee_id, by=1, shard=out_item["shard"]),
        ]
    return transact_if(operations)


def _bulk_key(followee_id: UserId) -> Item:
    return {"pk": shard_partition(followee_id), "sk": "BULK"}
