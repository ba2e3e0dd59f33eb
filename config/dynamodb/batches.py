"""Many items a request. What the engine leaves unprocessed is sent again until it is done or the retries end."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from random import uniform
from typing import Any, TypeVar

import orjson
from django.conf import settings

from config.dynamodb.errors import Throttled
from config.dynamodb.expressions import Expressions
from config.dynamodb.items import Item, marshal, unmarshal
from config.dynamodb.metering import is_metered
from config.dynamodb.parallel import gather
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


class PutsOfAUnit(Attempt):
    """A batch of puts of less than a KB into a table without indexes: a write unit each, by AWS's rules.

    So the engine is not asked how many they were, but for whoever counts exactly: a local one takes a fifth longer for it.
    """

    def __init__(self, operation: str, tables: tuple[Table, ...], parameters: dict[str, Any]) -> None:
        super().__init__(operation, tables, parameters)
        if not is_metered():
            del self.parameters["ReturnConsumedCapacity"]

    def units_written(self, reported: float, response: Mapping[str, Any]) -> float:
        """What the engine reports, if it was asked; else a unit a put that it took."""
        if reported or not response:
            return reported
        return float(_writes_in(self.parameters["RequestItems"]) - _writes_in(response["UnprocessedItems"]))


def _writes_in(batch: Mapping[str, Any]) -> int:
    return sum(len(writes) for writes in batch.values())


def _identity(table: Table, key: Item) -> tuple[Any, ...]:
    return (table.name, *(key[name] for name in table.key_names))


def _wait(attempt: int) -> None:
    """Full jitter between two tries of what was left unprocessed."""
    time.sleep(uniform(0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**attempt)))


def _resend(
    operation: str, pending: dict[str, Any], left_key: str, *, kind: type[Attempt] = Attempt
) -> Iterator[Any]:
    """Send a batch, then what it left, and so on. Each answer as it comes.

    Raises: Throttled when something is still left after the last try.
    """
    for attempt in range(ATTEMPTS):
        tables = tuple(table_of(name) for name in pending)
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
        for response in _resend("batch_get_item", pending, "UnprocessedKeys", kind=BatchGetAttempt):
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


def batch_write(puts: Sequence[Keyed] = (), deletes: Sequence[Keyed] = (), *, at_once: int = 1) -> None:
    """Put items and delete keys, of any number and over several tables, in no order and not as one.

    `at_once`: so many requests side by side; more than 1 not from within a read that is gathered.

    Cost: 1 request a started 25, a round each but for those side by side; 1 write unit an item (a started KB) and index.
    Idempotent: by key. The last of two writes to one key in the same call wins.
    Raises: Throttled when the engine goes on leaving some unprocessed; others may be written.
    """
    writes: dict[tuple[Any, ...], tuple[Table, dict[str, Any]]] = {}
    for table, item in puts:
        writes[_identity(table, item)] = (table, {"PutRequest": {"Item": marshal(item)}})
    for table, key in deletes:
        writes[_identity(table, key)] = (table, {"DeleteRequest": {"Key": marshal(table.key_of(key))}})
    batches = list(chunks(list(writes.values()), WRITE_BATCH))
    requests: list[dict[str, Any]] = []
    for batch in batches:
        pending: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, write in batch:
            pending[table.physical_name].append(write)
        requests.append(dict(pending))
    _write_side_by_side(requests, at_once)


def batch_put_small(table: Table, puts: Sequence[orjson.Fragment], *, at_once: int) -> None:
    """Put many items under a KB, each of another key and as JSON already (`PutsLike`), into a table that has no indexes.

    Nor is anything of it kept or stamped (`config.kept`): nobody looks into what is JSON already.

    Cost, Raises: as `batch_write`, but 1 write unit an item for certain. Idempotent: by key.
    NOTE: not from within a read that is gathered.
    """
    name = table.physical_name
    _write_side_by_side([{name: batch} for batch in chunks(puts, WRITE_BATCH)], at_once, kind=PutsOfAUnit)


def _write_side_by_side(
    requests: Sequence[dict[str, Any]], at_once: int, *, kind: type[Attempt] = Attempt
) -> None:
    left = iter(requests)
    gather(*[partial(_write_each, left, kind)] * min(at_once, len(requests)))


def _write_each(requests: Iterator[dict[str, Any]], kind: type[Attempt]) -> None:
    """One after the other. Several may take from the same ones: a list's iterator gives each to one of them."""
    for request in requests:
        for _ in _resend("batch_write_item", request, "UnprocessedItems", kind=kind):
            pass
