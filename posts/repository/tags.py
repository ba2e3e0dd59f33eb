"""TAG items: which posts carry a tag, by time, in one list a tag or in several (`posts.tag_heat`)."""

from collections.abc import Iterable, Sequence
from functools import partial
from heapq import merge
from itertools import groupby, islice

from config.dynamodb import (
    ConditionFailed,
    SortBelow,
    attr,
    batch_get,
    batch_write,
    gather,
    put_item,
    query,
)
from config.entities import PostId
from config.ids import sort_key
from posts.entities import Post
from posts.repository import keys
from posts.tables import POSTS

Place = tuple[str, int]
"""A tag and the number of one of its lists."""


def put_entries(post: Post, places: Iterable[Place]) -> None:
    """Enter a post under tags; its rank is not in the entries then.

    Idempotent: by place and post. Cost: 1 request a 25 places, 1 WU each. Consistency: eventual.
    """
    batch_write(
        puts=[
            (POSTS, {**keys.tag_entry(*place, post.id), "post_id": post.id, "author_id": post.author_id})
            for place in places
        ]
    )


def delete_entries(post_id: PostId, places: Iterable[Place]) -> None:
    """Take a post out from under tags.

    Idempotent: by place and post. Cost: 1 request a 25 places, 1 WU each. Consistency: eventual.
    """
    batch_write(deletes=[(POSTS, keys.tag_entry(*place, post_id)) for place in places])


def query_tag(tag: str, *, before: PostId | None, limit: int, lists: int = 1) -> list[PostId]:
    """Ids of posts with the tag that are older than `before`, newest first, each once.

    Cost: 1 round; a list 1 Query, 0.5 RU for some 40 ids. Consistency: eventual.
    """
    read = [partial(_query_list, tag, shard, before, limit) for shard in range(lists)]
    found = merge(*gather(*read), reverse=True)
    return list(islice((post_id for post_id, _copies in groupby(found)), limit))


def _query_list(tag: str, shard: int, before: PostId | None, limit: int) -> list[PostId]:
    sort = None if before is None else SortBelow(sort_key(before))
    rows = query(POSTS, keys.tagged(tag, shard), sort=sort, limit=limit, newest_first=True)
    return [PostId(row["post_id"]) for row in rows.items]


def get_spread(wanted: Sequence[str]) -> dict[str, int | None]:
    """Since when entries of each tag may be spread; None: they are not.

    Units: milliseconds since 1970. Cost: 1 request a 100 tags, 1 RU each. Consistency: strong.
    """
    items = batch_get([(POSTS, keys.tag_spread(tag)) for tag in wanted], consistent=True)
    return {tag: item["from_ms"] if item else None for tag, item in zip(wanted, items, strict=True)}


def put_spread(tag: str, *, from_ms: int) -> bool:
    """Write down that entries of the tag may be spread; False if that is known.

    Idempotent: by tag. Cost: 1 request, 1 WU. Consistency: conditional put.
    """
    try:
        put_item(POSTS, {**keys.tag_spread(tag), "from_ms": from_ms}, condition=attr("pk").missing())
    except ConditionFailed:
        return False
    return True
