"""The feed's items of a person who has left, in DynamoDB."""

from collections.abc import Sequence
from contextlib import suppress

from config.dynamodb import (
    ConditionFailed,
    Update,
    attr,
    batch_get,
    batch_write,
    delete_item,
    get_item,
    query,
    update_item,
)
from config.entities import UserId
from feed.repository import pulls_remove, push_edge_delete
from feed.tables import FEED, INBOX, entry_key, pulled_key, pulls_key

NOBODY = 0
"""The author of a line in the registry whose author is gone: a version without a line would never be caught up with."""


def inbox_clear_some(reader_id: UserId, *, limit: int) -> int:
    """Delete some items of an inbox; how many.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item. Consistency: strong. Idempotent: by item.
    """
    rows = query(INBOX, reader_id, limit=limit, consistent=True, attributes=("reader_id", "post_id"))
    batch_write(deletes=[(INBOX, row) for row in rows.items])
    return len(rows.items)


def pulls_delete(reader_id: UserId) -> None:
    """Forget whom a reader pulls.

    Cost: 1 round trip, 1 WU. Idempotent: by reader.
    """
    delete_item(FEED, pulls_key(reader_id))


def registry_forget(author_id: UserId) -> None:
    """Take the author's name off their line of the registry. The line stays: versions have no holes.

    Cost: 2 round trips, 1 RU and 1 WU. Consistency: strong. Idempotent: by author.
    """
    mark = get_item(FEED, pulled_key(author_id), consistent=True)
    if mark is None:
        return
    with suppress(ConditionFailed):  # taken off before
        update_item(
            FEED,
            entry_key(mark["version"]),
            Update(set={"author_id": NOBODY}),
            condition=attr("author_id") == author_id,
        )


def readers_forget(author_id: UserId, reader_ids: Sequence[UserId]) -> int:
    """These readers pull the author no longer, whether by their own list or by an edge that is pushed; how many did.

    Cost: 1 round trip, 1 RU a reader; 2 WU a reader who pulls. Consistency: strong. Idempotent: by reader.
    """
    keys = [(FEED, pulls_key(reader_id)) for reader_id in reader_ids]
    found = batch_get(keys, consistent=True) if keys else []
    pulling = [
        reader_id
        for reader_id, item in zip(reader_ids, found, strict=True)
        if item and str(author_id) in item.get("authors", ())
    ]
    for reader_id in pulling:
        push_edge_delete(author_id, reader_id)
        pulls_remove(reader_id, author_id)
    return len(pulling)


def author_clear_some(author_id: UserId, *, limit: int) -> int:
    """Delete some of an author's own items; how many. PULLED sorts before PUSH#, so it is kept for the last page.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item. Consistency: strong. Idempotent: by item.
    """
    partition = pulled_key(author_id)["pk"]
    rows = query(FEED, partition, limit=limit, newest_first=True, consistent=True, attributes=("pk", "sk"))
    batch_write(deletes=[(FEED, row) for row in rows.items])
    return len(rows.items)
