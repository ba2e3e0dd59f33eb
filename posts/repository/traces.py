"""What a person has left in the table: found by the index, and taken away for good."""

from config.dynamodb import SortAbove, batch_write, delete_item, get_item, query
from config.entities import PostId, UserId
from posts.comment_entities import CommentRef
from posts.entities import CommentId
from posts.repository import keys
from posts.tables import COMMENT_PARTS, META, POSTS

INDEX = "by_author"


def query_deleted_of(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Deleted posts of an author, oldest first.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    return [PostId(number) for number in _ids_in(keys.deleted_by(author_id), after, limit)]


def query_archived_of(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Archived posts of an author, oldest first.

    Cost, Consistency: as `query_deleted_of`.
    """
    return [PostId(number) for number in _ids_in(keys.archived_by(author_id), after, limit)]


def query_comments_of(author_id: UserId, *, after: CommentId | None, limit: int) -> list[CommentRef]:
    """Comments and replies that somebody made, oldest first.

    Cost, Consistency: as `query_deleted_of`.
    """
    rows = query(
        POSTS,
        keys.commented_by(author_id),
        index=INDEX,
        sort=None if after is None else SortAbove(after),
        limit=limit,
    )
    return [keys.comment_ref(row["pk"], row["sk"])[0] for row in rows.items]


def purge_some(post_id: PostId, *, limit: int) -> int:
    """Take away others' marks on a deleted post, then all that lies with it but itself; how many items went.

    Nothing is counted down: the counts go too.

    Cost: 3 requests, 1 RU a 4 KB; of a spread post 20 Queries more; 1 WU an item and index. Idempotent: by the post.
    Consistency: strong; of marks eventual (an index), but none has been added since the post was deleted.
    """
    counted = get_item(POSTS, keys.counts(post_id), consistent=True) or {}
    shards = range(counted.get("spread", 0))
    marked = [partition for shard in (None, *shards) for partition in marks_on(post_id, shard)]
    gone = [row for partition in marked for row in query(POSTS, partition, index=INDEX, limit=limit).items]
    for part in range(COMMENT_PARTS if shards else 0):
        gone += query(
            POSTS, keys.comments(post_id, part), limit=limit, consistent=True, attributes=("pk", "sk")
        ).items
    if len(gone) < limit:
        batch_write(deletes=[(POSTS, keys.counts(post_id, shard)) for shard in shards])
        # One more than asked, for the post itself stays.
        rows = query(
            POSTS, keys.partition(post_id), limit=limit + 1, consistent=True, attributes=("pk", "sk")
        )
        gone += [row for row in rows.items if row["sk"] != META]
    batch_write(deletes=[(POSTS, row) for row in gone])
    return len(gone)


def marks_on(post_id: PostId, shard: int | None) -> list[str]:
    """Partitions of the index that hold what others have put on a post and was counted there."""
    return [keys.likers(post_id, shard)]


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
