"""The only place that speaks DynamoDB for the feed. Whatever writes to an inbox says so to `config.kept`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from config import kept
from config.dynamodb import (
    ConditionFailed,
    Item,
    PutsLike,
    SortAbove,
    SortBeginsWith,
    SortBelow,
    SortBetween,
    Update,
    attr,
    batch_get,
    batch_put_small,
    batch_write,
    delete_item,
    get_item,
    put_item,
    query,
    query_all,
    update_item,
)
from config.entities import PostId, UserId
from config.ids import id_time_ms, next_id
from feed.entities import EXPIRY_MARGIN_SECONDS, RETENTION_SECONDS, InboxItem, Pulls
from feed.tables import (
    ENTRY_PREFIX,
    FEED,
    INBOX,
    PUSH_PREFIX,
    REGISTRY,
    VERSION_KEY,
    entry_key,
    inbox_key,
    pulled_key,
    pulls_key,
    push_edge_key,
)

LAST_ENTRY = f"{ENTRY_PREFIX}~"
WRITES_AT_ONCE = 8
"""Requests side by side, of a task: while one worker reads followers, another alone keeps the engine busy."""
ITEM_ATTRIBUTES = ("post_id", "reader_id", "author_id")


def inbox_name(reader_id: UserId) -> str:
    """What is kept of an inbox is kept under this name, until somebody writes there."""
    return f"INBOX#{reader_id}"


def inbox_put(reader_ids: Iterable[UserId], items: Iterable[InboxItem]) -> None:
    """Push each of these posts to each of these readers.

    Cost: 1 write unit an item, 1 round trip for 25.
    Idempotent: by reader and post.
    """
    reader_ids, items = list(reader_ids), list(items)
    rows = [
        {
            **inbox_key(reader_id, item.post_id),
            "author_id": item.author_id,
            "ttl": id_time_ms(item.post_id) // 1000 + RETENTION_SECONDS + EXPIRY_MARGIN_SECONDS,
        }
        for reader_id in reader_ids
        for item in items
    ]
    try:
        batch_write(puts=[(INBOX, row) for row in rows])
    finally:
        kept.forget(map(inbox_name, reader_ids))


def inbox_push(item: InboxItem, expiries: Mapping[UserId, int]) -> None:
    """Push a post to these readers, each with the second in which it expires.

    Cost: 1 write unit a reader, 1 request for 25, `WRITES_AT_ONCE` side by side. Idempotent: by reader and post.
    NOTE: not from within a read that is gathered.
    """
    like = PutsLike({"post_id": item.post_id, "author_id": item.author_id}, "reader_id", "ttl")
    puts = [like.put(reader_id, ttl) for reader_id, ttl in expiries.items()]
    try:
        batch_put_small(INBOX, puts, at_once=WRITES_AT_ONCE)
    finally:
        kept.forget(map(inbox_name, expiries))


def inbox_delete(reader_ids: Iterable[UserId], post_ids: Iterable[PostId]) -> None:
    """Take each of these posts out of each of these inboxes.

    Cost: 1 write unit an item, 1 round trip for 25.
    Idempotent: by reader and post.
    """
    reader_ids, post_ids = list(reader_ids), list(post_ids)
    keys = [inbox_key(reader_id, post_id) for reader_id in reader_ids for post_id in post_ids]
    try:
        batch_write(deletes=[(INBOX, key) for key in keys], at_once=WRITES_AT_ONCE)
    finally:
        kept.forget(map(inbox_name, reader_ids))


def inbox_below(reader_id: UserId, *, before: PostId, limit: int, now_seconds: int) -> list[InboxItem]:
    """The newest items below an id, without expired ones that DynamoDB has not deleted yet.

    Shape: fewer than `limit` only at the end of the inbox.
    Cost: 1 round trip, 0.5 read units for some 40 items.
    Consistency: eventual.
    """
    rows = query(
        INBOX,
        reader_id,
        sort=SortBelow(before),
        limit=limit,
        newest_first=True,
        where=attr("ttl") > now_seconds,
        attributes=ITEM_ATTRIBUTES,
    )
    return [InboxItem(PostId(row["post_id"]), UserId(row["author_id"])) for row in rows.items]


def inbox_above(reader_id: UserId, *, since: PostId, limit: int) -> list[InboxItem]:
    """Some items above an id.

    Cost: 1 round trip, 0.5 read units for some 40 items.
    Consistency: eventual.
    """
    rows = query(INBOX, reader_id, sort=SortAbove(since), limit=limit, attributes=ITEM_ATTRIBUTES)
    return [InboxItem(PostId(row["post_id"]), UserId(row["author_id"])) for row in rows.items]


def inbox_of_author(reader_id: UserId, author_id: UserId) -> Iterator[PostId]:
    """Ids of everything one author has in an inbox.

    Cost: reads the whole inbox: 1 round trip and some 8 read units a 1,000 items.
    Consistency: eventual.
    """
    rows = query_all(INBOX, reader_id, where=attr("author_id") == author_id, attributes=ITEM_ATTRIBUTES)
    return (PostId(row["post_id"]) for row in rows)


def pulls_get(reader_id: UserId) -> tuple[Pulls, int]:
    """What a reader pulls, and the registry's version now.

    Cost: 1 round trip, 1 read unit.
    Consistency: eventual.
    """
    item, version = batch_get([(FEED, pulls_key(reader_id)), (FEED, VERSION_KEY)])
    return pulls_of(item), version["version"] if version else 0


def pulls_read(reader_id: UserId) -> Pulls:
    """What a reader pulls now.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return pulls_of(get_item(FEED, pulls_key(reader_id), consistent=True))


def pulls_of(item: Item | None) -> Pulls:
    """What a PULLS item says."""
    stored = item or {}
    return Pulls(
        _ids_of(stored.get("authors", ())),
        stored.get("version", 0),
        _ids_of(stored.get("pending", ())),
        stored.get("change", 0),
    )


def _ids_of(members: Iterable[str]) -> frozenset[UserId]:
    return frozenset(UserId(int(member)) for member in members)


def pulls_add(
    reader_id: UserId, author_ids: Iterable[UserId], *, version: int | None = None, pending: bool = False
) -> None:
    """A reader pulls these authors too, and is up to date with the registry's version, if given.

    `pending`: nobody may take them out again until `pulls_settle`.

    Cost: 1 round trip, 1 write unit a KB.
    Idempotent: by reader and author. A version that another writer has moved on falls back, and is caught up with again.
    """
    authors = {str(author_id) for author_id in author_ids}
    changed = {} if version is None else {"version": version}
    if authors:
        changed |= {"change": next_id()}
    if changed:
        added = {"authors": authors, "pending": authors} if pending else {"authors": authors}
        update_item(FEED, pulls_key(reader_id), Update(set=changed, add=added if authors else {}))


def pulls_settle(reader_id: UserId, author_ids: Iterable[UserId]) -> None:
    """The edges to these authors are as they are to be.

    Cost: 1 round trip, 1 write unit a KB. Idempotent: by reader and author.
    """
    settled = {str(author_id) for author_id in author_ids}
    if settled:
        with suppress(ConditionFailed):  # a reader who is gone gets no item by it
            there = attr("pk").exists()
            update_item(FEED, pulls_key(reader_id), Update(take={"pending": settled}), condition=there)


def pulls_take(reader_id: UserId, author_id: UserId, *, change: int) -> bool:
    """A reader pulls this author no longer; False if something was added since that change: look again.

    Cost: 1 round trip, 1 write unit a KB.
    Idempotent: by reader and author.
    """
    since = attr("change") == change if change else attr("change").missing()
    fewer = Update(take={"authors": {str(author_id)}, "pending": {str(author_id)}})
    try:
        update_item(FEED, pulls_key(reader_id), fewer, condition=attr("pk").exists() & since)
    except ConditionFailed as refused:
        return refused.item is None
    return True


def registry_version(*, consistent: bool = True) -> int:
    """How many authors are registered.

    Cost: 1 round trip, 1 read unit, eventual 0.5. Consistency: strong unless told otherwise.
    """
    item = get_item(FEED, VERSION_KEY, consistent=consistent)
    return int(item["version"]) if item else 0


def registry_since(version: int, *, limit: int) -> list[tuple[int, UserId]]:
    """Authors registered after a version, oldest first, each with its own version.

    Cost: 1 round trip, 1 read unit a 4 KB. Consistency: strong.
    """
    window = SortBetween(entry_key(version + 1)["sk"], LAST_ENTRY)
    rows = query(FEED, REGISTRY, sort=window, limit=limit, consistent=True)
    return [(int(row["sk"].removeprefix(ENTRY_PREFIX)), UserId(row["author_id"])) for row in rows.items]


def pulled_among(author_ids: Sequence[UserId]) -> set[UserId]:
    """Those of the authors who are registered as pulled.

    Cost: 1 round trip a 100 authors, 1 read unit each. Consistency: strong.
    """
    marks = batch_get([(FEED, pulled_key(author_id)) for author_id in author_ids], consistent=True)
    return {author_id for author_id, mark in zip(author_ids, marks, strict=True) if mark}


def push_edge_put(author_id: UserId, reader_id: UserId) -> None:
    """From now on this reader is pushed to, although the author is pulled.

    Cost: 1 round trip, 1 write unit. Idempotent: by author and reader.
    """
    put_item(FEED, {**push_edge_key(author_id, reader_id), "author_id": author_id, "reader_id": reader_id})


def push_edge_exists(author_id: UserId, reader_id: UserId) -> bool:
    """Whether this reader is pushed to, although the author is pulled.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return get_item(FEED, push_edge_key(author_id, reader_id), consistent=True) is not None


def push_edge_delete(author_id: UserId, reader_id: UserId) -> None:
    """Forget that this reader is pushed to.

    Cost: 1 round trip, 1 write unit. Idempotent: by author and reader.
    """
    delete_item(FEED, push_edge_key(author_id, reader_id))


def push_edge_readers(
    author_id: UserId, *, cursor: str | None, limit: int
) -> tuple[list[UserId], str | None]:
    """Readers that a pulled author is still pushed to, and the cursor to go on with; None at the end.

    Cost: 1 round trip, 1 read unit a 4 KB. Consistency: strong.
    """
    partition = pulled_key(author_id)["pk"]
    start_key = {"pk": partition, "sk": cursor} if cursor else None
    rows = query(
        FEED, partition, sort=SortBeginsWith(PUSH_PREFIX), limit=limit, start_after=start_key, consistent=True
    )
    return [UserId(row["reader_id"]) for row in rows.items], rows.last_key["sk"] if rows.last_key else None
