"""TAG items: which posts carry a tag, by time."""

from collections.abc import Iterable

from config.dynamodb import SortBelow, batch_write, query
from config.entities import PostId
from config.ids import sort_key
from posts.entities import Post
from posts.repository import keys
from posts.tables import POSTS


def put_entries(post: Post, tags: Iterable[str]) -> None:
    """Enter a post under its tags.

    Idempotent: by tag and post. Cost: 1 request a 25 tags, 1 WU each. Consistency: eventual.
    """
    batch_write(
        puts=[
            (POSTS, {**keys.tag_entry(tag, post.id), "post_id": post.id, "author_id": post.author_id})
            for tag in tags
        ]
    )


def delete_entries(post_id: PostId, tags: Iterable[str]) -> None:
    """Take a post out from under its tags.

    Idempotent: by tag and post. Cost: 1 request a 25 tags, 1 WU each. Consistency: eventual.
    """
    batch_write(deletes=[(POSTS, keys.tag_entry(tag, post_id)) for tag in tags])


def query_tag(tag: str, *, before: PostId | None, limit: int) -> list[PostId]:
    """Ids of posts with the tag that are older than `before`, newest first.

    Cost: 1 Query, 0.5 RU for some 40 ids. Consistency: eventual.
    """
    rows = query(
        POSTS,
        keys.tagged(tag),
        sort=None if before is None else SortBelow(sort_key(before)),
        limit=limit,
        newest_first=True,
    )
    return [PostId(row["post_id"]) for row in rows.items]
