"""A like: a mark of the person, written together with the count it changes."""

import time
from collections.abc import Mapping

from config.dynamodb import (
    Change,
    Delete,
    Item,
    Operation,
    Put,
    TransactionCancelled,
    attr,
    trace,
    transact,
)
from config.entities import PostId, UserId
from config.ids import id_at, next_id
from posts.errors import PostNotFound
from posts.mark_entities import MarkKind
from posts.repository import keys
from posts.spread import counts_change_in
from posts.tables import POSTS


def like_item(
    post_id: PostId,
    user_id: UserId,
    *,
    author_id: UserId,
    mark_id: int,
    created_at_ms: int,
    shard: int | None = None,
) -> Item:
    """The mark. By its id the post's newest likes are found first; ids of two likes may be equal, their persons are not."""
    item: Item = {
        **keys.mark(user_id, post_id, MarkKind.LIKED),
        "post_id": post_id,
        "user_id": user_id,
        "author_id": author_id,
        "created_at_ms": created_at_ms,
        "mark_id": mark_id,
        "gpk": keys.likers(post_id, shard),
        "gsk": mark_id,
    }
    return item if shard is None else item | {"shard": shard}


def like_operations(
    post_id: PostId, user_id: UserId, *, author_id: UserId, shard: int | None = None
) -> tuple[Put, Change]:
    """What a like writes: the mark unless it is there, the count unless the post is deleted."""
    now_ms = time.time_ns() // 1_000_000
    like = like_item(
        post_id, user_id, author_id=author_id, mark_id=next_id(), created_at_ms=now_ms, shard=shard
    )
    mark = Put(POSTS, {**like, **trace()}, attr("pk").missing())
    return mark, counts_change_in(post_id, shard, add={"likes": 1})


def put_like(post_id: PostId, user_id: UserId, *, author_id: UserId, shard: int | None = None) -> bool:
    """Like a post; False if it was liked already. Whether the post exists is the caller's question.

    `shard` is where the like is counted, see `posts.spread`.

    Idempotent: by post and user. Cost: 1 request, 5 WU (index 1) whatever the size of the post. Consistency: transaction.
    Raises: PostNotFound if the post was deleted.
    """
    try:
        transact(like_operations(post_id, user_id, author_id=author_id, shard=shard))
    except TransactionCancelled as cancelled:
        liked, closed = cancelled.reasons
        if closed.failed:
            raise PostNotFound from cancelled
        if liked.failed:
            return False
        raise
    return True


def put_likes_together(post_id: PostId, at_ms: Mapping[UserId, int], *, author_id: UserId) -> bool:
    """Likes of a quiet post by up to 99 people, each of its time, all or none; False if one of them is there.

    Idempotent: by post and user. Cost: 1 request, 3 WU a like (index 1) and 2. Consistency: transaction.
    Raises: PostNotFound if the post was deleted.
    """
    operations: list[Operation] = [counts_change_in(post_id, None, add={"likes": len(at_ms)})]
    for user_id, time_ms in at_ms.items():
        like = like_item(post_id, user_id, author_id=author_id, mark_id=id_at(time_ms), created_at_ms=time_ms)
        operations.append(Put(POSTS, like, attr("pk").missing()))
    try:
        transact(operations)
    except TransactionCancelled as cancelled:
        closed, *liked = cancelled.reasons
        if closed.failed:
            raise PostNotFound from cancelled
        if any(one.failed for one in liked):
            return False
        raise
    return True


def delete_like(post_id: PostId, user_id: UserId, *, shard: int | None = None) -> bool:
    """Take a like back; False if there was none. `shard` need not be the one in which it was counted.

    Idempotent: by post and user. Cost: 1 request, 5 WU (index 1). Consistency: transaction.
    """
    try:
        transact(
            [
                Delete(POSTS, keys.mark(user_id, post_id, MarkKind.LIKED), attr("pk").exists()),
                counts_change_in(post_id, shard, add={"likes": -1}),
            ]
        )
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True
