"""Reads of the graph. Plural names are bulk; pages are newest first with opaque cursors."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from config.cursors import decode, encode
from config.entities import Page, UserId
from graph import repository
from graph.entities import Counts, Edge, Relationship, Side
from graph.tables import out_edge_key, request_out_key

PAGE_SIZE: Final = 20
FAN_OUT_PAGE_SIZE: Final = 1_000


def is_following(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the follow is there now.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return repository.edge_exists(follower_id, followee_id)


def followees_among(follower_id: UserId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Which of these people the follower follows.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(user_ids))
    found = repository.items_exist([out_edge_key(follower_id, user_id) for user_id in ids]) if ids else []
    return {user_id for user_id, exists in zip(ids, found, strict=True) if exists}


def relationships(
    viewer_id: UserId, user_ids: Iterable[UserId], *, consistent: bool = False
) -> dict[UserId, Relationship]:
    """How the viewer stands to each of these people; the viewer's own id is left out.

    Cost: 1 round trip a 33 people, 1.5 read units each (3 if consistent).
    Consistency: eventual, or strong if asked, as after the viewer's own write.
    """
    ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id != viewer_id]
    if not ids:
        return {}
    # Whether they follow the viewer is asked of their out-edge: its place does not depend on shards.
    found = repository.items_exist(
        [
            key
            for user_id in ids
            for key in (
                out_edge_key(viewer_id, user_id),
                out_edge_key(user_id, viewer_id),
                request_out_key(viewer_id, user_id),
            )
        ],
        consistent=consistent,
    )
    return {user_id: Relationship(*found[3 * row : 3 * row + 3]) for row, user_id in enumerate(ids)}


def counts(user_id: UserId, *, consistent: bool = False) -> Counts:
    """How many follow a person, and how many that person follows.

    Cost: 1 round trip, 0.5 read units (1 if consistent).
    """
    return repository.counts_of([user_id], consistent=consistent)[0]


def counts_by_ids(user_ids: Iterable[UserId]) -> dict[UserId, Counts]:
    """The same for many people.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(user_ids))
    return dict(zip(ids, repository.counts_of(ids), strict=True)) if ids else {}


def edges_page(
    side: Side, owner_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Edge]:
    """One page of a list, exactly `limit` long but for the last. A cursor stays good while edges come and go.

    Cost: 1 round trip, 0.5 read units for up to 25 rows. Consistency: eventual.
    Raises: InvalidCursor.
    """
    kind = f"graph.{side}"
    after = Edge(*decode(kind, cursor)) if cursor else None
    edges, goes_on = repository.edges_newest_first(owner_id, side, after=after, limit=limit)
    # The position is time and ids, not a stored item: it holds when that very edge is deleted.
    last = edges[-1] if goes_on else None
    next_cursor = encode(kind, [last.follower_id, last.followee_id, last.id]) if last else None
    return Page(edges, next_cursor)


followers_page = partial(edges_page, Side.FOLLOWER)
following_page = partial(edges_page, Side.FOLLOWING)
requests_in_page = partial(edges_page, Side.REQUEST_IN)
requests_out_page = partial(edges_page, Side.REQUEST_OUT)


def follower_ids_page(
    followee_id: UserId, *, start_after: UserId | None = None, limit: int = FAN_OUT_PAGE_SIZE
) -> tuple[list[UserId], UserId | None]:
    """Followers for fan-out, in the order of the base key, and the id to go on after; None at the end.

    Cost: 1 round trip, up to 50 read units for 1,000. Consistency: strong.
    """
    return repository.follower_ids(followee_id, start_after=start_after, limit=limit)


def following_ids(follower_id: UserId) -> Iterator[UserId]:
    """All that a person follows, in no particular order, read as it is used up.

    Cost: 1 round trip and about 25 read units a 1,000. Consistency: eventual.
    """
    return repository.following_ids(follower_id)
