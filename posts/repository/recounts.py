"""Counting what counts of a post stand for, and putting them right."""

from collections.abc import Sequence
from typing import Final

from config.dynamodb import (
    Change,
    Check,
    Condition,
    Item,
    SortBeginsWith,
    Update,
    attr,
    get_item,
    query_all,
    transact_if,
)
from config.entities import PostId
from posts.repository import keys
from posts.repository.counts import get_all
from posts.tables import COMMENT_PARTS, COMMENT_PREFIX, POSTS, REPLY_PREFIX

INDEX: Final = "by_author"


def get_stored(post_id: PostId) -> list[Item | None]:
    """The COUNTS items of a post: the first, and those of its shards if it is spread.

    Cost: 1 RU, of a spread post 2 requests and 18 RU. Consistency: strong: the first says that it is spread before a shard is used.
    """
    first = get_item(POSTS, keys.counts(post_id), consistent=True)
    return get_all(post_id) if first and "spread" in first else [first]


def count_likes(post_id: PostId, *, shards: int) -> int:
    """Likes in the index. Cost: 0.5 RU for some 40; a Query a partition. Consistency: eventual (an index)."""
    partitions = [keys.likers(post_id, shard) for shard in (None, *range(shards))]
    return sum(1 for partition in partitions for _like in query_all(POSTS, partition, index=INDEX))


def count_reposts(post_id: PostId) -> int:
    """Marks of reposts in the index. Cost: 0.5 RU for some 40. Consistency: eventual (an index)."""
    return sum(1 for _repost in query_all(POSTS, keys.reposters(post_id), index=INDEX))


def count_comments(post_id: PostId, *, shards: int) -> int:
    """Comments and answers that are not gone. Cost: 1 RU a 4 KB; of a spread post 10 Queries. Consistency: strong."""
    partitions = [keys.comments(post_id, part) for part in (None, *(range(COMMENT_PARTS) if shards else ()))]
    rows = (
        row
        for partition in partitions
        for prefix in (COMMENT_PREFIX, REPLY_PREFIX)
        for row in query_all(
            POSTS,
            partition,
            sort=SortBeginsWith(prefix),
            consistent=True,
            attributes=("pk", "sk", "gone"),
        )
    )
    return sum("gone" not in row for row in rows)


def add_missing(post_id: PostId, read: Sequence[Item | None], missing: dict[str, int]) -> bool:
    """Add what is missing to the first item; False if any has been changed since they were read.

    Cost: 1 request, 2 WU; of a spread post 34 WU. Consistency: transaction. Idempotent: by the number of changes.
    """
    first, *shards = read
    update = Update(add={**missing, "changes": 1})
    checks = [Check(POSTS, keys.counts(post_id, shard), _unmoved(item)) for shard, item in enumerate(shards)]
    return transact_if([Change(POSTS, keys.counts(post_id), update, _unmoved(first)), *checks])


def _unmoved(item: Item | None) -> Condition:
    changes = (item or {}).get("changes")
    return attr("changes").missing() if changes is None else attr("changes") == changes
