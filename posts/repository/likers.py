"""Who likes a post, from the index: newest first, one partition of it a shard."""

from functools import partial
from heapq import merge
from itertools import islice

from config.dynamodb import Item, SortBelow, gather, query
from config.entities import PostId, UserId
from posts.repository import keys
from posts.tables import POSTS

Liker = tuple[int, UserId]
"""The like's id and the person: ids of two likes may be equal."""


def query_likers(
    post_id: PostId, *, shards: int, before: Liker | None, limit: int
) -> tuple[list[Liker], bool]:
    """A page of those who like a post, newest first, and whether more follow.

    Cost: 1 Query, 0.5 RU for some 40; of a spread post 17 side by side. Consistency: eventual (an index).
    """
    partitions = [keys.likers(post_id, shard) for shard in (None, *range(shards))]
    found = gather(*(partial(_newest, partition, before, limit + 1) for partition in partitions))
    likers = list(islice(merge(*found, reverse=True), limit + 1))
    return likers[:limit], len(likers) > limit


def _newest(partition: str, before: Liker | None, limit: int) -> list[Liker]:
    rows = query(
        POSTS,
        partition,
        index="by_author",
        # From the last one's id on, for another's like may have the same; the last one itself is one more.
        sort=None if before is None else SortBelow(before[0] + 1),
        limit=limit + 1,
        newest_first=True,
    )
    likers = sorted(map(_liker, rows.items), reverse=True)
    return [liker for liker in likers if before is None or liker < before][:limit]


def _liker(row: Item) -> Liker:
    return int(row["gsk"]), UserId(int(row["pk"].removeprefix("MARKS#")))
