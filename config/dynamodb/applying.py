"""Applying a change to a table that is in use. Killed anywhere and run again, it goes on and ends in the same state.

    indexing   UpdateTable, then wait until the engine has built the index      asked of the engine: is it there?
    filling    scan a segment, update items that need it, note the position    lost work: at most one page, done again
    done       after the index has had time to follow the last update

Two runs at once do the same work twice and harm nothing. The pace is a bound on items a second, so that the table's own
readers and writers keep their share; beyond that a throttled request waits as every request does.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from config.dynamodb.changes import (
    DONE,
    ChangeState,
    ItemMove,
    SegmentState,
    TableChange,
    change_state,
    segment_reached,
    stage_reached,
)
from config.dynamodb.client import client
from config.dynamodb.errors import ConditionFailed, error_code, is_unknown_outcome
from config.dynamodb.items import Item
from config.dynamodb.retry import with_retries
from config.dynamodb.scans import scan_page
from config.dynamodb.single import update_item
from config.dynamodb.tables import Table, index_request, key_schema
from config.dynamodb.transactions import transact_if

PAGE: Final = 100
SEGMENTS: Final = 4
ITEMS_A_SECOND: Final = 500.0
POLL_SECONDS: Final = 0.5
INDEX_LAG_SECONDS: Final = 2.0
"""An index follows its table within a second or so: readers are sent there only when it has all."""
BUSY_CODES: Final = frozenset({"ResourceInUseException", "LimitExceededException"})

Report = Callable[[str], None]


class Pace:
    """A bound on items a second, over the whole run."""

    def __init__(self, items_a_second: float) -> None:
        self.items_a_second = items_a_second
        self._free_at = time.monotonic()

    def spend(self, items: int) -> None:
        """Wait until so many items may have been seen."""
        self._free_at = max(self._free_at, time.monotonic()) + items / self.items_a_second
        time.sleep(max(0.0, self._free_at - time.monotonic()))


def apply_change(
    change: TableChange, *, report: Report, items_a_second: float = ITEMS_A_SECOND, segments: int = SEGMENTS
) -> None:
    """Apply a change, from wherever it is. A change that is done is left alone.

    Cost: 1 read unit per 4 KB of the table, a write unit per item changed and index, 1 a page of 100 for its position.
    Idempotent: by change.
    Raises: ValueError if an index of that name is there with other keys; Throttled, DatabaseUnavailable: run it again.
    """
    state = change_state(change)
    if state.stage == DONE:
        report(f"{change.name}: done before")
        return
    if change.add_index:
        if not state.stage:
            stage_reached(change, "indexing")
        ensure_index(change, report)
    if change.backfill:
        stage_reached(change, "filling", segments=segments)
        _fill(change, change_state(change), Pace(items_a_second), report)
        time.sleep(INDEX_LAG_SECONDS if change.add_index else 0)
    stage_reached(change, DONE)
    report(f"{change.name}: done")


def ensure_index(change: TableChange, report: Report) -> None:
    """Add the index if it is not there, and wait until it serves. The table serves all the while.

    Raises: ValueError if one of that name has other keys.
    """
    index = change.table.index(change.add_index or "")
    wanted = key_schema(index.partition_key, index.sort_key)
    while True:
        described = _described(change.table)
        rows = described.get("GlobalSecondaryIndexes", [])
        there = next((row for row in rows if row["IndexName"] == index.name), None)
        if there is None:
            if _request_index(change, described):
                report(f"{change.name}: index {index.name} asked for")
        elif there["KeySchema"] != wanted:
            message = f"The index {index.name} of {change.table.physical_name} is there with other keys."
            raise ValueError(message)
        elif there["IndexStatus"] == described["TableStatus"] == "ACTIVE":
            report(f"{change.name}: index {index.name} serves")
            return
        time.sleep(POLL_SECONDS)


def _described(table: Table) -> dict[str, Any]:
    def describe() -> dict[str, Any]:
        description: dict[str, Any] = client().describe_table(TableName=table.physical_name)["Table"]
        return description

    found: dict[str, Any] = with_retries(describe, repeatable=True, on_retry=lambda: None)
    return found


def _request_index(change: TableChange, described: dict[str, Any]) -> bool:
    """Ask the engine for the index; False while it is busy with another change, or where no answer came: then look again."""
    index = change.table.index(change.add_index or "")
    types = {row["AttributeName"]: row["AttributeType"] for row in described["AttributeDefinitions"]}
    types |= {part.name: part.type for part in (index.partition_key, index.sort_key) if part}
    definitions = [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]
    try:
        client().update_table(
            TableName=change.table.physical_name,
            AttributeDefinitions=definitions,
            GlobalSecondaryIndexUpdates=[{"Create": index_request(index)}],
        )
    except (ClientError, BotoCoreError) as error:
        if error_code(error) not in BUSY_CODES and not is_unknown_outcome(error):
            raise
        return False
    return True


def _fill(change: TableChange, state: ChangeState, pace: Pace, report: Report) -> None:
    for start in state.segments:
        segment = start
        while not segment.is_finished:
            segment = _fill_page(change, segment, len(state.segments), pace)
            segment_reached(change, segment)
            report(
                f"{change.name}: segment {segment.number + 1} of {len(state.segments)}: "
                f"{segment.seen} seen, {segment.changed} changed"
            )


def _fill_page(change: TableChange, at: SegmentState, segments: int, pace: Pace) -> SegmentState:
    rows = scan_page(
        change.table,
        limit=PAGE,
        segment=at.number,
        segments=segments,
        start_after=at.position,
        consistent=True,
    )
    changed = sum(_fill_item(change, item) for item in rows.items)
    pace.spend(len(rows.items) + changed)
    return SegmentState(
        at.number,
        position=rows.last_key,
        is_finished=rows.last_key is None,
        seen=at.seen + len(rows.items),
        changed=at.changed + changed,
    )


def _fill_item(change: TableChange, item: Item) -> bool:
    needed = change.backfill(item) if change.backfill else None
    if needed is None:
        return False
    # False: changed since it was read, by a writer who knows of the new shape
    if isinstance(needed, ItemMove):
        return transact_if(needed.operations)
    try:
        update_item(change.table, change.table.key_of(item), needed.update, condition=needed.condition)
    except ConditionFailed:
        return False
    return True
