"""The feed's items of a person who has left, in DynamoDB."""

from collections.abc import Sequence

from config import kept
from config.dynamodb import batch_get, batch_write, query
from config.entities import UserId
from feed.repository import inbox_name
from feed.tables import FEED, INBOX, pulled_key, pulls_key


def inbox_clear_some(reader_id: UserId, *, limit: int) -> int:
    """Delete some items of an inbox; how many.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item. Consistency: strong. Idempotent: by item.
    """
    rows = query(INBOX, reader_id, limit=limit, consistent=True, attributes=("reader_id", "post_id"))
    batch_write(deletes=[(INBOX, row) for row in rows.items])
    kept.forget([inbox_name(reader_id)])
    return len(rows.items)


def readers_who_pull(author_id: UserId, reader_ids: Sequence[UserId]) -> list[UserId]:
    """Those of these readers who pull the author.

    Cost: 1 round trip, 1 RU a reader. Consistency: strong.
    """
    keys = [(FEED, pulls_key(reader_id)) for reader_id in reader_ids]
    found = batch_get(keys, consistent=True) if keys else []
    return [
        reader_id
        for reader_id, item in zip(reader_ids, found, strict=True)
        if item and str(author_id) in item.get("authors", ())
    ]


def author_clear_some(author_id: UserId, *, limit: int) -> int:
    """Delete some of an author's own items; how many. PULLED sorts before PUSH#, so it is kept for the last page.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item. Consistency: strong. Idempotent: by item.
    """
    partition = pulled_key(author_id)["pk"]
    rows = query(FEED, partition, limit=limit, newest_first=True, consistent=True, attributes=("pk", "sk"))
    batch_write(deletes=[(FEED, row) for row in rows.items])
    return len(rows.items)
