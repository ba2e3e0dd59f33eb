"""What a client's request id has done already: a receipt, written in the transaction that does it.

    tap          follow, unfollow, ... with the id "7f3"     the change and its receipt, or neither
    tap again    at once, after an hour, from another host   refused by the receipt, whatever happened since

DynamoDB's own token would do so for ten minutes only, and only for a transaction that is the same to the letter. A
receipt costs 2 write units, and nothing where a client sends no id. A refusal leaves none: it may be tried again.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import structlog

from config.dynamodb import (
    Change,
    Check,
    ConditionFailed,
    Delete,
    Put,
    TransactionCancelled,
    attr,
    put_item,
    transact,
)
from config.entities import UserId
from graph.tables import GRAPH

logger = structlog.get_logger()

KEPT_SECONDS: Final = 24 * 3600
Operation = Put | Change | Delete | Check


class Repeated(Exception):
    """What was asked has been done before by the same request id."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Of one request of one person. The id may be any text of any length, so its digest is what is stored."""

    owner_id: UserId
    digest: str

    def put(self) -> Put:
        """The operation that keeps it; refused if it is there. One that has run out but still lies there is no more."""
        now = int(time.time())
        key = {"pk": f"USER#{self.owner_id}", "sk": f"RECEIPT#{self.digest}"}
        return Put(GRAPH, key | {"ttl": now + KEPT_SECONDS}, attr("pk").missing() | (attr("ttl") < now))


def receipt_of(verb: str, owner_id: UserId, other_id: UserId, request_id: str | None) -> Receipt | None:
    """The receipt of what somebody does to another; None without a request id."""
    if request_id is None:
        return None
    digest = blake2b(f"{verb}:{other_id}:{request_id}".encode(), digest_size=16).hexdigest()
    return Receipt(owner_id, digest)


@contextmanager
def once() -> Iterator[None]:
    """Around what has nothing to tell: a repeat is done when it is found to be one."""
    try:
        yield
    except Repeated:
        logger.info("repeated")


def transact_once(operations: Sequence[Operation], receipt: Receipt | None) -> None:
    """Carry out a transaction unless its receipt is there. Reasons of a cancellation align with `operations`.

    Cost: 1 round trip, 2 write units for the receipt.
    Idempotent: by receipt.
    Raises: TransactionCancelled, Repeated.
    """
    if receipt is None:
        transact(operations)
        return
    try:
        transact([*operations, receipt.put()])
    except TransactionCancelled as cancelled:
        if cancelled.reasons[-1].failed:
            raise Repeated from cancelled
        raise


def receipt_keep(receipt: Receipt | None) -> None:
    """Keep the receipt of what needed no change: repeated when it would, it must not change anything either.

    Cost: 1 round trip, 1 write unit; nothing without a request id.
    Raises: Repeated if it is there, from a repeat at the same time.
    """
    if receipt is None:
        return
    put = receipt.put()
    try:
        put_item(put.table, put.item, condition=put.condition)
    except ConditionFailed as kept:
        raise Repeated from kept
