"""What DynamoDB can answer, in the words of Roost. Botocore's errors are translated here and nowhere else.

AppError
├── Unavailable (503)
│   ├── DatabaseUnavailable   no answer, or a 5xx: the outcome of a write is unknown
│   ├── Throttled             refused for rate, retries and budget used up: nothing was written
│   └── Overloaded            not sent, for too many wait already; of a write that is sent again, an earlier try may have been
└── Conflict (409)
├── ConditionFailed       one item's condition did not hold; carries the item that is there
├── TokenUsed             the token of a transaction stood for another one within the last ten minutes
└── TransactionCancelled  nothing was written; one reason an operation, in their order
"""

import random
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext_lazy as _

from config.dynamodb.items import Item, unmarshal
from config.errors import Conflict, Unavailable

THROTTLED_CODES = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "LimitExceededException",
    }
)
SERVER_CODES = frozenset(
    {"InternalServerError", "InternalFailure", "ServiceUnavailable", "TransactionInProgressException"}
)
# Reasons of a cancelled transaction that a later try may not meet again.
PASSING_REASONS = frozenset(
    {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


class DatabaseUnavailable(Unavailable):
    """DynamoDB did not answer, or answered with a fault of its own. A write may or may not have happened."""

    code = "database_unavailable"


class Throttled(Unavailable):
    """DynamoDB refused for rate and the retries are used up. Nothing was written."""

    code = "database_throttled"


class Overloaded(Unavailable):
    """The process asks as much of DynamoDB as it may, and this request has waited long enough."""

    code = "overloaded"
    default_message = _("Too many people are asking at once. Try again in a moment.")

    def __init__(self) -> None:
        # Not all at the same moment.
        super().__init__(retry_after_seconds=random.randint(1, 4))


class ConditionFailed(Conflict):
    """A condition did not hold. `item` is what is stored now, None where nothing is."""

    code = "condition_failed"

    def __init__(self, message: str = "", *, item: Item | None = None) -> None:
        super().__init__(message or "A condition on a stored item did not hold.")
        self.item = item


class TokenUsed(Conflict):
    """A client's token came with other writes than the first time: that first time has been seen to. Nothing was written."""

    code = "token_used"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one operation of a cancelled transaction was refused: DynamoDB's code, and the item that is stored."""

    code: str
    item: Item | None

    @property
    def failed(self) -> bool:
        """Whether this operation's own condition was the one that did not hold."""
        return self.code == "ConditionalCheckFailed"


class TransactionCancelled(Conflict):
    """A transaction was refused whole. `reasons` has one entry an operation, in the order they were given."""

    code = "transaction_cancelled"

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("A transaction was cancelled: " + ", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def error_code(error: BaseException) -> str:
    """DynamoDB's code of an error, or the class name of one that never reached it."""
    if isinstance(error, ClientError):
        return str(error.response["Error"].get("Code", "Unknown"))
    return type(error).__name__


def cancellation_reasons(error: ClientError) -> list[Reason]:
    """The reasons of a TransactionCanceledException, index-aligned with the transaction's operations."""
    rows: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return [
        Reason(row.get("Code", "None"), unmarshal(row["Item"]) if row.get("Item") else None) for row in rows
    ]


def is_throttle(error: BaseException) -> bool:
    """Whether the request was refused before it did anything, and may be sent again as it is."""
    if not isinstance(error, ClientError):
        return False
    code = error_code(error)
    if code == "TransactionCanceledException":
        codes = {reason.code for reason in cancellation_reasons(error)}
        return bool(codes - {"None"}) and codes <= PASSING_REASONS
    return code in THROTTLED_CODES or code == "TransactionConflictException"


def is_unknown_outcome(error: BaseException) -> bool:
    """Whether the request may have been carried out although no answer says so."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error_code(error) in SERVER_CODES or status >= 500
    return isinstance(error, BotoCoreError)


def translated(error: ClientError | BotoCoreError) -> Exception:
    """Roost's error for botocore's. What is a fault of our own request (validation, missing table) stays as it is."""
    if isinstance(error, ClientError):
        code = error_code(error)
        if code == "ConditionalCheckFailedException":
            stored: Any = error.response.get("Item")
            return ConditionFailed(item=unmarshal(stored) if stored else None)
        if code == "IdempotentParameterMismatchException":
            return TokenUsed("This request was carried out before.")
        if is_throttle(error):
            return Throttled("The database is over its rate. Try again in a moment.")
        if code == "TransactionCanceledException":
            return TransactionCancelled(cancellation_reasons(error))
        if not is_unknown_outcome(error):
            return error
    return DatabaseUnavailable("The database did not answer. Try again in a moment.")
