"""META items that are not in their author's list: deleted ones for as long as they can be had back, archived ones."""

from collections.abc import Collection

from config.dynamodb import (
    Change,
    ConditionFailed,
    Delete,
    Operation,
    SortBelow,
    Update,
    attr,
    delete_item,
    query,
    trace,
    update_item,
)
from config.entities import PostId, UserId
from posts.entities import Post
from posts.repository import keys
from posts.repository.places import NO_MONTHS, Shelf, place
from posts.repository.posts import LIVE
from posts.repository.quotes import quote_back, written_with_quote
from posts.tables import POSTS, PURGE


def unmark_deleted(post: Post, *, months: Collection[str] = NO_MONTHS) -> bool:
    """Take a deletion back: into the list where the post was, open to likes and comments again.

    False if it is not the deletion that was read: it is live again, deleted anew, or being taken away for good.
    Idempotent: by deletion. Cost: 1 request, 2 WU a KB + 4 WU + 2 WU index, 4 WU for a quote; of a spread post as
        `transact_with_all`. Consistency: transaction.
    """
    if post.purge_at_ms is None:
        return False
    shelf = Shelf.LISTED if post.archived_at_ms is None else Shelf.ARCHIVED
    gpk = place(post.author_id, post.id, shelf, months=months)
    update = Update(set={"gpk": gpk, **trace()}, remove=("deleted_at_ms", "purge_at_ms"))
    operations: list[Operation] = [
        Change(POSTS, keys.meta(post.id), update, attr("purge_at_ms") == post.purge_at_ms),
        Delete(POSTS, keys.purge_due(post.id, post.purge_at_ms)),
    ]
    return written_with_quote(post.id, operations, Update(remove=("closed",)), quote_back(post))


def claim_purge(post_id: PostId, *, now_ms: int) -> bool:
    """From now on the post can't be had back; False if it still can, or is live.

    Idempotent: by the post. Cost: 1 request, 1 WU a KB. Consistency: conditional update.
    """
    condition = attr("deleted_at_ms").exists() & (
        attr("purge_at_ms").missing() | (attr("purge_at_ms") <= now_ms)
    )
    try:
        update_item(POSTS, keys.meta(post_id), Update(remove=("purge_at_ms",)), condition=condition)
    except ConditionFailed:
        return False
    return True


def query_due(shard: int, *, now_ms: int, limit: int) -> list[tuple[PostId, int]]:
    """Deleted posts whose time is over, and when it was, the longest over first.

    Cost: 1 Query, 1 RU a 4 KB. Consistency: strong.
    """
    rows = query(
        POSTS, keys.due(PURGE, shard), sort=SortBelow(f"{now_ms:015d}#"), limit=limit, consistent=True
    )
    found = [row["sk"].split("#") for row in rows.items]
    return [(PostId(int(post_id)), int(at_ms)) for at_ms, post_id in found]


def delete_due(post_id: PostId, at_ms: int) -> None:
    """Nothing is to be done any more. Idempotent. Cost: 1 request, 1 WU."""
    delete_item(POSTS, keys.purge_due(post_id, at_ms))


def set_archived(post: Post, *, at_ms: int | None, months: Collection[str] = NO_MONTHS) -> bool:
    """Put a live post away, or (None) back into its author's list; False if it is gone or there already.

    Idempotent: by the post. Cost: 1 request, 1 WU a KB + 2 WU index. Consistency: conditional update.
    """
    if at_ms is None:
        gpk = place(post.author_id, post.id, months=months)
        update = Update(set={"gpk": gpk, **trace()}, remove=("archived_at_ms",))
        condition = LIVE & attr("archived_at_ms").exists()
    else:
        gpk = place(post.author_id, post.id, Shelf.ARCHIVED)
        update = Update(set={"gpk": gpk, "archived_at_ms": at_ms, **trace()})
        condition = LIVE & attr("archived_at_ms").missing()
    try:
        update_item(POSTS, keys.meta(post.id), update, condition=condition)
    except ConditionFailed:
        return False
    return True


def query_deleted(author_id: UserId, *, before: PostId | None, limit: int) -> list[PostId]:
    """Ids of an author's deleted posts, newest first.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    return _ids_below(keys.deleted_by(author_id), before, limit)


def query_archived(author_id: UserId, *, before: PostId | None, limit: int) -> list[PostId]:
    """Ids of an author's archived posts, newest first.

    Cost, Consistency: as `query_deleted`.
    """
    return _ids_below(keys.archived_by(author_id), before, limit)


def _ids_below(partition: str, before: PostId | None, limit: int) -> list[PostId]:
    rows = query(
        POSTS,
        partition,
        index="by_author",
        sort=None if before is None else SortBelow(before),
        limit=limit,
        newest_first=True,
    )
    return [PostId(row["gsk"]) for row in rows.items]
