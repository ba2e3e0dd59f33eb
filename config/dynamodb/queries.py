"""Queries, paged by exact limits. DynamoDB's own page ends where it likes; these loop until the caller has its fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.dynamodb.expressions import Condition, Expressions, SortRange, key_condition
from config.dynamodb.items import Item, marshal, unmarshal
from config.dynamodb.requests import request
from config.dynamodb.tables import Index, Table

PAGE_OF_ALL = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of items. `last_key` is where the next page starts after; None at the end."""

    items: list[Item]
    last_key: Item | None


def position_of(table: Table, index: Index | None, item: Item) -> Item:
    """The key after which a query goes on behind this item: the table's key, with the index's for an index."""
    names = list(table.key_names)
    if index:
        names += [part.name for part in (index.partition_key, index.sort_key) if part]
    return {name: item[name] for name in names}


def query_parameters(
    table: Table,
    partition: Any,
    *,
    index: Index | None,
    sort: SortRange | None,
    where: Condition | None,
    attributes: tuple[str, ...] | None,
) -> dict[str, Any]:
    """The parts of a Query that stay the same from page to page."""
    source = index or table
    expressions = Expressions()
    sort_name = source.sort_key.name if source.sort_key else None
    condition = key_condition(source.partition_key.name, partition, sort_name, sort)
    parameters: dict[str, Any] = {
        "TableName": table.physical_name,
        "KeyConditionExpression": expressions.condition(condition, of_key=True),
    }
    if index:
        parameters["IndexName"] = index.name
    if where is not None:
        parameters["FilterExpression"] = expressions.condition(where)
    if attributes:
        parameters["ProjectionExpression"] = expressions.projection(attributes)
    return parameters | expressions.parameters()


def query(
    table: Table,
    partition: Any,
    *,
    index: str | None = None,
    sort: SortRange | None = None,
    limit: int,
    newest_first: bool = False,
    start_after: Item | None = None,
    consistent: bool = False,
    where: Condition | None = None,
    attributes: tuple[str, ...] | None = None,
) -> Rows:
    """Up to `limit` items of one partition, in sort-key order.

    Shape: exactly `limit` items unless the partition ends; `attributes`, if given, must include the keys.
    Cost: 1 round for a page under 1 MB, 0.5 read units a started 4 KB read (filtered items included); twice if consistent.
    Consistency: eventual unless `consistent`; an index is always eventual.
    """
    source = table.index(index) if index else None
    parameters = query_parameters(
        table, partition, index=source, sort=sort, where=where, attributes=attributes
    )
    parameters |= {"ScanIndexForward": not newest_first, "ConsistentRead": consistent}
    items: list[Item] = []
    position = start_after
    while True:
        # A filter may drop most of a page: ask for more than is missing, and cut at the limit below.
        parameters["Limit"] = limit - len(items) if where is None else max(2 * (limit - len(items)), 25)
        if position:
            parameters["ExclusiveStartKey"] = marshal(position)
        response = request("query", (table,), repeatable=True, **parameters)
        items += map(unmarshal, response["Items"])
        last = response.get("LastEvaluatedKey")
        if len(items) > limit:
            return Rows(items[:limit], position_of(table, source, items[limit - 1]))
        position = unmarshal(last) if last else None
        if position is None or len(items) == limit:
            return Rows(items, position)


def query_all(table: Table, partition: Any, **options: Any) -> Iterator[Item]:
    """Every item of one partition, lazily, in pages of 1,000. Takes what `query` takes but the limit.

    Cost: 1 round a page.
    """
    position: Item | None = options.pop("start_after", None)
    while True:
        rows = query(table, partition, limit=PAGE_OF_ALL, start_after=position, **options)
        yield from rows.items
        if rows.last_key is None:
            return
        position = rows.last_key
