"""Followed by people you know: whom the viewer follows and who follow somebody."""

from dataclasses import dataclass
from typing import Final

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from graph.archive_mirrors import archived_follows
from graph.entities import Edge, Person, Side
from graph.errors import ListHidden
from graph.keys import out_edge_key
from graph.people import can_view_lists
from graph.repository import edges_exist
from graph.selectors import edges_page, relationships

LOOKED_AT: Final = 200
"""Of whom the viewer follows, the newest so many are asked: the work is bounded, and the answer says whether that was all."""


@dataclass(frozen=True, slots=True)
class Known:
    """`complete`: these are all; else at least these."""

    people: list[Person]
    complete: bool


def known_followers(viewer_id: UserId, owner: ProfileCard) -> Known:
    """Whom the viewer follows and who follow the owner, those followed last first. Nobody who is gone or blocked.

    Cost: 4 round trips, at most 4 and 100 read units, 1 a row.
    Consistency: eventual.
    Raises: ListHidden.
    """
    if not can_view_lists(viewer_id, owner):
        raise ListHidden
    page = edges_page(Side.FOLLOWING, viewer_id, limit=LOOKED_AT)
    asked: list[Edge] = [edge for edge in page.items if edge.followee_id != owner.id]
    follows = edges_exist([out_edge_key(edge.followee_id, owner.id) for edge in asked]) if asked else []
    looked_up = list(zip(asked, follows, strict=True))
    away = archived_follows((edge.followee_id, owner.id) for edge, is_there in looked_up if not is_there)
    found = {
        edge.followee_id: edge
        for edge, is_there in looked_up
        if is_there or (edge.followee_id, owner.id) in away
    }
    cards = {user_id: card for user_id, card in profiles_by_ids(found).items() if card.is_active}
    known = relationships(viewer_id, cards)
    people = [
        Person(card, known.get(user_id), found[user_id].created_at_ms)
        for user_id, card in cards.items()
        if not known[user_id].blocked
    ]
    return Known(people, complete=page.next_cursor is None)
