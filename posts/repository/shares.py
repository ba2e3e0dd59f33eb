"""A share: a mark of who has handed a post on, written together with the count. It is counted once and never shown."""

from typing import Final

from config.dynamodb import (
    Change,
    Delete,
    Operation,
    Put,
    SortAbove,
    TransactionCancelled,
    Update,
    attr,
    query,
    transact,
)
from config.entities import PostId, UserId
from posts.errors import PostNotFound
from posts.repository import keys
from posts.tables import POSTS, SHARED_PREFIX

OPEN: Final = attr("closed").missing()
THERE: Final = attr("pk").exists()


def put_share(user_id: UserId, post_id: PostId) -> bool:
    """Note that the user has shared the post; False if that was known.

    Idempotent: by person and post. Cost: 1 request, 4 WU. Consistency: transaction. Raises: PostNotFound if it was deleted.
    """
    mark = {**keys.share(user_id, post_id), "post_id": post_id}
    counted = Change(POSTS, keys.counts(post_id), Update(add={"shares": 1, "changes": 1}), OPEN)
    try:
        transact([Put(POSTS, mark, attr("pk").missing()), counted])
    except TransactionCancelled as cancelled:
        known, closed = cancelled.reasons
        if known.failed:
            return False
        if closed.failed:
            raise PostNotFound from cancelled
        raise
    return True


def delete_share(user_id: UserId, post_id: PostId) -> bool:
    """Forget it, when the user leaves; False if there was none.

    Idempotent: by person and post. Cost: 1 request, 4 WU. Consistency: transaction.
    """
    mark: Operation = Delete(POSTS, keys.share(user_id, post_id), THERE)
    counted = Change(POSTS, keys.counts(post_id), Update(add={"shares": -1, "changes": 1}), THERE)
    try:
        transact([mark, counted])
    except TransactionCancelled as cancelled:
        there, has_counts = cancelled.reasons
        if there.failed:
            return False
        if not has_counts.failed:
            raise
        transact([Delete(POSTS, keys.share(user_id, post_id))])  # the post is gone for good, with its counts
    return True


def query_shares_of(user_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """What somebody has shared, in the order of the posts.

    Cost: 1 Query, 1 RU for some 50. Consistency: strong.
    """
    first = SHARED_PREFIX if after is None else str(keys.share(user_id, after)["sk"])
    rows = query(
        POSTS,
        keys.marks(user_id),
        sort=SortAbove(first),
        limit=limit,
        consistent=True,
    )
    return [PostId(row["post_id"]) for row in rows.items if str(row["sk"]).startswith(SHARED_PREFIX)]
