"""What the menu on a profile has to know: how the viewer has marked this person, and chosen for a follow."""

from dataclasses import dataclass

from config.entities import UserId
from graph import mark_repository
from graph.entities import FollowSettings
from graph.keys import out_edge_key
from graph.mark_repository import Mark, mark_key
from graph.marks import stands
from graph.selectors import settings_of
from graph.slots import is_edge


@dataclass(frozen=True, slots=True)
class PersonMenu:
    """What the viewer alone knows of the person."""

    muted: bool
    close_friend: bool
    settings: FollowSettings | None
    """None where there is no follow."""


def person_menu(viewer_id: UserId, other_id: UserId) -> PersonMenu:
    """The viewer's own marks and choices.

    Cost: 1 request, 3 read units. Consistency: strong, so that what was just chosen shows.
    """
    slots = [out_edge_key(viewer_id, other_id), mark_key(Mark.CLOSE, viewer_id, other_id)]
    (edge, close), (mute,) = mark_repository.slots_and_marks_get(
        Mark.MUTE, slots, [(viewer_id, other_id)], consistent=True
    )
    return PersonMenu(
        muted=mute is not None and stands(mute),
        close_friend=close is not None,
        settings=settings_of(edge) if is_edge(edge) else None,
    )
