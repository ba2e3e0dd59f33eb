"""Edges out of the table and back into it, in DynamoDB. Each step is a transaction with the edge's mirror in it.

    away     mark (out-edges), then   delete the half, if it is unchanged    check: the mirror is of the same edge
    back                              put the half, if its place is empty    check: the mirror is of the same edge

Of two people who are both archived one half stays where it is, for its mirror is gone: so an edge has at least one half
here at any time, and an edge that ended meanwhile has none and does not come back. Unfollowing is a transaction over both
halves, so it comes before or after such a step and never between.
"""

from collections.abc import Sequence
from typing import Final

from config.dynamodb import (
    Change,
    Check,
    Condition,
    Delete,
    Item,
    Put,
    SortBeginsWith,
    TransactionCancelled,
    Update,
    attr,
    query,
    transact,
)
from config.entities import UserId
from graph.archive_entities import ARCHIVED_BY, FROM_MIRROR, RESTORED_BY, Archive
from graph.archive_repository import guard
from graph.entities import Side
from graph.keys import in_edge_key, out_edge_key, shard_partition
from graph.list_repository import other_id_of
from graph.slots import ABSENT, is_edge
from graph.tables import GRAPH

CHUNK: Final = 48
"""Rows a transaction: two items each and the guard are below DynamoDB's 100."""
CHOSEN: Final = ("notify", "kind", "npk")
"""What a follower may change of a follow while it is being taken away."""

Operation = Put | Change | Delete | Check
Group = list[Operation]


class Overtaken(Exception):
    """Somebody has begun to bring the account back."""


def edges_read(archive: Archive, *, limit: int) -> tuple[list[Item], str | None]:
    """The next stretch of an account's own halves that may go, and where it goes on in this stage; None at its end.

    Cost: up to 100 read units a 1,000. Consistency: strong.
    """
    is_out = archive.stage == 0
    partition = shard_partition(archive.user_id, max(0, archive.stage - 1))
    prefix = f"{Side.FOLLOWING if is_out else Side.FOLLOWER}#"
    start = {"pk": partition, "sk": archive.after} if archive.after else None
    rows = query(
        GRAPH, partition, sort=SortBeginsWith(prefix), limit=limit, start_after=start, consistent=True
    )
    items = [item for item in rows.items if not is_out or is_edge(item)]
    going = [item for item in items if item.get(RESTORED_BY) != archive.run]
    return going, rows.last_key["sk"] if rows.last_key else None


def edges_take_away(archive: Archive, handle: str, items: Sequence[Item]) -> int:
    """Delete these halves, which a segment holds. How many went now; what has changed meanwhile stays.

    Cost: an out-edge 7 write units (mark 2, delete 2, index 1, check 2), an in-edge 5, and 2 a transaction.
    Idempotent: by edge.
    Raises: Overtaken.
    """
    gone = 0
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        outs = [item for item in chunk if _is_out(item)]
        ins = [item for item in chunk if not _is_out(item)]
        marked = _each_that_can([[_mark(archive, item)] for item in outs], guard(archive))
        going = [item for item, can in zip(outs, marked, strict=True) if can] + ins
        gone += sum(
            _each_that_can([_removal(archive, handle, item) for item in going], guard(archive)),
        )
    return gone


def edges_put_back(archive: Archive, handle: str, items: Sequence[Item]) -> int:
    """Put these halves back, those only whose mirror is of the same edge. How many came back now.

    Cost: 5 write units a half (put 2, index 1, check 2).
    Idempotent: by edge.
    """
    back = 0
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        back += sum(_each_that_can([_return(archive, handle, item) for item in chunk], None))
    return back


def mirror_key(owner_id: UserId, handle: str, item: Item) -> Item:
    """The other half of an edge of which the owner's is given."""
    other_id = other_id_of(item)
    if _is_out(item):
        return in_edge_key(other_id, owner_id, handle=handle, shard=item["shard"])
    return out_edge_key(other_id, owner_id)


def same_edge(item: Item) -> Condition:
    """A half is of this very edge, not of one made since."""
    edge_id: int = item["gsk"]
    return attr("gsk") == edge_id


def _is_out(item: Item) -> bool:
    return bool(item["sk"].startswith(f"{Side.FOLLOWING}#"))


def _key(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _not_put_back(archive: Archive) -> Condition:
    return attr(RESTORED_BY).missing() | (attr(RESTORED_BY) != archive.run)


def _mark(archive: Archive, item: Item) -> Change:
    unchanged = same_edge(item) & attr("gpk").exists() & _not_put_back(archive)
    for name in CHOSEN:
        unchanged &= attr(name) == item[name] if name in item else attr(name).missing()
    return Change(GRAPH, _key(item), Update(set={ARCHIVED_BY: archive.run}), unchanged)


def _removal(archive: Archive, handle: str, item: Item) -> Group:
    going = same_edge(item) & (attr(ARCHIVED_BY) == archive.run if _is_out(item) else _not_put_back(archive))
    return [
        Delete(GRAPH, _key(item), going),
        Check(GRAPH, mirror_key(archive.user_id, handle, item), same_edge(item)),
    ]


def _return(archive: Archive, handle: str, item: Item) -> Group:
    # Marked and not gone, or made again from its mirror: then what its owner had chosen comes with this.
    unfinished = (attr(ARCHIVED_BY) == archive.run) | (attr(FROM_MIRROR) == archive.run)
    free = ABSENT | (same_edge(item) & unfinished)
    return [
        Put(GRAPH, item | {RESTORED_BY: archive.run}, free),
        Check(GRAPH, mirror_key(archive.user_id, handle, item), same_edge(item)),
    ]


def _each_that_can(groups: Sequence[Group], alongside: Check | None) -> list[bool]:
    """Carry out these groups of operations, each of them whole or not at all. Which were.

    One transaction for all; where some are refused, one more for the others.

    Raises: Overtaken if `alongside` does not hold.
    """
    done = [True] * len(groups)
    while any(done):
        operations: list[Operation] = [alongside] if alongside else []
        owners = [-1] * len(operations)
        for position, group in enumerate(groups):
            if done[position]:
                operations += group
                owners += [position] * len(group)
        try:
            transact(operations)
        except TransactionCancelled as cancelled:
            refused = {
                owner for owner, reason in zip(owners, cancelled.reasons, strict=True) if reason.failed
            }
            if -1 in refused:
                raise Overtaken from cancelled
            if not refused:
                raise
            for position in refused:
                done[position] = False
        else:
            break
    return done
