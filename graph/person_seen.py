"""A person as the page of their profile has them for one viewer: how the two stand, what the viewer has marked, how many follow."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.entities import ProfileCard
from accounts.errors import ProfileNotFound
from accounts.selectors import profile_by_handle
from config.dynamodb import Item
from config.entities import UserId
from graph import mark_repository
from graph.archive_mirrors import archived_follows
from graph.counter_repository import counters_sum
from graph.entities import Counts, FollowSettings, Relationship
from graph.keys import counts_key, out_edge_key
from graph.mark_repository import Mark, Marked, mark_key
from graph.marks import stands
from graph.selectors import counts, relationship_of, settings_of
from graph.slots import is_edge

BETWEEN: Final = 3
"""Slots that say how two people stand: either's edge, and whether the one is a close friend."""


@dataclass(frozen=True, slots=True)
class PersonMenu:
    """What the viewer alone knows of the person."""

    muted: bool
    close_friend: bool
    settings: FollowSettings | None
    """None where there is no follow."""


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A person whom no block hides from the viewer. Neither relationship nor menu: the viewer is a stranger, or that person."""

    profile: ProfileCard
    counts: Counts
    relationship: Relationship | None = None
    menu: PersonMenu | None = None


def person_seen_by_handle(viewer_id: UserId | None, handle: str) -> PersonSeen:
    """All that a profile's head needs of the graph, read together.

    Cost: 1 request; for who is signed in 4 read units, and 1 a region of counters; for a stranger 0.5 a region. Another one
        where one of the two is archived.
    Consistency: strong for who is signed in, so that a block hides at once and what was just chosen shows. Counters of hot
        accounts are a second or so behind.
    Raises: ProfileNotFound, also behind a block.
    """
    profile = profile_by_handle(handle)
    if viewer_id is None or viewer_id == profile.id:
        return PersonSeen(profile, counts(profile.id))
    slots: list[Item] = [
        out_edge_key(viewer_id, profile.id),
        out_edge_key(profile.id, viewer_id),
        mark_key(Mark.CLOSE, viewer_id, profile.id),
        *(counts_key(profile.id, region=region) for region in settings.REGIONS),
    ]
    found, (mute,) = mark_repository.slots_and_marks_get(
        Mark.MUTE, slots, [(viewer_id, profile.id)], consistent=True
    )
    mine, theirs, close = found[:BETWEEN]
    both = {(viewer_id, profile.id): mine, (profile.id, viewer_id): theirs}
    away = archived_follows([pair for pair, slot in both.items() if slot is None], consistent=True)
    relationship = relationship_of(viewer_id, profile.id, mine, theirs, away)
    if relationship.blocked:
        raise ProfileNotFound
    counted = counters_sum(found[BETWEEN:], with_folded=True)
    return PersonSeen(profile, counted, relationship, _menu_of(mine, close, mute))


def _menu_of(edge: Item | None, close: Item | None, mute: Marked | None) -> PersonMenu:
    return PersonMenu(
        muted=mute is not None and stands(mute),
        close_friend=close is not None,
        settings=settings_of(edge) if is_edge(edge) else None,
    )
