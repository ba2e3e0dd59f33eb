"""Several writes, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings

from config.dynamodb.client import client
from config.dynamodb.errors import TransactionCancelled
from config.dynamodb.expressions import Condition, Expressions, Update
from config.dynamodb.items import Item, marshal, unmarshal
from config.dynamodb.metering import is_metered
from config.dynamodb.requests import Attempt, send
from config.dynamodb.tables import Table
from config.dynamodb.units import write_units


@dataclass(frozen=True, slots=True)
class Put:
    """Store an item."""

    table: Table
    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Update an item, made if it is not there."""

    table: Table
    key: Item
    update: Update
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete an item."""

    table: Table
    key: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but refuse the whole if the condition does not hold. Costs as much as a write."""

    table: Table
    key: Item
    condition: Condition


Operation = Put | Change | Delete | Check


def wire_operation(operation: Operation) -> dict[str, Any]:
    """One entry of TransactItems."""
    expressions = Expressions()
    body: dict[str, Any] = {"TableName": operation.table.physical_name}
    if operation.condition is not None:
        body["ConditionExpression"] = expressions.condition(operation.condition)
        body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    match operation:
        case Put(item=item):
            kind, body["Item"] = "Put", marshal(item)
        case Change(key=key, update=update):
            kind, body["Key"], body["UpdateExpression"] = "Update", marshal(key), expressions.update(update)
        case Delete(key=key):
            kind, body["Key"] = "Delete", marshal(key)
        case Check(key=key):
            kind, body["Key"] = "ConditionCheck", marshal(key)
    return {kind: body | expressions.parameters()}


class TransactionAttempt(Attempt):
    """A transaction whose units are worked out by AWS's rules while somebody meters on a local engine."""

    def __init__(self, operations: Sequence[Operation], parameters: dict[str, Any]) -> None:
        tables = tuple(dict.fromkeys(operation.table for operation in operations))
        super().__init__("transact_write_items", tables, parameters)
        self.operations = operations
        # DynamoDB Local reports transactions at twice AWS's units and more; on AWS its own report is the truth.
        self.exact = is_metered() and settings.DYNAMODB_ENDPOINT is not None

    def __call__(self) -> Any:
        self.before = self.images() if self.exact else []
        return super().__call__()

    def images(self) -> list[Item | None]:
        """The items as they are now, read past the meter."""
        return [self._image(operation) for operation in self.operations]

    def _image(self, operation: Operation) -> Item | None:
        key = operation.table.key_of(operation.item) if isinstance(operation, Put) else operation.key
        name = operation.table.physical_name
        stored = client().get_item(TableName=name, Key=marshal(key), ConsistentRead=True).get("Item")
        return unmarshal(stored) if stored else None

    def units_written(self, reported: float, response: Mapping[str, Any]) -> float:  # noqa: ARG002  # see its base
        """Units of the whole: exact while nobody else writes these items.

        A refused transaction costs what its operations would have cost on the items that are there.
        """
        if not self.exact:
            return reported
        return sum(
            write_units(operation.table, before, after, transactional=True)
            for operation, before, after in zip(self.operations, self.before, self.images(), strict=True)
        )


def transact(operations: Sequence[Operation], *, token: str | None = None) -> None:
    """Carry out up to 100 writes on distinct items, all or none.

    Cost: 1 round; 2 write units a started KB of each item, 1 a started KB and index touched.
    Idempotent: by token for 10 minutes; without one, the retries inside this call are safe and a second call is not.
    Raises: TransactionCancelled with a reason an operation when a condition did not hold; conflicts are retried here.
    """
    parameters = {
        "TransactItems": [wire_operation(operation) for operation in operations],
        "ClientRequestToken": token or uuid4().hex,
    }
    send(TransactionAttempt(operations, parameters), repeatable=True)


def transact_if(operations: Sequence[Operation]) -> bool:
    """The same, but False where a condition did not hold: nothing is written then.

    Cost: as `transact`. Raises: TransactionCancelled for any other reason.
    """
    try:
        transact(operations)
    except TransactionCancelled as cancelled:
        if not any(reason.failed for reason in cancelled.reasons):
            raise
        return False
    return True
