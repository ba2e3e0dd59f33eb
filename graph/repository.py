"""Edges in DynamoDB: writes, and whether one is there. Always true: caches, if any, sit in selectors.

    counter_repository.py   counters          list_repository.py   lists of edges
    heat_repository.py      how hot           bulk_repository.py   many followers at once
    request_repository.py   requests          slots.py             what an out-edge's slot may hold

Every write is one transaction over both halves of an edge (or of a request) and, for edges, both counters, so that no
reader and no fault can see one without the other. Conditions make each idempotent for ever: a repeat finds its own work.
A receipt, where the client names its request, also stops a repeat that comes after things have changed again.
"""

from collections.abc import Sequence
from typing import Any

from config.dynamodb import (
    Change,
    ConditionFailed,
    Delete,
    Item,
    Put,
    TransactionCancelled,
    attr,
    batch_get,
    get_item,
    trace,
    update_item,
)
from config.entities import UserId
from graph.archive_entities import ARCHIVED_BY, FROM_MIRROR
from graph.archive_mirrors import edge_keep, in_edge_bring
from graph.counter_repository import followers_change, following_change
from graph.entities import QUIET, Edge, FollowState, Heat
from graph.errors import Blocked, EdgesFetched, TooManyFollowing
from graph.keys import edge_items, in_edge_key, out_edge_key, request_in_key
from graph.notify_keys import edge_change
from graph.receipts import Receipt, transact_once
from graph.slots import ABSENT, IS_EDGE, IS_REQUEST, PRESENT, is_edge, is_request, is_tombstone
from graph.tables import GRAPH

OUT_EDGE, IN_EDGE, FOLLOWING_COUNTER = range(3)
"""Where these stand in `edge_puts`, and the first two in `edge_deletes`."""


def edge_put(edge: Edge, *, heat: Heat = QUIET, receipt: Receipt | None = None) -> bool:
    """Write a follow; False if it was there already, however this call ended before. A request that waits becomes it.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2). In the rare case that a request is there a
        second one, 14 write units.
    Consistency: transaction.
    Idempotent: by follower and followee; by receipt besides.
    Raises: Blocked, TooManyFollowing, Repeated.
    """
    asked = False
    while True:
        try:
            transact_once(edge_puts(edge, heat=heat, asked=asked), receipt)
        except TransactionCancelled as cancelled:
            slot = cancelled.reasons[OUT_EDGE]
            if slot.failed and (is_request(slot.item) if not asked else slot.item is None):
                asked = not asked  # the slot is what it was not thought to be
                continue
            refuse_put(cancelled)
            return False
        return True


def edge_puts(edge: Edge, *, heat: Heat = QUIET, asked: bool = False) -> list[Put | Change | Delete]:
    """The operations of one follow, for whoever needs them in a larger transaction; `asked`: in place of a request."""
    out_item, in_item = edge_items(edge, heat)
    operations: list[Put | Change | Delete] = [
        Put(GRAPH, out_item | trace(), IS_REQUEST if asked else ABSENT),
        Put(GRAPH, in_item, ABSENT),
        following_change(edge.follower_id, by=1),
        followers_change(edge.followee_id, by=1, shard=out_item["shard"]),
    ]
    if asked:
        operations.append(Delete(GRAPH, request_in_key(edge.followee_id, edge.follower_id), PRESENT))
    return operations


def refuse_put(cancelled: TransactionCancelled) -> None:
    """Why a follow was not written. Returns if the slot is taken, but not by a block: the follow is there already.

    Raises: Blocked, TooManyFollowing, or the cancellation itself: an in-edge without its out-edge is nothing we write.
    """
    out_edge = cancelled.reasons[OUT_EDGE]
    if out_edge.failed:
        if is_tombstone(out_edge.item):
            raise Blocked from cancelled
        return
    if cancelled.reasons[FOLLOWING_COUNTER].failed:
        raise TooManyFollowing from cancelled
    raise cancelled


def edge_delete(
    follower_id: UserId,
    followee_id: UserId,
    *,
    follower_handle: str = "",
    heat: Heat = QUIET,
    receipt: Receipt | None = None,
) -> bool:
    """Remove a follow, or the request for one; False if there was neither.

    Where the in-edge lies is guessed; a wrong guess is refused by the out-edge, which knows and says so. The counters
    can't fall below zero: the edges' conditions hold them.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2). Another one as large for a follow of
        before the followee's shards last changed, or one of 6 write units for a request.
    Consistency: transaction.
    Idempotent: by follower and followee; by receipt besides.
    Raises: Repeated.
    """
    operations = edge_deletes(follower_id, followee_id, follower_handle, heat.shard_of(follower_id))
    while True:
        try:
            transact_once(operations, receipt)
        except TransactionCancelled as cancelled:
            refused = cancelled.reasons[OUT_EDGE]
            if not refused.failed:
                # An out-edge without its in-edge is one of an archived followee, or nothing we write.
                if not in_edge_bring(follower_id, follower_handle, followee_id):
                    raise
                continue
            if refused.item is None or is_tombstone(refused.item):
                return False
            if ARCHIVED_BY in refused.item:
                edge_keep(refused.item)
            operations = (
                edge_deletes(follower_id, followee_id, follower_handle, refused.item["shard"])
                if is_edge(refused.item)
                else request_deletes(follower_id, followee_id)
            )
        else:
            return True


def edge_deletes(
    follower_id: UserId, followee_id: UserId, follower_handle: str, shard: int
) -> list[Delete | Change]:
    """The operations that end one follow, for whoever needs them in a larger transaction."""
    in_key = in_edge_key(followee_id, follower_id, handle=follower_handle, shard=shard)
    is_edge_there = IS_EDGE & (attr("shard") == shard)
    return [
        # One that is being archived would leave without an event.
        Delete(GRAPH, out_edge_key(follower_id, followee_id), is_edge_there & attr(ARCHIVED_BY).missing()),
        Delete(GRAPH, in_key, PRESENT),
        following_change(follower_id, by=-1),
        followers_change(followee_id, by=-1, shard=shard),
    ]


def request_deletes(follower_id: UserId, followee_id: UserId) -> list[Delete | Change]:
    """The operations that end one request, for whoever needs them in a larger transaction."""
    return [
        Delete(GRAPH, out_edge_key(follower_id, followee_id), IS_REQUEST),
        Delete(GRAPH, request_in_key(followee_id, follower_id), PRESENT),
    ]


def edge_update(follower_id: UserId, followee_id: UserId, changes: dict[str, Any]) -> bool:
    """Set attributes of a follow that the follower alone knows of; False if there is no follow.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by follower and followee.
    Raises: EdgesFetched while what was chosen before is still in the archive.
    """
    try:
        update_item(
            GRAPH,
            out_edge_key(follower_id, followee_id),
            edge_change(follower_id, followee_id, changes),
            condition=IS_EDGE & attr(FROM_MIRROR).missing(),
        )
    except ConditionFailed as refused:
        if is_edge(refused.item):
            raise EdgesFetched(retry_after_seconds=5) from refused
        return False
    return True


def out_edge_get(follower_id: UserId, followee_id: UserId, *, consistent: bool = True) -> Item | None:
    """The follower's half as it is stored, None if there is no follow.

    Cost: 1 round trip, 1 read unit (0.5 if not consistent).
    Consistency: strong unless told otherwise.
    """
    item = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=consistent)
    return item if is_edge(item) else None


def out_edges_get(keys: Sequence[Item]) -> list[Item | None]:
    """Followers' halves as they are stored, None where there is no follow.

    Shape: same length and order as `keys`.
    Cost: 1 round trip a 100 keys, 1 read unit each. Consistency: strong.
    """
    found = batch_get([(GRAPH, key) for key in keys], consistent=True)
    return [item if is_edge(item) else None for item in found]


def edge_exists(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the follow is there now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    item = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=True, attributes=("gpk",))
    return is_edge(item)


def state_get(follower_id: UserId, followee_id: UserId) -> FollowState:
    """How the one stands to the other now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    item = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=True, attributes=("gpk",))
    if is_edge(item):
        return FollowState.FOLLOWING
    return FollowState.REQUESTED if is_request(item) else FollowState.NONE


def edges_exist(keys: Sequence[Item], *, consistent: bool = False) -> list[bool]:
    """Whether there is a follow in each of these slots.

    Shape: same length and order as `keys`.
    Cost: 1 round trip a 100 keys, 0.5 read units each (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    found = batch_get([(GRAPH, key) for key in keys], consistent=consistent, attributes=("gpk",))
    return [is_edge(item) for item in found]


def slots_get(keys: Sequence[Item], *, consistent: bool = False) -> list[Item | None]:
    """What is in each of these slots, so far as it tells a follow, a request, a tombstone and nothing apart.

    Shape: same length and order as `keys`.
    Cost, Consistency: as `edges_exist`.
    """
    slots = [(GRAPH, key) for key in keys]
    return batch_get(slots, consistent=consistent, attributes=("gpk", "blocked_by"))
