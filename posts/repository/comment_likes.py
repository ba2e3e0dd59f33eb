"""A like of a comment: a mark of the person, written together with the count that lies with the comment."""

import time
from collections.abc import Iterable
from typing import Final

from config.dynamodb import (
    Change,
    Delete,
    Item,
    Put,
    SortBetween,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    batch_write,
    query,
    trace,
    transact,
)
from config.entities import PostId, UserId
from config.ids import id_time_ms, next_id, sort_key
from posts.comment_entities import Comment, CommentRef
from posts.entities import CommentId
from posts.errors import CommentNotFound
from posts.repository import keys
from posts.repository.comments import LAST, SAID, THERE
from posts.repository.marks import CLOSE_MS, MARKS_READ
from posts.tables import COMMENT_PREFIX, POSTS

INDEX: Final = "by_author"


def put_comment_like(comment: Comment, user_id: UserId) -> bool:
    """Like a comment; False if it was liked already.

    Idempotent: by comment and user. Cost: 1 request, 3 WU (index 1) and 2 WU a KB of the comment. Consistency: transaction.
    Raises: CommentNotFound if it is gone.
    """
    mark_id = next_id()
    mark: Item = {
        **keys.comment_mark(user_id, comment.id),
        "comment_id": comment.id,
        "post_id": comment.post_id,
        "user_id": user_id,
        "author_id": comment.author_id,
        "created_at_ms": time.time_ns() // 1_000_000,
        "mark_id": mark_id,
        "gpk": keys.comment_likers(comment.id),
        "gsk": mark_id,
        **trace(),
    }
    if comment.root_id is not None:
        mark["root_id"] = comment.root_id
    one_more = Change(POSTS, keys.comment(comment.ref, comment.part), Update(add={"likes": 1}), SAID)
    try:
        transact([Put(POSTS, mark, attr("pk").missing()), one_more])
    except TransactionCancelled as cancelled:
        liked, gone = cancelled.reasons
        if gone.failed:
            raise CommentNotFound from cancelled
        if liked.failed:
            return False
        raise
    return True


def delete_comment_like(ref: CommentRef, user_id: UserId, comment: Comment | None) -> bool:
    """Take a like back; False if there was none. `comment` as it was found; None: it is gone, and its count with it.

    Idempotent: by comment and user. Cost: 1 request, 3 WU (index 1) and 2 WU a KB of the comment. Consistency: transaction.
    """
    changes: list[Delete | Change] = [Delete(POSTS, keys.comment_mark(user_id, ref.id), attr("pk").exists())]
    if comment is not None:
        key = keys.comment(comment.ref, comment.part)
        changes.append(Change(POSTS, key, Update(add={"likes": -1}), THERE))
    try:
        transact(changes)
    except TransactionCancelled as cancelled:
        liked, *counted = cancelled.reasons
        if liked.failed:
            return False
        if any(reason.failed for reason in counted):  # gone since it was read
            return delete_comment_like(ref, user_id, None)
        raise
    return True


def get_liked_comments(user_id: UserId, comment_ids: Iterable[CommentId]) -> set[CommentId]:
    """Those of the comments that the user likes.

    Cost: 1 Query, 0.5 RU for some 20 marks and at most 2.5; of comments that lie far apart in time, or between which there
        are more marks than that, 1 batch, 0.5 RU a comment. Consistency: eventual.
    """
    wanted = sorted(set(comment_ids))
    if not wanted:
        return set()
    found: set[CommentId] = set()
    if id_time_ms(wanted[-1]) - id_time_ms(wanted[0]) <= CLOSE_MS:
        first, last = (f"{COMMENT_PREFIX}{sort_key(comment_id)}" for comment_id in (wanted[0], wanted[-1]))
        rows = query(POSTS, keys.marks(user_id), sort=SortBetween(first, last + "#" + LAST), limit=MARKS_READ)
        found = {CommentId(row["comment_id"]) for row in rows.items}
        reached = rows.items[-1]["comment_id"] if rows.last_key else wanted[-1]
        wanted, missed = [one for one in wanted if one <= reached], [one for one in wanted if one > reached]
    else:
        wanted, missed = [], wanted
    marks = batch_get([(POSTS, keys.comment_mark(user_id, one)) for one in missed]) if missed else []
    return found.intersection(wanted) | {one for one, mark in zip(missed, marks, strict=True) if mark}


def query_comment_likes_of(
    user_id: UserId, *, after: CommentId | None, limit: int
) -> list[tuple[CommentRef, int]]:
    """Comments that somebody likes in the order of their ids, and since when.

    Units: milliseconds since 1970. Cost: 1 Query, 1 RU for some 20 marks. Consistency: strong.
    """
    first = sort_key(0 if after is None else after + 1)
    sort = SortBetween(COMMENT_PREFIX + first, COMMENT_PREFIX + LAST)
    rows = query(POSTS, keys.marks(user_id), sort=sort, limit=limit, consistent=True)
    return [
        (
            CommentRef(PostId(row["post_id"]), CommentId(row["comment_id"]), row.get("root_id")),
            row["created_at_ms"],
        )
        for row in rows.items
    ]


def delete_likes_on(comment_id: CommentId, *, limit: int) -> int:
    """Take away likes of a comment that is gone, none of them counted down; how many went.

    Idempotent: by comment. Cost: 1 Query of the index, 0.5 RU for 40; 2 WU a like. Consistency: eventual (an index), but
        none has been added since the comment went.
    """
    rows = query(POSTS, keys.comment_likers(comment_id), index=INDEX, limit=limit)
    batch_write(deletes=[(POSTS, POSTS.key_of(row)) for row in rows.items])
    return len(rows.items)
