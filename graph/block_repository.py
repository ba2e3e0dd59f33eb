"""Blocks in DynamoDB. A block severs all that is between two people in one transaction of bounded size.

    read      slot A->B, slot B->A, A's block                   strongly, 1 round trip
    write     A's block; both slots become tombstones;          conditions: the slots are as they were read
              edges that were there go, with their counters, and
              requests; close friends go, whatever was there
    refused   somebody followed or left between: read again

A tombstone refuses follows, requests and close friends, so nothing comes back while it stands. It names who blocks: with
both of them in it, each has to unblock.
"""

from collections import defaultdict

from config.dynamodb import (
    Change,
    Delete,
    Item,
    Put,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    trace,
)
from config.entities import UserId
from config.errors import Unavailable
from graph.counter_repository import CHANGED
from graph.keys import counts_key, in_edge_key, out_edge_key, request_in_key
from graph.mark_repository import Mark, Marked, close_deletes, mark_item, mark_key
from graph.receipts import Receipt, transact_once
from graph.slots import ABSENT, IS_REQUEST, PRESENT, is_edge, is_request, is_tombstone
from graph.tables import GRAPH

TRIES = 12
Handles = dict[UserId, str]
Operations = list[Put | Change | Delete]


def block_put(block: Marked, *, handles: Handles, receipt: Receipt | None = None) -> bool:
    """Block, and sever what is between the two; False if the block is there already.

    Cost: 2 round trips, 3 read units, 11 write units at the least, 23 where both follow each other; 2 round trips more
        each time that one of them follows or leaves in the very moment.
    Consistency: transaction of at most 11 items, on a strong read.
    Idempotent: by both people; by receipt besides.
    Raises: Repeated.
    """
    for _try in range(TRIES):
        mine, *slots = _read(block.owner_id, block.other_id)
        if mine is not None:
            return False
        try:
            transact_once(_block_operations(block, slots, handles), receipt)
        except TransactionCancelled as cancelled:
            if not any(reason.failed for reason in cancelled.reasons):
                raise
        else:
            return True
    raise Unavailable


def block_delete(blocker_id: UserId, blocked_id: UserId, *, receipt: Receipt | None = None) -> bool:
    """Take a block away; False if there was none. What it severed does not come back.

    Cost: 2 round trips, 3 read units, 7 write units (three items 6, index 1).
    Consistency: transaction, on a strong read.
    Idempotent: by both people; by receipt besides.
    Raises: Repeated.
    """
    for _try in range(TRIES):
        mine, *slots = _read(blocker_id, blocked_id)
        if mine is None:
            return False
        operations: Operations = [Delete(GRAPH, mark_key(Mark.BLOCK, blocker_id, blocked_id), PRESENT)]
        for key, slot in zip(_slot_keys(blocker_id, blocked_id), slots, strict=True):
            if slot is None or not is_tombstone(slot):
                continue  # nothing we write leaves a block without its tombstones
            names = set(slot["blocked_by"])
            left = names - {str(blocker_id)}
            unchanged = attr("blocked_by") == names
            operations.append(
                Put(GRAPH, key | {"blocked_by": left} | trace(), unchanged)
                if left
                else Delete(GRAPH, key, unchanged)
            )
        try:
            transact_once(operations, receipt)
        except TransactionCancelled as cancelled:
            if not any(reason.failed for reason in cancelled.reasons):
                raise
        else:
            return True
    raise Unavailable


def _slot_keys(one_id: UserId, other_id: UserId) -> tuple[Item, Item]:
    return out_edge_key(one_id, other_id), out_edge_key(other_id, one_id)


def _read(blocker_id: UserId, blocked_id: UserId) -> list[Item | None]:
    keys = [mark_key(Mark.BLOCK, blocker_id, blocked_id), *_slot_keys(blocker_id, blocked_id)]
    return batch_get([(GRAPH, key) for key in keys], consistent=True)


def _block_operations(block: Marked, slots: list[Item | None], handles: Handles) -> Operations:
    one_id, other_id = block.owner_id, block.other_id
    operations: Operations = [Put(GRAPH, mark_item(Mark.BLOCK, block), ABSENT)]
    # A person's two counters may be one item, and a transaction may name an item only once.
    counters: dict[tuple[UserId, int], dict[str, int]] = defaultdict(lambda: dict(CHANGED))
    for (follower_id, followee_id), slot in zip(((one_id, other_id), (other_id, one_id)), slots, strict=True):
        key = out_edge_key(follower_id, followee_id)
        by = {"blocked_by": {str(one_id)}}
        if is_edge(slot) and slot is not None:
            shard = slot["shard"]
            unchanged = (attr("gsk") == slot["gsk"]) & (attr("shard") == shard)
            in_key = in_edge_key(followee_id, follower_id, handle=handles[follower_id], shard=shard)
            operations += [Put(GRAPH, key | by | trace(), unchanged), Delete(GRAPH, in_key, PRESENT)]
            counters[follower_id, 0]["following"] -= 1
            counters[followee_id, shard]["followers"] -= 1
        elif is_request(slot) and slot is not None:
            unchanged = IS_REQUEST & (attr("gsk") == slot["gsk"])
            operations += [
                Put(GRAPH, key | by | trace(), unchanged),
                Delete(GRAPH, request_in_key(followee_id, follower_id), PRESENT),
            ]
        else:
            operations.append(Change(GRAPH, key, Update(add=by), attr("gpk").missing()))
    operations += close_deletes(one_id, other_id)
    operations += [
        Change(GRAPH, counts_key(user_id, shard=shard), Update(add=added))
        for (user_id, shard), added in counters.items()
    ]
    return operations
