"""Lists in the order of handles, and search within them: what begins with the letters given."""

from typing import Any, Final

from config.cache import Kind, Tiered
from config.cursors import decode, encode
from config.entities import Page, UserId
from graph import list_repository
from graph.entities import Edge, Side
from graph.selectors import PAGE_SIZE, followees_among, followers_by_handle

TTL_SECONDS: Final = 30
Row = tuple[str, int, int]
"""Handle, followee, id of the edge."""


def _rows(kept: list[list[Any]]) -> list[Row]:
    return [(handle, followee_id, edge_id) for handle, followee_id, edge_id in kept]


LISTS: Final[Tiered[UserId, list[Row]]] = Tiered(
    Kind("following_by_handle", seconds=TTL_SECONDS), write=list, read=_rows
)


def edges_by_handle(
    side: Side, owner_id: UserId, *, prefix: str = "", cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Edge]:
    """One page of followers or of who is followed, of those only whose handle begins with `prefix`.

    Cost: of followers as `followers_by_handle`; of who is followed as `following_by_handle`.
    Raises: InvalidCursor, also for a cursor of another prefix.
    """
    read = followers_by_handle if side is Side.FOLLOWER else following_by_handle
    return read(owner_id, prefix=prefix, cursor=cursor, limit=limit)


def following_by_handle(
    owner_id: UserId, *, prefix: str = "", cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Edge]:
    """One page of whom somebody follows, by handle. How many one may follow is bounded, so all are sorted here.

    Cost: all follows, 25 read units a 1,000, once in TTL_SECONDS; 0.5 read units a row.
    Consistency: who is no longer followed is left out at once; a new follow is there TTL_SECONDS later at the latest.
    Raises: InvalidCursor.
    """
    kind = f"graph.following_by_handle.{owner_id}.{prefix}"
    after = str(decode(kind, cursor)) if cursor else ""
    found = [
        (handle, followee_id, edge_id)
        for handle, followee_id, edge_id in LISTS.get(owner_id, _load) or ()
        if handle.startswith(prefix) and handle > after
    ]
    stretch = found[:limit]
    there = followees_among(owner_id, [UserId(followee_id) for _handle, followee_id, _id in stretch])
    edges = [
        Edge(owner_id, UserId(followee_id), edge_id, followee_handle=handle)
        for handle, followee_id, edge_id in stretch
        if followee_id in there
    ]
    return Page(edges, encode(kind, stretch[-1][0]) if len(found) > limit else None)


def _load(owner_ids: list[UserId]) -> dict[UserId, list[Row]]:
    edges = {owner_id: list_repository.out_edges(owner_id) for owner_id in owner_ids}
    return {
        owner_id: sorted((edge.followee_handle, int(edge.followee_id), edge.id) for edge in of_one)
        for owner_id, of_one in edges.items()
    }
