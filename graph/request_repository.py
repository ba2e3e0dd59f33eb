"""Requests to follow private accounts, in DynamoDB. Both halves of a request are written and deleted together."""

from config.dynamodb import Check, Delete, Put, TransactionCancelled, get_item, trace, transact
from config.entities import UserId
from graph.entities import QUIET, Edge, Heat, Side
from graph.errors import Blocked
from graph.keys import by_time_key, out_edge_key, request_in_key, request_out_key
from graph.repository import ABSENT, IS_EDGE, PRESENT, edge_puts, is_tombstone, refuse_put
from graph.tables import GRAPH


def request_put(request: Edge) -> bool:
    """Write a request to follow; False if the follow is there already. A repeated request changes nothing.

    Cost: 1 round trip, 8 write units (two requests 4, index 2, the check 2).
    Consistency: transaction.
    Idempotent: by follower and followee.
    Raises: Blocked.
    """
    follower_id, followee_id = request.follower_id, request.followee_id
    out_item = request_out_key(follower_id, followee_id) | by_time_key(
        Side.REQUEST_OUT, follower_id, request.id
    )
    in_item = request_in_key(followee_id, follower_id) | by_time_key(Side.REQUEST_IN, followee_id, request.id)
    try:
        transact(
            [
                Put(GRAPH, out_item | trace(), ABSENT),
                Put(GRAPH, in_item, ABSENT),
                Check(GRAPH, out_edge_key(follower_id, followee_id), ABSENT),
            ]
        )
    except TransactionCancelled as cancelled:
        if not any(reason.failed for reason in cancelled.reasons):
            raise
        if is_tombstone(cancelled.reasons[2].item):
            raise Blocked from cancelled
        return not cancelled.reasons[2].failed
    return True


def request_accept(edge: Edge, *, heat: Heat = QUIET) -> bool:
    """Turn a request into a follow; False if there is no such request, or the follow is there already.

    Cost: 1 round trip, 16 write units (two requests 4, index 2, the follow 10).
    Consistency: transaction.
    Idempotent: by follower and followee.
    Raises: Blocked, TooManyFollowing.
    """
    try:
        transact(
            [
                Delete(GRAPH, request_out_key(edge.follower_id, edge.followee_id), PRESENT),
                Delete(GRAPH, request_in_key(edge.followee_id, edge.follower_id), PRESENT),
                *edge_puts(edge, heat=heat),
            ]
        )
    except TransactionCancelled as cancelled:
        if not any(reason.failed for reason in cancelled.reasons[:2]):
            refuse_put(cancelled, at=2)
        return False
    return True


def request_delete(follower_id: UserId, followee_id: UserId) -> None:
    """Remove a request, by whichever side.

    Cost: 1 round trip, 6 write units (two requests 4, index 2).
    Consistency: transaction.
    Idempotent: by follower and followee.
    """
    transact(
        [
            Delete(GRAPH, request_out_key(follower_id, followee_id)),
            Delete(GRAPH, request_in_key(followee_id, follower_id)),
        ]
    )


def request_settle(follower_id: UserId, followee_id: UserId) -> bool:
    """Remove a request that a follow has overtaken; False if there is no such follow, and the request stays.

    Cost: 1 round trip, 8 write units (two requests 4, index 2, the check 2).
    Consistency: transaction: a request that was made after the follow ended is never taken for the old one.
    Idempotent: by follower and followee.
    """
    try:
        transact(
            [
                Delete(GRAPH, request_out_key(follower_id, followee_id)),
                Delete(GRAPH, request_in_key(followee_id, follower_id)),
                Check(GRAPH, out_edge_key(follower_id, followee_id), IS_EDGE),
            ]
        )
    except TransactionCancelled as cancelled:
        if not cancelled.reasons[2].failed:
            raise
        return False
    return True


def request_exists(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the request is there now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong.
    """
    key = request_out_key(follower_id, followee_id)
    return get_item(GRAPH, key, consistent=True, attributes=("sk",)) is not None
