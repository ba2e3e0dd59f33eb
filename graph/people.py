"""Lists of people, as one viewer may see them: edges with profiles and with how the viewer stands to each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import Page, UserId
from graph.by_handle import edges_by_handle
from graph.entities import Edge, Person, Relationship, Side
from graph.errors import ListHidden
from graph.mark_repository import Mark, Marked
from graph.marks import marks_page
from graph.selectors import PAGE_SIZE, edges_page, is_following, relationships

MAX_REFILLS = 4
ReadPage = Callable[..., Page[Edge]]


@dataclass(frozen=True, slots=True)
class MarkedPerson:
    """One row of a list of one's own marks."""

    profile: ProfileCard
    marked: Marked


def can_view_lists(viewer_id: UserId | None, owner: ProfileCard) -> bool:
    """Who follows a private account and whom it follows is for itself and its followers.

    Cost: nothing for public accounts; 1 read unit, strong, for private ones, so that going private hides at once.
    """
    if not owner.is_private or viewer_id == owner.id:
        return True
    return viewer_id is not None and is_following(viewer_id, owner.id)


def people_page(
    viewer_id: UserId | None,
    owner: ProfileCard,
    side: Side,
    *,
    cursor: str | None = None,
    limit: int = PAGE_SIZE,
    by_handle: str | None = None,
) -> Page[Person]:
    """One page of followers or following, full although deactivated accounts are left out.

    Newest first; with `by_handle` in the order of handles, those only that begin with these letters.

    Cost: 1 query a page, at most 4 more where many accounts are gone; 1 read unit a row for a signed-in viewer.
    Raises: ListHidden, InvalidCursor.
    """
    if not can_view_lists(viewer_id, owner):
        raise ListHidden
    read: ReadPage = partial(edges_page, side, owner.id)
    if by_handle is not None:
        read = partial(edges_by_handle, side, owner.id, prefix=by_handle)
    return _filled_page(viewer_id, side, read, cursor=cursor, limit=limit)


def requests_page(
    owner_id: UserId, side: Side, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Person]:
    """One page of one's own requests, received or sent.

    Cost: as `people_page`.
    Raises: InvalidCursor.
    """
    return _filled_page(owner_id, side, partial(edges_page, side, owner_id), cursor=cursor, limit=limit)


def marked_page(
    owner_id: UserId, mark: Mark, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[MarkedPerson]:
    """One page of those whom the owner has marked so, newest first, without accounts that are gone.

    Cost: as `marks.marks_page`, and the cached profiles; at most 4 pages more where many accounts are gone.
    Raises: InvalidCursor.
    """
    people: list[MarkedPerson] = []
    for _refill in range(1 + MAX_REFILLS):
        page = marks_page(owner_id, mark, cursor=cursor, limit=limit - len(people))
        cards = profiles_by_ids([marked.other_id for marked in page.items])
        people += [
            MarkedPerson(cards[marked.other_id], marked)
            for marked in page.items
            if marked.other_id in cards and cards[marked.other_id].is_active
        ]
        cursor = page.next_cursor
        if cursor is None or len(people) >= limit:
            break
    return Page(people, cursor)


def _filled_page(
    viewer_id: UserId | None, side: Side, read: ReadPage, *, cursor: str | None, limit: int
) -> Page[Person]:
    people: list[Person] = []
    for _refill in range(1 + MAX_REFILLS):
        # Asking for what is missing, no more, makes the cursor end at the last edge that was looked at.
        page = read(cursor=cursor, limit=limit - len(people))
        people += _hydrated(viewer_id, side, page.items)
        cursor = page.next_cursor
        if cursor is None or len(people) >= limit:
            break
    return Page(people, cursor)


def _hydrated(viewer_id: UserId | None, side: Side, edges: Sequence[Edge]) -> list[Person]:
    """Rows of those who are still there and, for requests, have not been overtaken by a follow."""
    others = {edge.followee_id if side.is_out else edge.follower_id: edge for edge in edges}
    cards = {other_id: card for other_id, card in profiles_by_ids(others).items() if card.is_active}
    known = relationships(viewer_id, cards) if viewer_id is not None else {}
    return [
        Person(cards[other_id], known.get(other_id), edge.created_at_ms)
        for other_id, edge in others.items()
        if other_id in cards and not _is_left_out(side, known.get(other_id))
    ]


def _is_left_out(side: Side, relationship: Relationship | None) -> bool:
    if relationship is None:
        return False
    return (
        relationship.blocked
        or (side is Side.REQUEST_IN and relationship.followed_by)
        or (side is Side.REQUEST_OUT and relationship.following)
    )
