"""The only place that speaks DynamoDB for notifications."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.dynamodb import (
    Condition,
    ConditionFailed,
    Delete,
    Item,
    Operation,
    Put,
    SortAbove,
    SortBeginsWith,
    SortBelow,
    Update,
    attr,
    batch_get,
    batch_write,
    get_item,
    query,
    query_all,
    transact_if,
    update_item,
)
from config.entities import PostId, UserId
from config.ids import next_id
from feed.notifications.entities import DAILY, DAY_MS, KEPT_SECONDS, WINDOW_DAYS, Happening, Kind, Line
from feed.notifications.groups import Group, Row
from feed.notifications.tables import (
    BY_TIME,
    ENTRY_PREFIX,
    GROUP_PREFIX,
    NOTIFICATIONS,
    entries_prefix,
    entry_key,
    group_key,
    partition,
    state_key,
)

GONE_SECONDS: Final = 8 * 86_400
"""How long it is remembered that something was taken back: longer than its record can come again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The last that was heard of one happening."""

    stamp: int
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What is there of a happening."""

    entry: Entry | None
    group: Group
    off: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """What a reader chose, and has read."""

    read_id: int = 0
    off: frozenset[str] = frozenset()


def stored_of(happening: Happening) -> Stored:
    """What is there of a happening, and whether its kind is wanted.

    Cost: 1 round trip, 3 read units. Consistency: strong.
    """
    return stored_of_some([happening])[0]


def stored_of_some(happenings: Sequence[Happening]) -> list[Stored]:
    """The same of several.

    Shape: same length and order as `happenings`.
    Cost: 1 round trip for 33, 3 read units each. Consistency: strong.
    """
    keys = [
        key
        for happening in happenings
        for key in (
            entry_key(happening.line, happening.source),
            group_key(happening.line),
            state_key(happening.reader_id),
        )
    ]
    found = batch_get([(NOTIFICATIONS, key) for key in keys], consistent=True)
    return [_stored(happening, *found[3 * at : 3 * at + 3]) for at, happening in enumerate(happenings)]


def _stored(happening: Happening, entry: Item | None, group: Item | None, state: Item | None) -> Stored:
    return Stored(
        Entry(entry["stamp"], "gone" in entry) if entry else None,
        _group_of(group) if group else Group(happening.line, happening.post_id),
        _state_of(state).off,
    )


def entry_put(happening: Happening, row: Row | None, before: Stored, group: Group) -> bool:
    """Write an entry and, where it differs from before, its group. False if either was changed meanwhile.

    `row` is None for what is taken back.

    Cost: 1 round trip; 4 write units and 2 of the index, 2 where the group stays.
    Consistency: transaction. Idempotent: a repetition finds either changed.
    """
    line = happening.line
    entry: Item = {**entry_key(line, happening.source), "stamp": happening.stamp}
    if row is None:
        entry |= {"gone": True, "ttl": _now_seconds() + GONE_SECONDS}
    else:
        entry |= {"actor_id": row.actor_id, "noted_id": row.noted_id, "ttl": _entry_ttl(line)}
        entry |= {} if row.root_id is None else {"root_id": row.root_id}
    operations: list[Operation] = [Put(NOTIFICATIONS, entry, _entry_is(before.entry))]
    if group != before.group:
        operations.append(_group_write(group, before.group))
    return transact_if(operations)


def rows_of(line: Line) -> list[Row]:
    """All who are in a line.

    Cost: 1 Query, 1 read unit for some 30, at most some 35 and as many as were taken back of late. Consistency: strong.
    """
    found = query_all(
        NOTIFICATIONS, partition(line.reader_id), sort=SortBeginsWith(entries_prefix(line)), consistent=True
    )
    return [
        Row(
            int(item["sk"].rpartition("#")[2]),
            UserId(item["actor_id"]),
            item["noted_id"],
            item.get("root_id"),
        )
        for item in found
        if "gone" not in item
    ]


def groups_below(reader_id: UserId, *, before: int | None, limit: int) -> list[Group]:
    """Lines in the order of what was last added, newest first.

    Cost: 1 Query, 0.5 read units for some 8, at least 25 looked at. Consistency: eventual.
    """
    return _groups(reader_id, SortBelow(before) if before is not None else None, limit)


def groups_above(reader_id: UserId, *, after: int, limit: int) -> list[Group]:
    """The newest of the lines that were added to since.

    Cost: 1 Query, 0.5 read units for some 8, at least 25 looked at. Consistency: eventual.
    """
    return _groups(reader_id, SortAbove(after), limit)


def state_get(reader_id: UserId) -> State:
    """What the reader chose, and has read.

    Cost: 1 round trip, 0.5 read units. Consistency: eventual.
    """
    return _state_of(get_item(NOTIFICATIONS, state_key(reader_id)))


def read_put(reader_id: UserId, read_id: int) -> bool:
    """Note that everything up to here is read; False if more was read already.

    Cost: 1 round trip, 1 write unit. Idempotent: by reader and id.
    """
    further = attr("read_id").missing() | (attr("read_id") < read_id)
    try:
        update_item(NOTIFICATIONS, state_key(reader_id), Update(set={"read_id": read_id}), condition=further)
    except ConditionFailed:
        return False
    return True


def off_put(reader_id: UserId, kinds: Iterable[Kind]) -> None:
    """Note which kinds are not wanted.

    Cost: 1 round trip, 1 write unit. Idempotent: by reader.
    """
    update_item(
        NOTIFICATIONS, state_key(reader_id), Update(set={"off": sorted(kind.value for kind in kinds)})
    )


def subject_clear(reader_id: UserId, kind: Kind, subject: int) -> int:
    """Delete every line of a kind about something, in all windows, with who is in it; how many items.

    Cost: 2 Queries, 0.5 RU each where there is nothing; 1 WU an item and 1 of the index a line. Consistency: strong.
    Idempotent: by item. What is noted meanwhile finds its line changed, and tries again.
    """
    about = f"{kind}#{subject}#"
    prefixes = (f"{GROUP_PREFIX}{about}", f"{ENTRY_PREFIX}{about}")
    found = [
        item
        for prefix in prefixes
        for item in query_all(
            NOTIFICATIONS, partition(reader_id), sort=SortBeginsWith(prefix), consistent=True
        )
    ]
    batch_write(deletes=[(NOTIFICATIONS, {"pk": item["pk"], "sk": item["sk"]}) for item in found])
    return len(found)


def clear_some(reader_id: UserId, *, limit: int) -> int:
    """Delete some of a reader's items; how many.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item and 1 of the index a line. Consistency: strong. Idempotent: by item.
    """
    rows = query(NOTIFICATIONS, partition(reader_id), limit=limit, consistent=True, attributes=("pk", "sk"))
    batch_write(deletes=[(NOTIFICATIONS, row) for row in rows.items])
    return len(rows.items)


def _groups(reader_id: UserId, sort: SortBelow | SortAbove | None, limit: int) -> list[Group]:
    rows = query(
        NOTIFICATIONS,
        partition(reader_id),
        index=BY_TIME,
        sort=sort,
        limit=limit,
        newest_first=True,
        where=attr("ttl") > _now_seconds(),
    )
    return [_group_of(item) for item in rows.items]


def _entry_is(entry: Entry | None) -> Condition:
    if entry is None:
        return attr("pk").missing()
    return (attr("stamp") == entry.stamp) & (
        attr("gone").exists() if entry.is_gone else attr("gone").missing()
    )


def _group_write(group: Group, before: Group) -> Operation:
    key = group_key(group.line)
    unchanged = attr("version") == before.version if before.version else attr("pk").missing()
    if not group.count:
        return Delete(NOTIFICATIONS, key, unchanged)
    item: Item = {
        **key,
        "kind": group.line.kind.value,
        "subject": group.line.subject,
        "window": group.line.window,
        "count": group.count,
        "latest": [_row_to_item(row) for row in group.latest],
        "version": next_id(),  # a line that went and came again is another one
        "ttl": _now_seconds() + KEPT_SECONDS,
        "gpk": partition(group.line.reader_id),
        "gsk": group.newest_id,
    }
    return Put(NOTIFICATIONS, item if group.post_id is None else item | {"post_id": group.post_id}, unchanged)


def _row_to_item(row: Row) -> list[int]:
    return [row.source, row.actor_id, row.noted_id, *([] if row.root_id is None else [row.root_id])]


def _group_of(item: Item) -> Group:
    line = Line(
        UserId(int(item["pk"].partition("#")[2])), Kind(item["kind"]), item["subject"], item["window"]
    )
    latest = tuple(
        Row(source, UserId(actor_id), noted_id, *root_id)
        for source, actor_id, noted_id, *root_id in item["latest"]
    )
    post_id = PostId(item["post_id"]) if "post_id" in item else None
    return Group(line, post_id, item["count"], latest, item["version"])


def _state_of(item: dict[str, Any] | None) -> State:
    return State(item.get("read_id", 0), frozenset(item.get("off", ()))) if item else State()


def _entry_ttl(line: Line) -> int:
    """Later than its group's, which is counted from its last row: nothing of a window is noted long after its end."""
    days = 1 if line.kind in DAILY else WINDOW_DAYS
    window_ends = (line.window + 1) * days * DAY_MS // 1000
    return max(window_ends, _now_seconds()) + KEPT_SECONDS + GONE_SECONDS


def _now_seconds() -> int:
    return time.time_ns() // 1_000_000_000
