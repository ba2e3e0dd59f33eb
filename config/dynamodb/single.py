"""Operations on one item."""

from typing import Any

from config.dynamodb.errors import ConditionFailed
from config.dynamodb.expressions import Condition, Expressions, Update
from config.dynamodb.items import Item, marshal, unmarshal
from config.dynamodb.requests import Attempt, request, send
from config.dynamodb.tables import Table


def get_item(
    table: Table, key: Item, *, consistent: bool = False, attributes: tuple[str, ...] | None = None
) -> Item | None:
    """The item of that key, or None.

    Cost: 1 round, 0.5 read units a started 4 KB; 1 if consistent.
    """
    parameters: dict[str, Any] = {
        "TableName": table.physical_name,
        "Key": marshal(key),
        "ConsistentRead": consistent,
    }
    if attributes:
        expressions = Expressions()
        parameters["ProjectionExpression"] = expressions.projection(attributes)
        parameters |= expressions.parameters()
    response = request("get_item", (table,), repeatable=True, **parameters)
    return unmarshal(response["Item"]) if "Item" in response else None


def conditional(table: Table, condition: Condition | None, expressions: Expressions) -> dict[str, Any]:
    """The parameters that every conditional write of one item shares."""
    parameters: dict[str, Any] = {"TableName": table.physical_name}
    if condition is not None:
        parameters["ConditionExpression"] = expressions.condition(condition)
        parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return parameters


def put_item(table: Table, item: Item, *, condition: Condition | None = None) -> None:
    """Store an item whole.

    Cost: 1 round, 1 write unit a started KB and index.
    Idempotent: by key. A try whose answer was lost may be the one that stored it, so a retry that finds just this item
    counts as done.
    Raises: ConditionFailed with the item that is there.
    """
    expressions = Expressions()
    parameters = conditional(table, condition, expressions) | {"Item": marshal(item)}
    attempt = Attempt("put_item", (table,), parameters | expressions.parameters())
    try:
        send(attempt, repeatable=True)
    except ConditionFailed as error:
        if not (attempt.met_unknown_outcome and error.item == item):
            raise


def update_item(table: Table, key: Item, update: Update, *, condition: Condition | None = None) -> Item:
    """Change an item, made if it is not there. The changed item.

    Cost: 1 round, 1 write unit a started KB (the larger of before and after) and index touched.
    Idempotent: only without `add`; an update that adds is not sent again after an unknown outcome. Where that may not
    be lost, use `transact`, whose token makes retries safe.
    Raises: ConditionFailed with the item that is there.
    """
    expressions = Expressions()
    parameters = conditional(table, condition, expressions) | {"Key": marshal(key), "ReturnValues": "ALL_NEW"}
    parameters["UpdateExpression"] = expressions.update(update)
    attempt = Attempt("update_item", (table,), parameters | expressions.parameters())
    return unmarshal(send(attempt, repeatable=not update.add)["Attributes"])


def delete_item(table: Table, key: Item, *, condition: Condition | None = None) -> Item | None:
    """Delete an item. What was there, or None.

    Cost: 1 round, 1 write unit a started KB and index.
    Idempotent: by key; under a condition, a retry after a lost answer that finds nothing counts as done.
    Raises: ConditionFailed with the item that is there.
    """
    expressions = Expressions()
    parameters = conditional(table, condition, expressions) | {"Key": marshal(key), "ReturnValues": "ALL_OLD"}
    attempt = Attempt("delete_item", (table,), parameters | expressions.parameters())
    try:
        response = send(attempt, repeatable=True)
    except ConditionFailed as error:
        if attempt.met_unknown_outcome and error.item is None:
            return None
        raise
    return unmarshal(response["Attributes"]) if response.get("Attributes") else None
