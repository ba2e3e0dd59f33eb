"""Requests to follow private accounts, in DynamoDB. Both halves of a request are written and deleted together.

The asker's half is in the slot of the follow that it may become, see `graph.slots`.
"""

from config.dynamodb import Put, TransactionCancelled, trace
from config.entities import UserId
from graph.entities import QUIET, Edge, FollowState, Heat, Side
from graph.errors import Blocked, RequestNotFound
from graph.keys import by_time_key, out_edge_key, request_in_key
from graph.receipts import Receipt, transact_once
from graph.repository import OUT_EDGE, edge_puts, refuse_put, request_deletes
from graph.slots import ABSENT, is_edge, is_tombstone
from graph.tables import GRAPH


def request_put(request: Edge, *, receipt: Receipt | None = None) -> tuple[FollowState, bool]:
    """Write a request to follow. How things stand, and whether that is new: the follow may be there by now.

    Cost: 1 round trip, 6 write units (two requests 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee; by receipt besides.
    Raises: Blocked, Repeated.
    """
    follower_id, followee_id = request.follower_id, request.followee_id
    out_item = out_edge_key(follower_id, followee_id) | by_time_key(Side.REQUEST_OUT, follower_id, request.id)
    in_item = request_in_key(followee_id, follower_id) | by_time_key(Side.REQUEST_IN, followee_id, request.id)
    try:
        transact_once([Put(GRAPH, out_item | trace(), ABSENT), Put(GRAPH, in_item, ABSENT)], receipt)
    except TransactionCancelled as cancelled:
        slot = cancelled.reasons[OUT_EDGE]
        if not slot.failed:
            raise  # half a request is nothing we write
        if is_tombstone(slot.item):
            raise Blocked from cancelled
        return FollowState.FOLLOWING if is_edge(slot.item) else FollowState.REQUESTED, False
    return FollowState.REQUESTED, True


def request_accept(edge: Edge, *, heat: Heat = QUIET, receipt: Receipt | None = None) -> bool:
    """Turn a request into a follow; False if the follow is there already.

    Cost: 1 round trip, 14 write units (two edges 4, two counters 4, the other half of the request 2, index 4).
    Consistency: transaction.
    Idempotent: by follower and followee; by receipt besides.
    Raises: RequestNotFound, also where a block has ended it; TooManyFollowing, Repeated.
    """
    try:
        transact_once(edge_puts(edge, heat=heat, asked=True), receipt)
    except TransactionCancelled as cancelled:
        slot = cancelled.reasons[OUT_EDGE]
        if slot.failed and not is_edge(slot.item):
            raise RequestNotFound from cancelled
        refuse_put(cancelled)
        return False
    return True


def request_delete(follower_id: UserId, followee_id: UserId, *, receipt: Receipt | None = None) -> bool:
    """Remove a request, by whichever side; False if there was none.

    Cost: 1 round trip, 6 write units (two requests 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee; by receipt besides.
    Raises: Repeated.
    """
    try:
        transact_once(request_deletes(follower_id, followee_id), receipt)
    except TransactionCancelled as cancelled:
        if not cancelled.reasons[OUT_EDGE].failed:
            raise
        return False
    return True
