"""LIKE items, each written together with the count it changes."""

import time
from collections.abc import Iterable

from config.dynamodb import (
    Change,
    Delete,
    Put,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    trace,
    transact,
)
from config.entities import PostId, UserId
from posts.errors import PostNotFound
from posts.repository import keys
from posts.tables import POSTS

OPEN = attr("closed").missing()


def put_like(post_id: PostId, user_id: UserId, *, author_id: UserId) -> bool:
    """Like a post; False if it was liked already. Whether the post exists is the caller's question.

    Idempotent: by post and user. Cost: 1 request, 5 WU (index 1) whatever the size of the post. Consistency: transaction.
    Raises: PostNotFound if the post was deleted.
    """
    like = {
        **keys.like(post_id, user_id),
        "post_id": post_id,
        "user_id": user_id,
        "author_id": author_id,
        "created_at_ms": int(time.time() * 1000),
        "gpk": keys.liked_by(user_id),
        "gsk": post_id,
        **trace(),
    }
    try:
        transact(
            [
                Put(POSTS, like, attr("pk").missing()),
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
                Delete(POSTS, keys.like(post_id, user_id), attr("pk").exists()),
                Change(POSTS, keys.counts(post_id), Update(add={"likes": -1}), None),
            ]
        )
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True


def get_liked(user_id: UserId, post_ids: Iterable[PostId]) -> set[PostId]:
    """Those of the posts that the user likes.

    Cost: 1 request a 100 posts, 0.5 RU each. Consistency: strong would double it and is not needed: eventual.
    """
    post_ids = list(post_ids)
    if not post_ids:
        return set()
    items = batch_get([(POSTS, keys.like(post_id, user_id)) for post_id in post_ids], attributes=("pk",))
    return {post_id for post_id, item in zip(post_ids, items, strict=True) if item}
