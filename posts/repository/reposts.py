"""Reposts: a post that repeats another, the mark of who did, and the count, written together."""

from collections.abc import Collection

from config.dynamodb import (
    Change,
    Delete,
    Operation,
    Put,
    SortBelow,
    TransactionCancelled,
    Update,
    attr,
    get_item,
    query,
    trace,
    transact,
)
from config.entities import PostId, UserId
from posts.entities import Post, PostRef
from posts.errors import PostNotFound
from posts.mark_entities import MarkKind
from posts.repository import keys
from posts.repository.items import item_of_post
from posts.repository.places import NO_MONTHS, Shelf, place
from posts.repository.posts import LIVE, NEW
from posts.tables import POSTS

OPEN = attr("closed").missing()


def put_repost(repost: Post, target: PostRef, *, months: Collection[str] = NO_MONTHS) -> PostId | None:
    """Store a repost; the id of the one that there is, which may be an earlier one. None if the id is taken.

    `months` as in `place`.

    Idempotent: by person and post. Cost: 1 request, 8 WU (index 2). Consistency: transaction.
    Raises: PostNotFound if the target was deleted.
    """
    mark = {
        **keys.mark(repost.author_id, target.post_id, MarkKind.REPOSTED),
        "post_id": target.post_id,
        "user_id": repost.author_id,
        "author_id": target.author_id,
        "repost_id": repost.id,
        "gpk": keys.reposters(target.post_id),
        "gsk": repost.id,
        **trace(),
    }
    try:
        transact(
            [
                Put(POSTS, {**item_of_post(repost, months=months), **trace()}, NEW),
                Put(POSTS, mark, NEW),
                Change(POSTS, keys.counts(target.post_id), Update(add={"reposts": 1, "changes": 1}), OPEN),
            ]
        )
    except TransactionCancelled as cancelled:
        taken, marked, closed = cancelled.reasons
        if marked.failed and marked.item:
            return PostId(marked.item["repost_id"])
        if closed.failed:
            raise PostNotFound from cancelled
        if taken.failed:
            return None
        raise
    return repost.id


def delete_repost(repost: Post, target: PostRef, *, deleted_at_ms: int) -> bool:
    """Take a repost back, at once and for good: the sweep may have it. False if it was not live.

    Idempotent: by the repost. Cost: 1 request, 11 WU (index 3). Consistency: transaction.
    """
    marked = Update(
        set={
            "deleted_at_ms": deleted_at_ms,
            "purge_at_ms": deleted_at_ms,
            "gpk": place(repost.author_id, repost.id, Shelf.DELETED),
            **trace(),
        }
    )
    its_own = attr("pk").missing() | (attr("repost_id") == repost.id)
    operations: list[Operation] = [
        Change(POSTS, keys.meta(repost.id), marked, LIVE),
        Delete(POSTS, keys.mark(repost.author_id, target.post_id, MarkKind.REPOSTED), its_own),
        Put(POSTS, {**keys.purge_due(repost.id, deleted_at_ms), "post_id": repost.id}),
    ]
    counted = Change(
        POSTS, keys.counts(target.post_id), Update(add={"reposts": -1, "changes": 1}), attr("pk").exists()
    )
    try:
        transact([*operations, counted])
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        if not cancelled.reasons[-1].failed:
            raise
        transact(operations)  # the target is gone for good, and its counts with it
    return True


def get_repost_id(user_id: UserId, post_id: PostId) -> PostId | None:
    """The user's repost of the post.

    Cost: 1 request, 1 RU. Consistency: strong.
    """
    item = get_item(POSTS, keys.mark(user_id, post_id, MarkKind.REPOSTED), consistent=True)
    return PostId(item["repost_id"]) if item else None


def query_reposts(post_id: PostId, *, before: PostId | None, limit: int) -> list[PostId]:
    """Ids of the reposts of a post, newest first.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    rows = query(
        POSTS,
        keys.reposters(post_id),
        index="by_author",
        sort=None if before is None else SortBelow(before),
        limit=limit,
        newest_first=True,
    )
    return [PostId(row["gsk"]) for row in rows.items]
