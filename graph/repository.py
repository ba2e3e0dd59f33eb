"""Edges in DynamoDB: writes, and whether one is there. Always true: caches, if any, sit in selectors.

    counter_repository.py   counters          list_repository.py   lists of edges
    heat_repository.py      how hot           bulk_repository.py   many followers at once
    request_repository.py   requests to follow

Every write is one transaction over both halves of an edge (or of a request) and, for edges, both counters, so that no
reader and no fault can see one without the other. Conditions make each idempotent: DynamoDB's client tokens cover a
retry for ten minutes, the condition covers it for ever.

An out-edge's slot may hold a tombstone (`blocked_by`, no `gpk`): that is no follow, and none can be written there.
"""

from collections.abc import Sequence
from typing import Any, Final

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
    transact,
    update_item,
)
from config.entities import UserId
from graph.counter_repository import followers_change, following_change
from graph.entities import QUIET, Edge, Heat
from graph.errors import Blocked, TooManyFollowing
from graph.keys import edge_items, in_edge_key, out_edge_key
from graph.notify_keys import edge_change
from graph.tables import GRAPH

ABSENT: Final = attr("pk").missing()
PRESENT: Final = attr("pk").exists()
IS_EDGE: Final = attr("gpk").exists()
OUT_EDGE, IN_EDGE, FOLLOWING_COUNTER = range(3)
"""Where these stand in `edge_puts`, and the first two in `edge_deletes`."""


def edge_put(edge: Edge, *, heat: Heat = QUIET, token: str | None = None) -> bool:
    """Write a follow; False if it was there already, however this call ended before.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee; by token for ten minutes besides.
    Raises: Blocked, TooManyFollowing.
    """
    try:
        transact(edge_puts(edge, heat=heat), token=token)
    except TransactionCancelled as cancelled:
        refuse_put(cancelled)
        return False
    return True


def edge_puts(edge: Edge, *, heat: Heat = QUIET) -> list[Put | Change]:
    """The operations of one follow, for whoever needs them in a larger transaction."""
    out_item, in_item = edge_items(edge, heat)
    return [
        Put(GRAPH, out_item | trace(), ABSENT),
        Put(GRAPH, in_item, ABSENT),
        following_change(edge.follower_id, by=1),
        followers_change(edge.followee_id, by=1, shard=out_item["shard"]),
    ]


def refuse_put(cancelled: TransactionCancelled, *, at: int = 0) -> None:
    """Why a follow was not written. `at` is where its operations begin; returns if the follow is there already.

    Raises: Blocked, TooManyFollowing, or the cancellation itself: an in-edge without its out-edge is nothing we write.
    """
    out_edge = cancelled.reasons[at + OUT_EDGE]
    if out_edge.failed:
        if is_tombstone(out_edge.item):
            raise Blocked from cancelled
        return
    if cancelled.reasons[at + FOLLOWING_COUNTER].failed:
        raise TooManyFollowing from cancelled
    raise cancelled


def edge_delete(
    follower_id: UserId,
    followee_id: UserId,
    *,
    follower_handle: str = "",
    heat: Heat = QUIET,
    token: str | None = None,
) -> bool:
    """Remove a follow; False if there was none. The counters can't fall below zero: the edges' conditions hold them.

    Where the in-edge lies is guessed; a wrong guess is refused by the out-edge, which knows and says so.

    Cost: 1 round trip, 10 write units (two edges 4, two counters 4, index 2). Another one as large for a follow of
        before the followee's shards last changed.
    Consistency: transaction.
    Idempotent: by follower and followee; by token for ten minutes besides.
    """
    shard = heat.shard_of(follower_id)
    while True:
        try:
            transact(edge_deletes(follower_id, followee_id, follower_handle, shard), token=token)
        except TransactionCancelled as cancelled:
            refused = cancelled.reasons[OUT_EDGE]
            if not refused.failed:
                raise  # an out-edge without its in-edge is nothing we write
            if refused.item is None or is_tombstone(refused.item):
                return False
            shard, token = refused.item["shard"], None  # a token stands for one transaction to the letter
        else:
            return True


def edge_deletes(
    follower_id: UserId, followee_id: UserId, follower_handle: str, shard: int
) -> list[Delete | Change]:
    """The operations that end one follow, for whoever needs them in a larger transaction."""
    in_key = in_edge_key(followee_id, follower_id, handle=follower_handle, shard=shard)
    return [
        Delete(GRAPH, out_edge_key(follower_id, followee_id), IS_EDGE & (attr("shard") == shard)),
        Delete(GRAPH, in_key, PRESENT),
        following_change(follower_id, by=-1),
        followers_change(followee_id, by=-1, shard=shard),
    ]


def edge_update(follower_id: UserId, followee_id: UserId, changes: dict[str, Any]) -> bool:
    """Set attributes of a follow that the follower alone knows of; False if there is no follow.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by follower and followee.
    """
    try:
        update_item(
            GRAPH,
            out_edge_key(follower_id, followee_id),
            edge_change(follower_id, followee_id, changes),
            condition=IS_EDGE,
        )
    except ConditionFailed:
        return False
    return True


def out_edge_get(follower_id: UserId, followee_id: UserId, *, consistent: bool = True) -> Item | None:
    """The follower's half as it is stored, None if there is no follow.

    Cost: 1 round trip, 1 read unit (0.5 if not consistent).
    Consistency: strong unless told otherwise.
    """
    item = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=consistent)
    return item if is_edge(item) else None


def edge_exists(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the follow is there now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    item = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=True, attributes=("gpk",))
    return is_edge(item)


def items_exist(keys: Sequence[Item], *, consistent: bool = False) -> list[bool]:
    """Whether there is an edge or a request under each key; a tombstone is neither.

    Shape: same length and order as `keys`.
    Cost: 1 round trip a 100 keys, 0.5 read units each (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    found = batch_get([(GRAPH, key) for key in keys], consistent=consistent, attributes=("gpk",))
    return [is_edge(item) for item in found]


def slots_get(keys: Sequence[Item], *, consistent: bool = False) -> list[Item | None]:
    """What holds each slot of an edge or a request, so far as it tells an edge, a tombstone and nothing apart.

    Shape: same length and order as `keys`.
    Cost, Consistency: as `items_exist`.
    """
    slots = [(GRAPH, key) for key in keys]
    return batch_get(slots, consistent=consistent, attributes=("gpk", "blocked_by"))


def is_edge(item: Item | None) -> bool:
    """Whether what is in an edge's or a request's slot is one: all of them are in the index, tombstones are not."""
    return item is not None and "gpk" in item


def is_tombstone(item: Item | None) -> bool:
    """Whether a slot is held by a block."""
    return item is not None and "blocked_by" in item
