"""Capacity units by AWS's rules, worked out from the items themselves.

Needed because DynamoDB Local reports transactions at twice and more what AWS charges. While a test or a benchmark is
metering, the images before and after a transaction are read (uncounted) and the units follow from their sizes.

Units: a write unit is one started KB an item, twice that in a transaction, and one a started KB for each index entry
written; an index entry whose key changes is written twice (removed, put). A refused condition check still costs.
Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats", "Global secondary indexes: storage
considerations and write capacity", "Amazon DynamoDB Transactions".
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from config.dynamodb.items import Item
from config.dynamodb.tables import Index, Table

KILOBYTE = 1024


def size_of_number(value: float) -> int:
    """About one byte for two significant digits, and one more; a sign costs one."""
    digits = str(abs(value)).replace(".", "").strip("0") or "0"
    return ceil(len(digits) / 2) + 1 + (value < 0)


def size_of_value(value: Any) -> int:  # noqa: PLR0911  # a return a type
    """Bytes of one attribute's value."""
    match value:
        case str():
            return len(value.encode())
        case bool() | None:
            return 1
        case int() | float():
            return size_of_number(value)
        case bytes():
            return len(value)
        case Mapping():
            return 3 + sum(1 + len(str(name).encode()) + size_of_value(part) for name, part in value.items())
        case list() | tuple():
            return 3 + sum(1 + size_of_value(part) for part in value)
        case set() | frozenset():
            return sum(size_of_value(part) for part in value)
    raise TypeError(type(value).__name__)


def size_of(item: Item | None) -> int:
    """Bytes of an item: names and values. 0 where there is none."""
    return sum(len(name.encode()) + size_of_value(value) for name, value in (item or {}).items())


def started_kilobytes(size: int) -> int:
    """Started KB, at least one: even a delete of nothing costs a unit."""
    return max(1, ceil(size / KILOBYTE))


def index_entry(table: Table, index: Index, item: Item | None) -> Item | None:
    """What an index holds of an item: nothing where the item lacks the index's key."""
    keys = [part.name for part in (index.partition_key, index.sort_key) if part]
    if item is None or any(name not in item for name in keys):
        return None
    if index.projection == "ALL":
        return item
    names = {*keys, *table.key_names, *(index.projection if isinstance(index.projection, tuple) else ())}
    return {name: value for name, value in item.items() if name in names}


def index_write_units(table: Table, index: Index, before: Item | None, after: Item | None) -> int:
    """Units that one index consumes when an item changes."""
    old, new = index_entry(table, index, before), index_entry(table, index, after)
    if old == new:
        return 0
    keys = [part.name for part in (index.partition_key, index.sort_key) if part]
    if old and new and any(old[name] != new[name] for name in keys):
        return started_kilobytes(size_of(old)) + started_kilobytes(size_of(new))
    return started_kilobytes(max(size_of(old), size_of(new)))


def write_units(table: Table, before: Item | None, after: Item | None, *, transactional: bool) -> int:
    """Units of one changed item with all its indexes."""
    base = started_kilobytes(max(size_of(before), size_of(after))) * (2 if transactional else 1)
    return base + sum(index_write_units(table, index, before, after) for index in table.indexes)
