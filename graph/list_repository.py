"""Lists of edges in DynamoDB: newest first from the index, by handle and for fan-out from the table."""

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import islice

from config.dynamodb import (
    Item,
    Rows,
    SortBeginsWith,
    SortBetween,
    gather,
    query,
    query_all,
)
from config.entities import UserId
from graph.entities import Edge, Heat, Side
from graph.keys import (
    DELIVERY,
    FIRST_SHARD,
    PULLED,
    by_time_key,
    by_time_partition,
    in_edge_key,
    out_edge_key,
    request_in_key,
    shard_partition,
)
from graph.slots import is_edge
from graph.tables import GRAPH

LAST_ID = 2**63 - 1
PREFIX = f"{Side.FOLLOWER}#"
BEYOND = f"{PREFIX}\U0010ffff"


def edges_newest_first(
    owner_id: UserId, side: Side, *, after: Edge | None, limit: int
) -> tuple[list[Edge], bool]:
    """One stretch of a list that lies in one partition, and whether it goes on. `after` need not exist any more.

    Cost: 1 round trip, 0.5 read units for up to 25 rows.
    Consistency: eventual (index).
    """
    start_after = _item_key(owner_id, side, after) if after else None
    # One more than asked: the end of the list is then known without an empty last page.
    rows = query(
        GRAPH,
        by_time_partition(side, owner_id),
        index="by_time",
        limit=limit + 1,
        newest_first=True,
        start_after=start_after,
    )
    edges = [_edge_of(owner_id, side, item) for item in rows.items]
    return edges[:limit], len(edges) > limit


def followers_newest_first(
    followee_id: UserId, heat: Heat, *, after: Edge | None, limit: int
) -> tuple[list[Edge], bool]:
    """One stretch of the followers, and whether it goes on. `after` need not exist any more.

        epoch   0 ......... X ............. Y ........ now
        width   1           4               2               the newest epoch first, its parts side by side, merged

    Of edges with one id, those of a higher part come first; so each part knows from the cursor alone where to go on.

    Cost: 1 round trip and 0.5 read units a part of the epoch, for up to 25 rows; another round for each epoch crossed.
    Consistency: eventual (index).
    """
    found: list[Edge] = []
    below = LAST_ID
    for first_id, width in reversed(heat.epochs):
        if after is None or first_id <= after.id:
            parts = gather(
                *(
                    partial(
                        _part_rows,
                        followee_id,
                        part,
                        _window(first_id, below, part, after),
                        after,
                        limit + 1 - len(found),
                    )
                    for part in range(width)
                )
            )
            # A merge is stable, so the higher part wins a tie.
            ordered = merge(*reversed(parts), key=lambda row: -row["gsk"])
            found += [_edge_of(followee_id, Side.FOLLOWER, row) for row in ordered]
        if len(found) > limit:
            break
        below = first_id - 1
    return found[:limit], len(found) > limit


def _window(first_id: int, below: int, part: int, after: Edge | None) -> tuple[int, int]:
    """The ids that a part still has to give in an epoch, both ends included."""
    if after is None or after.id > below:
        return first_id, below
    return first_id, after.id - 1 if part > after.part else after.id


def _part_rows(
    followee_id: UserId, part: int, window: tuple[int, int], after: Edge | None, limit: int
) -> Sequence[Item]:
    first_id, last_id = window
    if first_id > last_id:
        return []
    start_after = None
    if after is not None and after.part == part and after.id == last_id:
        key = in_edge_key(followee_id, after.follower_id, handle=after.follower_handle, shard=after.shard)
        start_after = key | by_time_key(Side.FOLLOWER, followee_id, after.id, part=part)
    return query(
        GRAPH,
        by_time_partition(Side.FOLLOWER, followee_id, part),
        index="by_time",
        sort=SortBetween(first_id, last_id) if first_id or last_id < LAST_ID else None,
        limit=limit,
        newest_first=True,
        start_after=start_after,
    ).items


def followers_by_handle(
    followee_id: UserId, heat: Heat, *, prefix: str = "", after: Edge | None, limit: int
) -> tuple[list[Edge], bool]:
    """Followers in the order of their handles, those only whose handle begins with `prefix`, and whether it goes on.

    Cost: 1 round trip and 0.5 read units a shard, side by side, for up to 20 rows.
    Consistency: eventual.
    """
    reads = [
        partial(_shard_rows, followee_id, shard, prefix=prefix, after=after, limit=limit + 1)
        for shard in range(heat.shards)
    ]
    ordered = merge(*(rows.items for rows in gather(*reads)), key=lambda row: str(row["sk"]))
    edges = [_edge_of(followee_id, Side.FOLLOWER, item) for item in islice(ordered, limit + 1)]
    return edges[:limit], len(edges) > limit


def _shard_rows(followee_id: UserId, shard: int, *, prefix: str, after: Edge | None, limit: int) -> Rows:
    key = None
    if after is not None:
        key = in_edge_key(followee_id, after.follower_id, handle=after.follower_handle, shard=shard)
    return query(
        GRAPH,
        shard_partition(followee_id, shard),
        sort=SortBeginsWith(PREFIX + prefix),
        limit=limit,
        start_after=key,
    )


def shard_readers(
    followee_id: UserId, *, shard: int, after: str | None, limit: int
) -> tuple[list[UserId], str | None]:
    """Those of the next followers in one shard whose edge is not marked, and the sort key to go on after; None at its end.

    Only what says that is asked for, for a fan-out reads it a thousand times a page.

    Shape: of `limit` followers. Cost: 1 round trip a MB, up to 50 read units for 1,000.
    Consistency: strong: a follower of before the read is never missed, one of after it is backfilled.
    """
    partition = shard_partition(followee_id, shard)
    # One more than asked: the end of the shard is then known without an empty last page.
    rows = query(
        GRAPH,
        partition,
        sort=_followers_after(after),
        limit=limit + 1,
        consistent=True,
        attributes=("sk", DELIVERY),
    )
    page = rows.items[:limit]
    ids = [other_id_of(item) for item in page if item.get(DELIVERY) != PULLED]
    return ids, page[-1]["sk"] if len(rows.items) > limit else None


def _followers_after(after: str | None) -> SortBeginsWith | SortBetween:
    """All of a shard, or those after a sort key.

    A key condition, not a start key: to that DynamoDB Local walks through all before it, 1 ms a thousand, while nobody writes.
    """
    return SortBeginsWith(PREFIX) if after is None else SortBetween(f"{after}\0", BEYOND)


def shard_followers(
    followee_id: UserId, *, shard: int, after: str | None, limit: int
) -> tuple[list[Edge], str | None]:
    """Follows in one shard by handle, with how they are delivered, and the sort key to go on after; None at the shard's end.

    Cost: 1 round trip a MB, up to 50 read units for 1,000.
    Consistency: strong: a follower of before the read is never missed, one of after it is backfilled.
    """
    partition = shard_partition(followee_id, shard)
    rows = query(
        GRAPH,
        partition,
        sort=_followers_after(after),
        limit=limit,
        consistent=True,
        attributes=("pk", "sk", "gpk", "gsk", DELIVERY),
    )
    edges = [_edge_of(followee_id, Side.FOLLOWER, item) for item in rows.items]
    return edges, rows.items[-1]["sk"] if rows.last_key else None


def following_ids(follower_id: UserId) -> Iterator[UserId]:
    """All that a person follows, in the order of the base key, read as it is used up.

    Cost: 1 round trip and about 25 read units a 1,000.
    Consistency: eventual.
    """
    return (edge.followee_id for edge in out_edges(follower_id))


def out_edges(follower_id: UserId, *, consistent: bool = False) -> Iterator[Edge]:
    """All follows of a person with the handles of whom they follow, in the order of the base key; no requests, no tombstones.

    Cost: 1 round trip and about 25 read units a 1,000 (twice if consistent).
    Consistency: eventual, or strong if asked.
    """
    partition = out_edge_key(follower_id, follower_id)["pk"]
    attributes = ("pk", "sk", "gpk", "gsk", "handle", "shard")
    rows = query_all(
        GRAPH,
        partition,
        sort=SortBeginsWith(f"{Side.FOLLOWING}#"),
        attributes=attributes,
        consistent=consistent,
    )
    return (_edge_of(follower_id, Side.FOLLOWING, item) for item in rows if is_edge(item))


def other_id_of(item: Item) -> UserId:
    """Whom an item is about besides its owner."""
    return UserId(int(item["sk"].rpartition("#")[2]))


def _item_key(owner_id: UserId, side: Side, edge: Edge) -> Item:
    """The full key, table and index, of the owner's half of an edge or a request."""
    other_id = edge.followee_id if side.is_out else edge.follower_id
    match side:
        case Side.FOLLOWING | Side.REQUEST_OUT:
            key = out_edge_key(owner_id, other_id)
        case Side.FOLLOWER:
            key = in_edge_key(owner_id, other_id, handle=edge.follower_handle, shard=edge.shard)
        case Side.REQUEST_IN:
            key = request_in_key(owner_id, other_id)
    return key | by_time_key(side, owner_id, edge.id)


def _edge_of(owner_id: UserId, side: Side, item: Item) -> Edge:
    other_id = other_id_of(item)
    if side is Side.FOLLOWER:
        handle = item["sk"].split("#")[1]
        shard, part = _number_after("#SHARD#", item["pk"]), _number_after(f"#{owner_id}#", item["gpk"])
        return Edge(
            other_id,
            owner_id,
            item["gsk"],
            follower_handle=handle,
            shard=shard,
            part=part,
            is_pulled=item.get(DELIVERY) == PULLED,
        )
    if side.is_out:
        handle, shard = item.get("handle", ""), item.get("shard", FIRST_SHARD)
        return Edge(owner_id, other_id, item["gsk"], followee_handle=handle, shard=shard)
    return Edge(other_id, owner_id, item["gsk"])


def _number_after(mark: str, key: str) -> int:
    """The number of a shard or a part; the first of them is not spelt out."""
    return int(key.partition(mark)[2] or 0)
