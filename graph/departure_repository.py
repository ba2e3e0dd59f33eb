"""What lies in the partitions of a person who has left, and the marks of others about them, in DynamoDB."""

from dataclasses import dataclass

from config.dynamodb import Item, SortBeginsWith, batch_write, query
from config.entities import UserId
from graph.keys import FIRST_SHARD, shard_partition
from graph.mark_repository import Mark
from graph.marked_keys import marked_key, marked_partition
from graph.notify_keys import INDEX
from graph.tables import GRAPH


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some items in the order of their sort keys. `last` is where to go on after, None at the end."""

    items: list[Item]
    last: str | None


def partition_stretch(
    user_id: UserId, prefix: str, *, shard: int = FIRST_SHARD, after: str | None, limit: int
) -> Stretch:
    """Items of one partition whose sort keys begin so. `after` need not be there any more.

    Cost: 1 round trip, 1 read unit a 4 KB. Consistency: strong.
    """
    partition = shard_partition(user_id, shard)
    rows = query(
        GRAPH,
        partition,
        sort=SortBeginsWith(prefix) if prefix else None,
        limit=limit,
        start_after={"pk": partition, "sk": after} if after else None,
        consistent=True,
    )
    return Stretch(rows.items, rows.items[-1]["sk"] if rows.last_key else None)


def marks_about(
    user_id: UserId, *, after: tuple[Mark, UserId] | None, limit: int
) -> list[tuple[Mark, UserId]]:
    """Mutes and close friends of others about a person, each with its owner.

    Cost: 1 round trip, 0.5 read units for some 40. Consistency: eventual (index).
    """
    start = None
    if after is not None:
        mark, owner_id = after
        key = {"pk": shard_partition(owner_id), "sk": f"{mark}#{user_id}"}
        start = key | marked_key(owner_id, user_id)
    rows = query(GRAPH, marked_partition(user_id), index=INDEX, limit=limit, start_after=start)
    return [(Mark(row["sk"].partition("#")[0]), UserId(int(row["nsk"]))) for row in rows.items]


def items_delete(items: list[Item]) -> None:
    """Delete items that nothing else depends on.

    Cost: 1 round trip for 25, 1 write unit an item and index. Idempotent: by item.
    """
    batch_write(deletes=[(GRAPH, GRAPH.key_of(item)) for item in items])
