"""What the menu on a profile has to know: how the viewer has marked this person, and chosen for a follow."""

from dataclasses import dataclass

from config.entities import UserId
from graph import mark_repository
from graph.entities import FollowSettings
from graph.mark_repository import Mark
from graph.marks import stands
from graph.selectors import follow_settings


@dataclass(frozen=True, slots=True)
class PersonMenu:
    """What the viewer alone knows of the person."""

    muted: bool
    close_friend: bool
    settings: FollowSettings | None
    """None where there is no follow."""


def person_menu(viewer_id: UserId, other_id: UserId) -> PersonMenu:
    """The viewer's own marks and choices.

    Cost: 3 round trips, 3 read units. Consistency: strong, so that what was just chosen shows.
    """
    pair = [(viewer_id, other_id)]
    (mute,) = mark_repository.marks_get(Mark.MUTE, pair, consistent=True)
    (close,) = mark_repository.marks_get(Mark.CLOSE, pair, consistent=True)
    return PersonMenu(
        muted=mute is not None and stands(mute),
        close_friend=close is not None,
        settings=follow_settings(viewer_id, other_id),
    )
