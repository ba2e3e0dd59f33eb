"""Changes of tables that are in use: declared by rooms in `<room>/table_changes.py`, applied by command, asked for by reads.

    release    writes the new attributes from now on; its reads ask `is_done` and, until then, read the old way too
    plan       `manage.py table_changes plan`   what is to be done, and to how many items
    apply      adds the index while the table serves, fills it from what is there, says that it is done
    done       reads use the index; a later release may drop the old way

Apply when every process runs the new release: an old one still writes items without the new attributes. A table that
`create_tables` makes has its final shape at once, and its changes are done.

State lies in a table: one item a change, one a segment of its backfill. Done is for ever, so a process asks until it
hears that, at most every few seconds, and never again.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from config.dynamodb.expressions import Condition, Update
from config.dynamodb.items import Item
from config.dynamodb.queries import query_all
from config.dynamodb.single import get_item, update_item
from config.dynamodb.tables import AccessPattern, KeyPart, Table
from config.dynamodb.transactions import Operation

TABLE_CHANGES = Table(
    name="table_changes",
    purpose="How far changes of tables have been applied.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    patterns=(
        AccessPattern(
            "is a change done (until it is)", "table", "pk = TABLE, sk = VERSION#STATE", "0.5 RU", "eventual"
        ),
        AccessPattern("how far is a change", "table", "pk = TABLE", "0.5-1 RU", "strong"),
        AccessPattern(
            "checkpoint of a backfill", "table", "update pk = TABLE, sk = VERSION#SEGMENT#n", "1 WU", "-"
        ),
    ),
)

DONE: Final = "done"
ASK_AGAIN_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What a backfill does to one item: an update, under a condition on what was read. Refused, it is not needed any more."""

    update: Update
    condition: Condition


@dataclass(frozen=True, slots=True)
class ItemMove:
    """What a backfill does to an item that is to lie elsewhere: writes under conditions, all or none. As `ItemChange` if refused."""

    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """One step of a table from one shape to the next. Making one registers it.

    `backfill` gives what an item still needs, None if nothing: asked of an item that it has changed it says None, so
    the work may be done twice.
    """

    version: int
    table: Table
    description: str
    add_index: str | None = None
    backfill: Callable[[Item], ItemChange | ItemMove | None] | None = None

    def __post_init__(self) -> None:
        if self.add_index and self.add_index not in {index.name for index in self.table.indexes}:
            message = f"{self.table.name} declares no index {self.add_index}"
            raise ImproperlyConfigured(message)
        if self.key in _registry:
            message = f"two changes of {self.table.name} are number {self.version}"
            raise ImproperlyConfigured(message)
        _registry[self.key] = self

    @property
    def key(self) -> tuple[str, int]:
        """Versions are numbered by table."""
        return self.table.name, self.version

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.table.name} {self.version:04d}"


@dataclass(frozen=True, slots=True)
class SegmentState:
    """How far one segment of a backfill is. `position` is the last key seen, None before the first and at the end."""

    number: int
    position: Item | None = None
    is_finished: bool = False
    seen: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ChangeState:
    """How far a change is. Stages: "" (not begun), "indexing", "filling", "done"."""

    stage: str = ""
    segments: tuple[SegmentState, ...] = ()

    @property
    def seen(self) -> int:
        """Items looked at so far."""
        return sum(segment.seen for segment in self.segments)

    @property
    def changed(self) -> int:
        """Items changed so far."""
        return sum(segment.changed for segment in self.segments)


_registry: dict[tuple[str, int], TableChange] = {}
_known_done: set[tuple[str, str]] = set()
_not_yet_until: dict[tuple[str, str], float] = {}


def table_changes(table: str | None = None) -> list[TableChange]:
    """All declared changes, of one table if named, in the order in which they are applied."""
    return [_registry[key] for key in sorted(_registry) if table in {None, key[0]}]


def is_done(change: TableChange) -> bool:
    """Whether reads may rely on the change; asked by selectors, with each read.

    Cost: nothing once it is done; before that 0.5 read units every few seconds and process.
    Consistency: a process may hear of it some seconds late, which costs it the old way's price and nothing else.
    """
    key = (TABLE_CHANGES.physical_name, change.name)
    if key in _known_done:
        return True
    now = time.monotonic()
    if _not_yet_until.get(key, 0.0) > now:
        return False
    item = get_item(TABLE_CHANGES, _state_key(change), attributes=("stage",))
    if item is not None and item.get("stage") == DONE:
        _known_done.add(key)
        return True
    _not_yet_until[key] = now + ASK_AGAIN_SECONDS
    return False


def change_state(change: TableChange) -> ChangeState:
    """How far a change is.

    Cost: 1 round, 1 read unit per 4 KB.
    Consistency: strong.
    """
    prefix = f"{change.version:04d}#"
    rows = query_all(TABLE_CHANGES, change.table.name, consistent=True)
    items = {item["sk"].removeprefix(prefix): item for item in rows if item["sk"].startswith(prefix)}
    state = items.pop("STATE", {})
    segments = {int(sk.partition("#")[2]): item for sk, item in items.items()}
    return ChangeState(
        stage=state.get("stage", ""),
        segments=tuple(_segment_of(n, segments.get(n, {})) for n in range(state.get("segments", 0))),
    )


def stage_reached(change: TableChange, stage: str, *, segments: int | None = None) -> None:
    """Note a stage. The number of segments is fixed by whoever begins: a position means nothing under another.

    Cost: 1 round, 1 write unit.
    Idempotent: by change.
    """
    now_ms = int(time.time() * 1000)
    default: dict[str, int] = {"begun_at_ms": now_ms}
    if segments is not None:
        default["segments"] = segments
    update_item(
        TABLE_CHANGES,
        _state_key(change),
        Update(set={"stage": stage, f"{stage}_at_ms": now_ms}, default=default),
    )


def segment_reached(change: TableChange, segment: SegmentState) -> None:
    """The checkpoint of a segment: everything up to here has been seen to.

    Cost: 1 round, 1 write unit.
    Idempotent: by change and segment.
    """
    changes = {
        "position": segment.position,
        "finished": segment.is_finished,
        "seen": segment.seen,
        "changed": segment.changed,
    }
    key = {"pk": change.table.name, "sk": f"{change.version:04d}#SEGMENT#{segment.number:03d}"}
    update_item(TABLE_CHANGES, key, Update(set=changes))


def mark_new_tables(tables: Iterable[Table]) -> None:
    """Tables that have just been made have their final shape and nothing to fill.

    Cost: 1 write unit a change.
    """
    made = {table.name for table in tables}
    for change in table_changes():
        if change.table.name in made:
            stage_reached(change, DONE)


def _state_key(change: TableChange) -> Item:
    return {"pk": change.table.name, "sk": f"{change.version:04d}#STATE"}


def _segment_of(number: int, item: Item) -> SegmentState:
    return SegmentState(
        number,
        position=item.get("position"),
        is_finished=item.get("finished", False),
        seen=item.get("seen", 0),
        changed=item.get("changed", 0),
    )
