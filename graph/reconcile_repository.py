"""Counting edges, and where a walk over all accounts has come to, in DynamoDB."""

from typing import Final

from config.dynamodb import Item, SortBeginsWith, delete_item, get_item, put_item, query_all
from config.entities import UserId
from graph.entities import Side
from graph.keys import out_edge_key, shard_partition
from graph.slots import is_edge
from graph.tables import GRAPH

POSITION_KEY: Final[Item] = {"pk": "RECONCILE", "sk": "POSITION"}


def in_edges_count(followee_id: UserId, *, shard: int) -> int:
    """How many in-edges a shard holds.

    Cost: 1 round trip a MB, some 15 read units a 1,000. Consistency: strong.
    """
    partition = shard_partition(followee_id, shard)
    rows = query_all(
        GRAPH, partition, sort=SortBeginsWith(f"{Side.FOLLOWER}#"), consistent=True, attributes=("sk",)
    )
    return sum(1 for _ in rows)


def out_edges_count(follower_id: UserId) -> int:
    """How many out-edges a person has; requests and tombstones are none.

    Cost: 1 round trip a MB, some 50 read units a 1,000. Consistency: strong.
    """
    partition = out_edge_key(follower_id, follower_id)["pk"]
    rows = query_all(
        GRAPH, partition, sort=SortBeginsWith(f"{Side.FOLLOWING}#"), consistent=True, attributes=("sk", "gpk")
    )
    return sum(is_edge(row) for row in rows)


def position_get() -> UserId:
    """The last account that a broken walk has seen to; 0 if none was broken off.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    item = get_item(GRAPH, POSITION_KEY, consistent=True)
    return UserId(item["user_id"] if item else 0)


def position_put(user_id: UserId) -> None:
    """All accounts up to this one are seen to.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    put_item(GRAPH, POSITION_KEY | {"user_id": user_id})


def position_delete() -> None:
    """The walk has come to its end.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    delete_item(GRAPH, POSITION_KEY)
