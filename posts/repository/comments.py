"""COMMENT items, each written together with the count it changes."""

from config.dynamodb import (
    Delete,
    Put,
    SortBeginsWith,
    TransactionCancelled,
    attr,
    get_item,
    query,
    trace,
    transact,
)
from config.entities import PostId
from posts.entities import Comment, CommentId
from posts.errors import PostNotFound
from posts.repository import keys
from posts.repository.items import comment_of_item, item_of_comment
from posts.spread import QUIET, Spread, counts_change
from posts.tables import COMMENT_PREFIX, POSTS


def put_comment(comment: Comment, *, spread: Spread = QUIET) -> bool:
    """Store a comment; False if its id is taken.

    Idempotent: by id. Cost: 1 request, 2 WU a KB + 2 WU + 1 WU index. Consistency: transaction.
    Raises: PostNotFound if the post was deleted.
    """
    try:
        transact(
            [
                Put(POSTS, {**item_of_comment(comment), **trace()}, attr("pk").missing()),
                counts_change(comment.post_id, spread, add={"comments": 1}),
            ]
        )
    except TransactionCancelled as cancelled:
        taken, closed = cancelled.reasons
        if closed.failed:
            raise PostNotFound from cancelled
        if taken.failed:
            return False
        raise
    return True


def delete_comment(post_id: PostId, comment_id: CommentId, *, spread: Spread = QUIET) -> bool:
    """Remove a comment; False if it was gone.

    Idempotent: by id. Cost: 1 request, 2 WU a KB + 2 WU + 1 WU index. Consistency: transaction.
    """
    try:
        transact(
            [
                Delete(POSTS, keys.comment(post_id, comment_id), attr("pk").exists()),
                counts_change(post_id, spread, add={"comments": -1}),
            ]
        )
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        raise
    return True


def get_comment(post_id: PostId, comment_id: CommentId) -> Comment | None:
    """Cost: 1 request, 1 RU a 4 KB. Consistency: strong."""
    item = get_item(POSTS, keys.comment(post_id, comment_id), consistent=True)
    return comment_of_item(item) if item else None


def query_comments(
    post_id: PostId, *, after: CommentId | None, limit: int, newest_first: bool = False
) -> tuple[list[Comment], CommentId | None]:
    """A page of comments, oldest first unless asked otherwise, and the last one's id if more follow.

    Cost: 1 Query, 0.5 RU a 4 KB. Consistency: eventual.
    """
    rows = query(
        POSTS,
        keys.partition(post_id),
        sort=SortBeginsWith(COMMENT_PREFIX),
        limit=limit + 1,
        newest_first=newest_first,
        start_after=None if after is None else keys.comment(post_id, after),
    )
    # One more than asked: the end is then known without an empty last page.
    comments = [comment_of_item(item) for item in rows.items[:limit]]
    return comments, comments[-1].id if len(rows.items) > limit else None
