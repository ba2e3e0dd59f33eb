"""What one person has marked others as, for themselves: blocked, muted, close friends. Nobody else reads a mark.

    item    pk        sk                             in `by_time` under            in `by_notify` under
    mark    USER#A    BLOCK#B, MUTE#B, CLOSE#B       BLOCK#A, MUTE#A, CLOSE#A      MARKED#B, but for blocks

Blocks are written by `graph.block_repository`, for they change edges too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from config.dynamodb import (
    Check,
    Delete,
    Item,
    Put,
    TransactionCancelled,
    attr,
    batch_get,
    delete_item,
    put_item,
    query,
    trace,
    transact,
)
from config.entities import UserId
from config.ids import id_time_ms
from graph.errors import Blocked
from graph.keys import out_edge_key
from graph.marked_keys import marked_key
from graph.tables import GRAPH


class Mark(StrEnum):
    """The value is its sort-key prefix."""

    BLOCK = "BLOCK"
    MUTE = "MUTE"
    CLOSE = "CLOSE"


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark: whom its owner has marked. `id` is time-ordered. Units: `until_ms` of the mark's end, None for good."""

    owner_id: UserId
    other_id: UserId
    id: int
    until_ms: int | None = None

    @property
    def since_ms(self) -> int:
        """When it was made."""
        return id_time_ms(self.id)


def mark_key(mark: Mark, owner_id: UserId, other_id: UserId) -> Item:
    """Where a mark is."""
    return {"pk": f"USER#{owner_id}", "sk": f"{mark}#{other_id}"}


def mark_item(mark: Mark, marked: Marked, extra: Mapping[str, Any] | None = None) -> Item:
    """A mark as it is stored."""
    listed = {"gpk": f"{mark}#{marked.owner_id}", "gsk": marked.id}
    if mark is not Mark.BLOCK:  # a block is found from the slots that it closes
        listed |= marked_key(marked.owner_id, marked.other_id)
    return mark_key(mark, marked.owner_id, marked.other_id) | listed | dict(extra or {}) | trace()


def mute_put(marked: Marked) -> None:
    """Mute, or change for how long.

    Cost: 1 round trip, 3 write units (indexes 2), 4 to change one.
    Idempotent: by both people; the later end stands.
    """
    extra = (
        {} if marked.until_ms is None else {"ttl": -(-marked.until_ms // 1000), "until_ms": marked.until_ms}
    )
    put_item(GRAPH, mark_item(Mark.MUTE, marked, extra))


def close_put(marked: Marked) -> bool:
    """Put somebody on the list of close friends; False if they are on it.

    Cost: 1 round trip, 6 write units (the mark 2, indexes 2, the check 2).
    Consistency: transaction: whom a block stands between is never put on it.
    Idempotent: by both people.
    Raises: Blocked.
    """
    slot = out_edge_key(marked.owner_id, marked.other_id)
    no_block = attr("pk").missing() | attr("gpk").exists()
    put = Put(GRAPH, mark_item(Mark.CLOSE, marked), attr("pk").missing())
    try:
        transact([put, Check(GRAPH, slot, no_block)])
    except TransactionCancelled as cancelled:
        if cancelled.reasons[1].failed:
            raise Blocked from cancelled
        if not cancelled.reasons[0].failed:
            raise
        return False
    return True


def mark_delete(mark: Mark, owner_id: UserId, other_id: UserId) -> bool:
    """Take a mute or a close friend away; False if there was none.

    Cost: 1 round trip, 3 write units (indexes 2).
    Idempotent: by both people.
    """
    return delete_item(GRAPH, mark_key(mark, owner_id, other_id)) is not None


def close_deletes(one_id: UserId, other_id: UserId) -> list[Delete]:
    """The operations that take each off the other's list, for a block's transaction."""
    pairs = ((one_id, other_id), (other_id, one_id))
    return [Delete(GRAPH, mark_key(Mark.CLOSE, owner_id, member_id)) for owner_id, member_id in pairs]


def marks_get(
    mark: Mark, pairs: Sequence[tuple[UserId, UserId]], *, consistent: bool = False
) -> list[Marked | None]:
    """The marks of these pairs of owner and other, ended ones too.

    Shape: same length and order as `pairs`.
    Cost: 1 round trip a 100 pairs, 0.5 read units each (1 if consistent).
    Consistency: eventual, or strong if asked.
    """
    return slots_and_marks_get(mark, (), pairs, consistent=consistent)[1]


def slots_and_marks_get(
    mark: Mark, slots: Sequence[Item], pairs: Sequence[tuple[UserId, UserId]], *, consistent: bool = False
) -> tuple[list[Item | None], list[Marked | None]]:
    """What is in these slots of edges, and the marks of these pairs, read together.

    Shape: each of the same length and order as asked.
    Cost, Consistency: as `marks_get`, of both.
    """
    keys = [*slots, *(mark_key(mark, owner_id, other_id) for owner_id, other_id in pairs)]
    items = batch_get([(GRAPH, key) for key in keys], consistent=consistent) if keys else []
    marks = [
        Marked(owner_id, other_id, item["gsk"], item.get("until_ms")) if item else None
        for (owner_id, other_id), item in zip(pairs, items[len(slots) :], strict=True)
    ]
    return items[: len(slots)], marks


def marks_newest_first(
    mark: Mark, owner_id: UserId, *, after: Marked | None, limit: int
) -> tuple[list[Marked], bool]:
    """One stretch of a person's marks, and whether it goes on. `after` need not exist any more. Without `until_ms`.

    Cost: 1 round trip, 0.5 read units for up to 25 rows.
    Consistency: eventual (index).
    """
    partition = f"{mark}#{owner_id}"
    start_after = None
    if after is not None:
        start_after = mark_key(mark, owner_id, after.other_id) | {"gpk": partition, "gsk": after.id}
    rows = query(
        GRAPH, partition, index="by_time", limit=limit + 1, newest_first=True, start_after=start_after
    ).items
    found = [Marked(owner_id, UserId(int(row["sk"].rpartition("#")[2])), row["gsk"]) for row in rows]
    return found[:limit], len(found) > limit
