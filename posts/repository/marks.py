"""A person's marks on posts: MARKS#<user>, in the order of the posts.

    ids close together in time    one Query from the oldest to the newest: mostly a page or less, whatever the number of kinds
    ids far apart                 one batch of every kind of every post
    many marks in between         the Query ends at its limit, and a batch asks for what it has not come to

A Query of some days reads what else was liked in these days, which is little; a batch pays half a unit for each thing
that is not there, which is nearly all.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from config.dynamodb import Item, SortBetween, attr, batch_get, query
from config.entities import PostId, UserId
from config.ids import id_time_ms, sort_key
from posts.mark_entities import UNMARKED, MarkKind, Marks
from posts.repository import keys
from posts.tables import MARK_PREFIX, POSTS

CLOSE_MS: Final = 180 * 86_400_000
"""Posts of half a year: whose pages reach so far has few to read, and so few marks between them; who has many pays 2.5 read units more."""
MARKS_READ: Final = 100
"""Some 20 KB, 2.5 read units."""
END: Final = "~"
"""After every kind in the order of keys."""


def get_marks(user_id: UserId, post_ids: Iterable[PostId]) -> Marks:
    """What the person has put on these posts.

    Cost: 1 Query, 0.5 RU for some 20 marks and at most 2.5; of posts that lie far apart, or between which there are
        more marks than that, 1 request a 25 posts, 0.5 RU a post and kind. Consistency: eventual.
    """
    wanted = sorted(set(post_ids))
    if not wanted:
        return UNMARKED
    rows: list[Item] = []
    if id_time_ms(wanted[-1]) - id_time_ms(wanted[0]) <= CLOSE_MS:
        rows, wanted = _between(user_id, wanted)
    asked = [keys.mark(user_id, post_id, kind) for post_id in wanted for kind in MarkKind]
    rows += [item for item in batch_get([(POSTS, key) for key in asked]) if item] if asked else []
    return _marks_of(rows)


def query_likes_of(user_id: UserId, *, after: PostId | None, limit: int) -> list[tuple[PostId, int]]:
    """Posts that somebody likes in the order of their ids, and since when.

    Units: milliseconds since 1970. Cost: 1 Query, 1 RU for some 20 marks. Consistency: strong.
    """
    first = sort_key(0 if after is None else after + 1)
    sort = SortBetween(MARK_PREFIX + first, MARK_PREFIX + END)
    rows = query(
        POSTS, keys.marks(user_id), sort=sort, limit=limit, consistent=True, where=attr("mark_id").exists()
    )
    return [(PostId(row["post_id"]), row["created_at_ms"]) for row in rows.items]


def _between(user_id: UserId, wanted: Sequence[PostId]) -> tuple[list[Item], list[PostId]]:
    """Marks on these and whatever lies between them, and those of the posts that were not come to."""
    first, last = (MARK_PREFIX + sort_key(post_id) for post_id in (wanted[0], wanted[-1]))
    rows = query(POSTS, keys.marks(user_id), sort=SortBetween(first, f"{last}#{END}"), limit=MARKS_READ)
    among = set(wanted)
    found = [row for row in rows.items if PostId(row["post_id"]) in among]
    if rows.last_key is None:
        return found, []
    reached = PostId(rows.items[-1]["post_id"])  # of which there may be more
    return [row for row in found if row["post_id"] != reached], [it for it in wanted if it >= reached]


def _marks_of(rows: Iterable[Item]) -> Marks:
    by_kind: dict[str, set[PostId]] = {kind: set() for kind in MarkKind}
    rows = list(rows)
    for row in rows:
        # A later release may know of more kinds.
        by_kind.setdefault(row["sk"].rpartition("#")[2], set()).add(PostId(row["post_id"]))
    return Marks(
        liked=frozenset(by_kind[MarkKind.LIKED]),
        saved=frozenset(by_kind[MarkKind.SAVED]),
        reposted=frozenset(by_kind[MarkKind.REPOSTED]),
        muted=frozenset(by_kind[MarkKind.MUTED]),
        counted_apart={PostId(row["post_id"]): row["created_at_ms"] for row in rows if "shard" in row},
    )
