"""What a person has left in the table: found by the index, and taken away for good."""

from config.dynamodb import SortAbove, batch_write, delete_item, query
from config.entities import PostId, UserId
from posts.entities import CommentId
from posts.repository import keys
from posts.tables import COMMENT_PREFIX, COUNTS, EDIT_PREFIX, LIKE_PREFIX, META, POSTS

INDEX = "by_author"


def query_likes_of(user_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Posts that somebody likes, in the order of their ids.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    return [PostId(number) for number in _ids_in(keys.liked_by(user_id), after, limit)]


def query_deleted_of(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Deleted posts of an author, oldest first.

    Cost, Consistency: as `query_likes_of`.
    """
    return [PostId(number) for number in _ids_in(keys.deleted_by(author_id), after, limit)]


def query_posts_of(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Live posts of an author, oldest first.

    Cost, Consistency: as `query_likes_of`.
    """
    return [PostId(number) for number in _ids_in(keys.author(author_id), after, limit)]


def query_archived_of(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Archived posts of an author, oldest first.

    Cost, Consistency: as `query_likes_of`.
    """
    return [PostId(number) for number in _ids_in(keys.archived_by(author_id), after, limit)]


def query_comments_of(
    author_id: UserId, *, after: CommentId | None, limit: int
) -> list[tuple[PostId, CommentId]]:
    """Comments that somebody made, each with its post, oldest first.

    Cost, Consistency: as `query_likes_of`.
    """
    rows = query(
        POSTS,
        keys.commented_by(author_id),
        index=INDEX,
        sort=None if after is None else SortAbove(after),
        limit=limit,
    )
    return [(PostId(int(row["pk"].removeprefix("POST#"))), CommentId(row["gsk"])) for row in rows.items]


def purge_some(post_id: PostId, *, limit: int) -> int:
    """Take likes, comments and versions of a deleted post away, its counts with the last of them; how many went.

    None of them is counted down: the counts go too.

    Cost: 1 Query, 1 RU a 4 KB; 1 WU an item and index. Consistency: strong. Idempotent: by the post.
    """
    rows = query(POSTS, keys.partition(post_id), limit=limit, consistent=True, attributes=("pk", "sk"))
    gone = [
        row for row in rows.items if row["sk"].startswith((COMMENT_PREFIX, LIKE_PREFIX, EDIT_PREFIX, COUNTS))
    ]
    batch_write(deletes=[(POSTS, row) for row in gone])
    return len(gone)


def purge_meta(post_id: PostId) -> None:
    """Take the post itself away, when nothing else of it is left: by it the rest is found.

    Cost: 1 request, 1 WU a KB + 1 WU index. Idempotent: by the post.
    """
    delete_item(POSTS, {"pk": keys.partition(post_id), "sk": META})


def delete_stats(author_id: UserId) -> None:
    """Forget how many posts an author had, and which were pinned.

    Cost: 2 requests, 1 WU each. Idempotent: by the author.
    """
    delete_item(POSTS, keys.stats(author_id))
    delete_item(POSTS, keys.pins(author_id))


def _ids_in(partition: str, after: int | None, limit: int) -> list[int]:
    rows = query(
        POSTS,
        partition,
        index=INDEX,
        sort=None if after is None else SortAbove(after),
        limit=limit,
    )
    return [int(row["gsk"]) for row in rows.items]
