"""Edges and counts in DynamoDB; requests are in `request_repository.py`. Always true: caches, if any, sit in selectors.

Every write is one transaction over both halves of an edge (or of a request) and, for edges, both counters, so that no
reader and no fault can see one without the other. Conditions make each idempotent: DynamoDB's client tokens cover a
retry for ten minutes, the condition covers it for ever.
"""

from collections.abc import Iterator, Sequence

from config.dynamodb import (
    Change,
    Delete,
    Item,
    Put,
    SortBeginsWith,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    get_item,
    query,
    query_all,
    trace,
    transact,
)
from config.entities import UserId
from graph.entities import Counts, Edge, Side
from graph.tables import (
    FIRST_SHARD,
    GRAPH,
    by_time_key,
    counts_key,
    in_edge_key,
    in_edge_partition,
    out_edge_key,
    request_in_key,
    request_out_key,
)

ABSENT = attr("pk").missing()
PRESENT = attr("pk").exists()
COUNTERS = {"followers": 0, "following": 0}


def edge_put(edge: Edge) -> bool:
    """Write a follow; False if it was there already, however this call ended before.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee.
    """
    try:
        transact(edge_puts(edge))
    except TransactionCancelled as cancelled:
        # Both halves exist or neither does: one refused condition, on whichever half, means that the follow is there.
        if not any(reason.failed for reason in cancelled.reasons):
            raise
        return False
    return True


def edge_puts(edge: Edge) -> list[Put | Change]:
    """The operations of one follow, for whoever needs them in a larger transaction."""
    out_item = out_edge_key(edge.follower_id, edge.followee_id) | by_time_key(
        Side.FOLLOWING, edge.follower_id, edge.id
    )
    in_item = in_edge_key(edge.followee_id, edge.follower_id) | by_time_key(
        Side.FOLLOWER, edge.followee_id, edge.id
    )
    return [
        Put(GRAPH, out_item | {"shard": FIRST_SHARD} | trace(), ABSENT),
        Put(GRAPH, in_item, ABSENT),
        *_counts_changes(edge.follower_id, edge.followee_id, by=1),
    ]


def edge_delete(follower_id: UserId, followee_id: UserId) -> bool:
    """Remove a follow; False if there was none. The counters can't fall below zero: the edges' conditions hold them.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee.
    """
    try:
        transact(
            [
                Delete(GRAPH, out_edge_key(follower_id, followee_id), PRESENT),
                Delete(GRAPH, in_edge_key(followee_id, follower_id), PRESENT),
                *_counts_changes(follower_id, followee_id, by=-1),
            ]
        )
    except TransactionCancelled as cancelled:
        if not any(reason.failed for reason in cancelled.reasons):
            raise
        return False
    return True


def edge_exists(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the follow is there now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    return (
        get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=True, attributes=("sk",))
        is not None
    )


def items_exist(keys: Sequence[Item], *, consistent: bool = False) -> list[bool]:
    """Whether each item is there. Keys are those that `graph.tables` builds.

    Shape: same length and order as `keys`.
    Cost: 1 round trip a 100 keys, 0.5 read units each (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    return [
        item is not None
        for item in batch_get([(GRAPH, key) for key in keys], consistent=consistent, attributes=("sk",))
    ]


def counts_of(user_ids: Sequence[UserId], *, consistent: bool = False) -> list[Counts]:
    """The stored counters; zeros for who never followed nor was followed.

    Shape: same length and order as `user_ids`.
    Cost: 1 round trip a 100 people, 0.5 read units each (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    items = batch_get([(GRAPH, counts_key(user_id)) for user_id in user_ids], consistent=consistent)
    return [Counts(item["followers"], item["following"]) if item else Counts() for item in items]


def edges_newest_first(
    owner_id: UserId, side: Side, *, after: Edge | None, limit: int
) -> tuple[list[Edge], bool]:
    """One stretch of a list, and whether it goes on. `after` need not exist any more.

    Cost: 1 round trip, 0.5 read units for up to 25 rows.
    Consistency: eventual (index).
    """
    start_after = _item_key(owner_id, side, after) if after else None
    # One more than asked: the end of the list is then known without an empty last page.
    rows = query(
        GRAPH,
        f"{side}#{owner_id}",
        index="by_time",
        limit=limit + 1,
        newest_first=True,
        start_after=start_after,
    )
    edges = [_edge_of(owner_id, side, item) for item in rows.items]
    return edges[:limit], len(edges) > limit


def follower_ids(
    followee_id: UserId, *, start_after: UserId | None, limit: int
) -> tuple[list[UserId], UserId | None]:
    """Followers in the order of the base key, and where to go on; None at the end.

    Cost: 1 round trip a MB, up to 50 read units for 1,000.
    Consistency: strong: a follower of before the read is never missed, one of after it is backfilled.
    """
    start_key = in_edge_key(followee_id, start_after) if start_after is not None else None
    rows = query(
        GRAPH,
        in_edge_partition(followee_id),
        sort=SortBeginsWith(f"{Side.FOLLOWER}#"),
        limit=limit,
        start_after=start_key,
        consistent=True,
        attributes=("sk",),
    )
    ids = [_other_id(item) for item in rows.items]
    return ids, ids[-1] if ids and rows.last_key is not None else None


def following_ids(follower_id: UserId) -> Iterator[UserId]:
    """All that a person follows, in the order of the base key, read as it is used up.

    Cost: 1 round trip and about 25 read units a 1,000.
    Consistency: eventual.
    """
    partition = out_edge_key(follower_id, follower_id)["pk"]
    for item in query_all(GRAPH, partition, sort=SortBeginsWith(f"{Side.FOLLOWING}#"), attributes=("sk",)):
        yield _other_id(item)


def _counts_changes(follower_id: UserId, followee_id: UserId, *, by: int) -> list[Change]:
    # Adding nothing to the other counter makes a new item whole: readers find both numbers.
    return [
        Change(GRAPH, counts_key(follower_id), Update(add=COUNTERS | {"following": by})),
        Change(GRAPH, counts_key(followee_id), Update(add=COUNTERS | {"followers": by})),
    ]


def _item_key(owner_id: UserId, side: Side, edge: Edge) -> Item:
    """The full key, table and index, of the owner's half of an edge or a request."""
    other_id = edge.followee_id if side.is_out else edge.follower_id
    match side:
        case Side.FOLLOWING:
            key = out_edge_key(owner_id, other_id)
        case Side.FOLLOWER:
            key = in_edge_key(owner_id, other_id)
        case Side.REQUEST_OUT:
            key = request_out_key(owner_id, other_id)
        case Side.REQUEST_IN:
            key = request_in_key(owner_id, other_id)
    return key | by_time_key(side, owner_id, edge.id)


def _edge_of(owner_id: UserId, side: Side, item: Item) -> Edge:
    other_id = _other_id(item)
    follower_id, followee_id = (owner_id, other_id) if side.is_out else (other_id, owner_id)
    return Edge(follower_id, followee_id, item["gsk"])


def _other_id(item: Item) -> UserId:
    return UserId(int(item["sk"].rpartition("#")[2]))
