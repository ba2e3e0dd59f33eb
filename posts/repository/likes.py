"""A like: a mark of the person, written together with the count it changes."""

import time

from config.dynamodb import (
    Change,
    Delete,
    Item,
    Put,
    TransactionCancelled,
    Update,
    attr,
    trace,
    transact,
)
from config.entities import PostId, UserId
from config.ids import next_id
from posts.errors import PostNotFound
from posts.mark_entities import MarkKind
from posts.repository import keys
from posts.tables import POSTS

OPEN = attr("closed").missing()


def like_item(
    post_id: PostId, user_id: UserId, *, author_id: UserId, mark_id: int, created_at_ms: int
) -> Item:
    """The mark. By its id the post's newest likes are found first; ids of two likes may be equal, their persons are not."""
    return {
        **keys.mark(user_id, post_id, MarkKind.LIKED),
        "post_id": post_id,
        "user_id": user_id,
        "author_id": author_id,
        "created_at_ms": created_at_ms,
        "mark_id": mark_id,
        "gpk": keys.likers(post_id),
        "gsk": mark_id,
    }


def put_like(post_id: PostId, user_id: UserId, *, author_id: UserId) -> bool:
    """Like a post; False if it was liked already. Whether the post exists is the caller's question.

    Idempotent: by post and user. Cost: 1 request, 5 WU (index 1) whatever the size of the post. Consistency: transaction.
    Raises: PostNotFound if the post was deleted.
    """
    now_ms = time.time_ns() // 1_000_000
    like = like_item(post_id, user_id, author_id=author_id, mark_id=next_id(), created_at_ms=now_ms)
    try:
        transact(
            [
                Put(POSTS, {**like, **trace()}, attr("pk").missing()),
                Change(POSTS, keys.counts(post_id), Update(add={"likes": 1}), OPEN),
            ]
        )
    except TransactionCancelled as cancelled:
        liked, closed = cancelled.reasons
        if closed.failed:
            raise PostNotFound from cancelled
        if liked.failed:
            return False
        raise
    return True


def delete_like(post_id: PostId, user_id: UserId) -> bool:
    """Take a like back; False if there was none.

    Idempotent: by post and user. Cost: 1 request, 5 WU (index 1). Consistency: transaction.
    """
    try:
        transact(
            [
                Delete(POSTS, keys.mark(user_id, post_id, MarkKind.LIKED), attr("pk").exists()),
                Change(POSTS, keys.counts(post_id), Update(add={"likes": -1}), None),
            ]
        )
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True
