"""The door to DynamoDB: declare tables, read and write items, count what it costs. Rooms import from here.

tables.py       declarations and keys        creation.py    making tables
single.py       get, put, update, delete     queries.py     paged queries
batches.py      many items a request         transactions.py all or none
expressions.py  conditions, updates, ranges  errors.py      what can go wrong
changes.py      tables in use, changed   applying.py    by command, resumably
scans.py        a whole table, walked
requests.py     one request: joining.py, retry.py, admission.py, metering.py, units.py
client.py       botocore's, with the short way of items: direct.py, wire.py
"""

from config.dynamodb.batches import batch_get, batch_put_small, batch_write
from config.dynamodb.changes import ItemChange, ItemMove, TableChange, is_done
from config.dynamodb.creation import create_tables
from config.dynamodb.errors import (
    ConditionFailed,
    DatabaseUnavailable,
    Reason,
    Throttled,
    TokenUsed,
    TransactionCancelled,
)
from config.dynamodb.expressions import (
    Condition,
    SortAbove,
    SortBeginsWith,
    SortBelow,
    SortBetween,
    Update,
    attr,
)
from config.dynamodb.items import Item, PutsLike, marshal, unmarshal
from config.dynamodb.parallel import gather
from config.dynamodb.queries import Rows, query, query_all
from config.dynamodb.single import delete_item, get_item, put_item, update_item
from config.dynamodb.tables import ALL, KEYS_ONLY, AccessPattern, Index, KeyPart, Table
from config.dynamodb.tracing import trace
from config.dynamodb.transactions import Change, Check, Delete, Operation, Put, transact, transact_if

__all__ = [
    "ALL",
    "KEYS_ONLY",
    "AccessPattern",
    "Change",
    "Check",
    "Condition",
    "ConditionFailed",
    "DatabaseUnavailable",
    "Delete",
    "Index",
    "Item",
    "ItemChange",
    "ItemMove",
    "KeyPart",
    "Operation",
    "Put",
    "PutsLike",
    "Reason",
    "Rows",
    "SortAbove",
    "SortBeginsWith",
    "SortBelow",
    "SortBetween",
    "Table",
    "TableChange",
    "Throttled",
    "TokenUsed",
    "TransactionCancelled",
    "Update",
    "attr",
    "batch_get",
    "batch_put_small",
    "batch_write",
    "create_tables",
    "delete_item",
    "gather",
    "get_item",
    "is_done",
    "marshal",
    "put_item",
    "query",
    "query_all",
    "trace",
    "transact",
    "transact_if",
    "unmarshal",
    "update_item",
]
