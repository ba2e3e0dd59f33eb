"""Many items a request. What the engine leaves unprocessed is sent again until it is done or the retries end."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import uniform
from typing import Any, TypeVar

from django.conf import settings

from config.dynamodb.errors import Throttled
from config.dynamodb.expressions import Expressions
from config.dynamodb.items import Item, marshal, unmarshal
from config.dynamodb.requests import Attempt, send
from config.dynamodb.retry import ATTEMPTS, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from config.dynamodb.tables import Table, table_of

READ_BATCH = 100
WRITE_BATCH = 25

Keyed = tuple[Table, Item]
T = TypeVar("T")


def chunks(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive slices of at most `size`."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


class BatchGetAttempt(Attempt):
    """A batch of reads. AWS charges the least read for a key without an item; DynamoDB Local reports nothing for it."""

    def units_read(self, reported: float, response: Mapping[str, Any]) -> float:
        """What the engine reports, and on a local engine the missing items besides."""
        if settings.DYNAMODB_ENDPOINT is None or not response:
            return reported
        return reported + sum(self._unreported(name, response) for name in self.parameters["RequestItems"])

    def _unreported(self, name: str, response: Mapping[str, Any]) -> float:
        read = self.parameters["RequestItems"][name]
        left = response.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        missing = len(read["Keys"]) - len(left) - len(response["Responses"].get(name, []))
        return missing * (1.0 if read["ConsistentRead"] else 0.5)


def _identity(table: Table, key: Item) -> tuple[Any, ...]:
    return (table.name, *(key[name] for name in table.key_names))


def _wait(attempt: int) -> None:
    """Full jitter between two tries of what was left unprocessed."""
    time.sleep(uniform(0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**attempt)))


def _resend(operation: str, pending: dict[str, Any], left_key: str) -> Iterator[Any]:
    """Send a batch, then what it left, and so on. Each answer as it comes.

    Raises: Throttled when something is still left after the last try.
    """
    for attempt in range(ATTEMPTS):
        tables = tuple(table_of(name) for name in pending)
        kind = BatchGetAttempt if operation == "batch_get_item" else Attempt
        response = send(kind(operation, tables, {"RequestItems": pending}), repeatable=True)
        yield response
        pending = response.get(left_key) or {}
        if not pending:
            return
        _wait(attempt)
    raise Throttled("The database took only part of a batch. Try again in a moment.")


def batch_get(
    keys: Sequence[Keyed], *, consistent: bool = False, attributes: tuple[str, ...] | None = None
) -> list[Item | None]:
    """The items of these keys, of any number and over several tables.

    Shape: as long as `keys` and in their order; None where there is no item; a key asked twice is read once.
    Cost: 1 round a started 100 distinct keys, 0.5 read units an item (a started 4 KB); 1 if consistent.
    """
    wanted = {_identity(table, key): (table, key) for table, key in keys}
    found: dict[tuple[Any, ...], Item] = {}
    for chunk in chunks(list(wanted.values()), READ_BATCH):
        by_table: dict[Table, list[Item]] = defaultdict(list)
        for table, key in chunk:
            by_table[table].append(key)
        pending = {
            t.physical_name: _read_of(t, ks, consistent=consistent, attributes=attributes)
            for t, ks in by_table.items()
        }
        for response in _resend("batch_get_item", pending, "UnprocessedKeys"):
            for name, rows in response["Responses"].items():
                table = table_of(name)
                for row in rows:
                    item = unmarshal(row)
                    found[_identity(table, item)] = item
    return [found.get(_identity(table, key)) for table, key in keys]


def _read_of(
    table: Table, keys: list[Item], *, consistent: bool, attributes: tuple[str, ...] | None
) -> dict[str, Any]:
    read: dict[str, Any] = {"Keys": [marshal(key) for key in keys], "ConsistentRead": consistent}
    if attributes:
        expressions = Expressions()
        read["ProjectionExpression"] = expressions.projection(
            tuple(dict.fromkeys((*attributes, *table.key_names)))
        )
        read |= expressions.parameters()
    return read


def batch_write(puts: Sequence[Keyed] = (), deletes: Sequence[Keyed] = ()) -> None:
    """Put items and delete keys, of any number and over several tables, in no order and not as one.

    Cost: 1 round a started 25, 1 write unit an item (a started KB) and index.
    Idempotent: by key. The last of two writes to one key in the same call wins.
    Raises: Throttled when the engine goes on leaving some unprocessed; those before it are written.
    """
    writes: dict[tuple[Any, ...], tuple[Table, dict[str, Any]]] = {}
    for table, item in puts:
        writes[_identity(table, item)] = (table, {"PutRequest": {"Item": marshal(item)}})
    for table, key in deletes:
        writes[_identity(table, key)] = (table, {"DeleteRequest": {"Key": marshal(table.key_of(key))}})
    for chunk in chunks(list(writes.values()), WRITE_BATCH):
        pending: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, write in chunk:
            pending[table.physical_name].append(write)
        for _ in _resend("batch_write_item", dict(pending), "UnprocessedItems"):
            pass
