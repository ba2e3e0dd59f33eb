"""Counting edges in DynamoDB."""

from config.dynamodb import SortBeginsWith, query_all
from config.entities import UserId
from graph.entities import Side
from graph.keys import out_edge_key, shard_partition
from graph.slots import is_edge
from graph.tables import GRAPH


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
