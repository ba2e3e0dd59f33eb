"""Where a comment stands among the most liked of its post: `rpk` and `rank` on the comment itself."""

from typing import Final

from config.dynamodb import ConditionFailed, SortBelow, Update, attr, batch_get, query, update_item
from config.entities import PostId
from posts.comment_entities import Comment, CommentRef
from posts.repository import keys
from posts.repository.comment_items import comment_of_item
from posts.repository.comments import THERE
from posts.tables import POSTS

INDEX: Final = "by_rank"


def get_ranked(ref: CommentRef) -> tuple[Comment, int] | None:
    """A comment and the rank that it has; 0 of one of before there were any.

    Cost: 1 batch of both places where it may lie, 2 RU. Consistency: strong.
    """
    places = [(POSTS, keys.comment(ref, part)) for part in (None, keys.comment_part(ref))]
    found = [item for item in batch_get(places, consistent=True) if item]
    return (comment_of_item(found[0]), found[0].get("rank", 0)) if found else None


def set_rank(comment: Comment, rank: int, *, before: int) -> bool:
    """Put it elsewhere; False if it is not where it was read, or gone.

    Cost: 1 request, 1 WU a KB + 2 WU index. Consistency: conditional update. Idempotent: by rank.
    """
    as_read = (attr("rank") == before) if before else attr("rank").missing()
    update = Update(set={"rpk": keys.top_of_post(comment.post_id), "rank": rank})
    try:
        update_item(POSTS, keys.comment(comment.ref, comment.part), update, condition=THERE & as_read)
    except ConditionFailed:
        return False
    return True


def query_top_comments(post_id: PostId, *, below: int | None, limit: int) -> tuple[list[Comment], int | None]:
    """A page of comments by rank, the highest first, and the last one's rank if more follow.

    Cost: 1 Query of the index, 0.5 RU for some 40, and 1 batch, 0.5 RU a 4 KB each. Consistency: eventual (an index).
    """
    sort = None if below is None else SortBelow(below)
    rows = query(POSTS, keys.top_of_post(post_id), index=INDEX, sort=sort, limit=limit + 1, newest_first=True)
    page = rows.items[:limit]
    items = batch_get([(POSTS, POSTS.key_of(row)) for row in page]) if page else []
    found = [comment_of_item(item) for item in items if item]
    return found, page[-1]["rank"] if len(rows.items) > limit else None
