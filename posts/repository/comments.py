"""COMMENT and REPLY items, each written together with the counts it changes; how they are found and listed.

A reply lies where its thread begins, so a thread is one partition. Where a thread begins is known when it is read:
beside the post, or in one of the parts of a hot post's comments.
"""

from collections.abc import Iterable
from functools import partial
from operator import attrgetter

from config.dynamodb import (
    Change,
    Condition,
    Put,
    SortBetween,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    gather,
    query,
    trace,
    transact,
)
from config.entities import PostId
from config.ids import sort_key
from posts.comment_entities import Comment, CommentRef
from posts.entities import CommentId
from posts.errors import CommentNotFound, PostNotFound
from posts.repository import keys
from posts.repository.comment_items import comment_of_item, item_of_comment
from posts.spread import QUIET, Spread, counts_change
from posts.tables import COMMENT_PARTS, COMMENT_PREFIX, POSTS

THERE: Condition = attr("pk").exists()
SAID: Condition = THERE & attr("gone").missing()
LAST = "~"  # after every digit


def put_comment(
    comment: Comment, *, root: Comment | None = None, parent: Comment | None = None, spread: Spread = QUIET
) -> bool:
    """Store a comment, or a reply to `parent` in the thread of `root`; False if its id is taken.

    Idempotent: by id. Cost: 1 request, 2 WU a KB + 2 WU + 1 WU index; of a reply 2 WU a KB of the thread's first comment,
        and as much of what it answers if that is another. Consistency: transaction.
    Raises: PostNotFound if the post was deleted, CommentNotFound if what it answers was.
    """
    counted = [] if root is None or parent is None else _answered(root, parent)
    try:
        transact(
            [
                Put(POSTS, {**item_of_comment(comment), **trace()}, attr("pk").missing()),
                counts_change(comment.post_id, spread, add={"comments": 1}),
                *counted,
            ]
        )
    except TransactionCancelled as cancelled:
        taken, closed, *answered = cancelled.reasons
        if closed.failed:
            raise PostNotFound from cancelled
        if any(reason.failed for reason in answered):
            raise CommentNotFound from cancelled
        if taken.failed:
            return False
        raise
    return True


def _answered(root: Comment, parent: Comment) -> list[Change]:
    one_more = Update(add={"replies": 1})
    if parent.id == root.id:
        return [Change(POSTS, keys.comment(root.ref, root.part), one_more, SAID)]
    return [
        Change(POSTS, keys.comment(root.ref, root.part), one_more, THERE),
        Change(POSTS, keys.comment(parent.ref, parent.part), one_more, SAID),
    ]


def get_comments(refs: Iterable[CommentRef], *, consistent: bool = True) -> dict[CommentRef, Comment]:
    """Those of the comments that are there, deleted ones too that replies hang on.

    Cost: 1 batch of both places where each may lie, 1 RU a 4 KB and 1 RU a place without. Consistency: strong
        unless told otherwise, and then half as dear.
    """
    wanted = [(ref, part) for ref in dict.fromkeys(refs) for part in (None, keys.comment_part(ref))]
    items = (
        batch_get([(POSTS, keys.comment(ref, part)) for ref, part in wanted], consistent=consistent)
        if wanted
        else []
    )
    return {ref: comment_of_item(item) for (ref, _part), item in zip(wanted, items, strict=True) if item}


def query_comments(
    post_id: PostId,
    *,
    after: CommentId | None,
    limit: int,
    newest_first: bool = False,
    in_parts: bool = False,
) -> tuple[list[Comment], CommentId | None]:
    """A page of threads' first comments, oldest first unless asked otherwise; the last one's id if more follow.

    Cost: 1 Query, 0.5 RU a 4 KB; of a hot post five, side by side. Consistency: eventual.
    """
    reach = _beyond(COMMENT_PREFIX, after, newest_first=newest_first)
    parts = [None, *range(COMMENT_PARTS)] if in_parts else [None]

    reads = [
        partial(
            query, POSTS, keys.comments(post_id, part), sort=reach, limit=limit + 1, newest_first=newest_first
        )
        for part in parts
    ]
    found = [comment_of_item(item) for rows in gather(*reads) for item in rows.items]
    found.sort(key=attrgetter("id"), reverse=newest_first)
    # One more than asked: the end is then known without an empty last page.
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def query_replies(
    root: Comment, *, after: CommentId | None, limit: int
) -> tuple[list[Comment], CommentId | None]:
    """A page of a thread, oldest first, and the last reply's id if more follow.

    Cost: 1 Query, 0.5 RU a 4 KB. Consistency: eventual.
    """
    reach = _beyond(keys.replies_prefix(root.id), after, newest_first=False)
    rows = query(POSTS, keys.comments(root.post_id, root.part), sort=reach, limit=limit + 1)
    page = [comment_of_item(item) for item in rows.items[:limit]]
    return page, page[-1].id if len(rows.items) > limit else None


def _beyond(prefix: str, after: CommentId | None, *, newest_first: bool) -> SortBetween:
    """The sort keys of a list that goes on behind `after`, an item of any part."""
    if after is None:
        return SortBetween(prefix, prefix + LAST)
    if newest_first:
        return SortBetween(prefix, prefix + sort_key(after - 1))
    return SortBetween(prefix + sort_key(after + 1), prefix + LAST)
