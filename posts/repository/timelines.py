"""One part of an author's list in the index: what lies under the author alone, or one month's list."""

from collections.abc import Iterable

from config.dynamodb import Item, SortAbove, SortBelow, SortBetween, gather, query
from config.entities import PostId, UserId
from posts.calendar import first_id_of, month_after
from posts.repository import keys
from posts.tables import POSTS

INDEX = "by_author"


def query_part(
    author_id: UserId, month: str | None, *, start: PostId | None, limit: int, oldest_first: bool = False
) -> list[PostId]:
    """Ids of live posts in one part (None: under the author alone), those beyond `start` in that order.

    Cost: 1 Query of the index, 0.5 RU for some 40 ids. Consistency: eventual (an index).
    """
    if month is None and start is None and not oldest_first:
        return query_top(author_id, limit=limit)[0]
    beyond = None if start is None else SortAbove(start) if oldest_first else SortBelow(start)
    rows = query(
        POSTS,
        _partition(author_id, month),
        index=INDEX,
        sort=beyond,
        limit=limit,
        newest_first=not oldest_first,
    )
    return _posts_in(rows.items)


def query_top(author_id: UserId, *, limit: int) -> tuple[list[PostId], str | None]:
    """The newest live posts under the author alone, and a late one of the months with lists of their own, if there are any.

    Cost: 1 Query of the index, 0.5 RU for some 40 ids. Consistency: eventual (an index).
    """
    partition = keys.author(author_id)
    # One more than asked, for the mark.
    rows = query(POSTS, partition, index=INDEX, limit=limit + 1, newest_first=True)
    marks = [row["gsk"] - keys.MONTHS_MARK for row in rows.items if row["gsk"] >= keys.MONTHS_MARK]
    return _posts_in(rows.items)[:limit], str(marks[0]) if marks else None


def _posts_in(rows: Iterable[Item]) -> list[PostId]:
    return [PostId(row["gsk"]) for row in rows if row["gsk"] < keys.MONTHS_MARK]


def count_in(author_id: UserId, month: str, *, at_most: int) -> int:
    """How many live posts an author has of a month, wherever they lie; beyond so many it is not told.

    Cost: 2 Queries in 1 round, 0.5 RU a 40 posts. Consistency: eventual (an index).
    """
    first, last = first_id_of(month), first_id_of(month_after(month)) - 1

    def count(partition: str) -> int:
        return len(query(POSTS, partition, index=INDEX, sort=SortBetween(first, last), limit=at_most).items)

    return sum(
        gather(
            lambda: count(_partition(author_id, None)),
            lambda: count(_partition(author_id, month)),
        )
    )


def _partition(author_id: UserId, month: str | None) -> str:
    return keys.author(author_id) if month is None else keys.author_month(author_id, month)
