"""How often people may follow and leave, around the views of pages and API.

@limited_follow      a follow, a request where the account is private, a trickle for who is slowed
@limited_unfollow    leaving, or taking a request back: whoever does that with many people within a day is slowed
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.rates import Action, churn, take
from config.rates.taking import user_id_of

P = ParamSpec("P")
R = TypeVar("R")


def limited_follow(view: Callable[P, R]) -> Callable[P, R]:
    """Around a view of who is signed in, with the followee's id as its keyword `user_id`.

    Raises: LimitReached.
    """

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        follower_id, followee_id = _pair(args, kwargs)
        take(follow_action(follower_id, followee_id), user_id=follower_id)
        answer = view(*args, **kwargs)
        if settings.RATE_FACTOR:
            churn.made(follower_id, followee_id)
        return answer

    return counted


def limited_unfollow(view: Callable[P, R]) -> Callable[P, R]:
    """As `limited_follow`, around leaving.

    Raises: LimitReached.
    """

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        follower_id, followee_id = _pair(args, kwargs)
        take("unfollow", user_id=follower_id)
        answer = view(*args, **kwargs)
        if settings.RATE_FACTOR:
            churn.undone(follower_id, followee_id)
        return answer

    return counted


def follow_action(follower_id: UserId, followee_id: UserId) -> Action:
    """What following somebody counts as. Privacy comes from the cached profile."""
    if settings.RATE_FACTOR and churn.is_slowed(follower_id):
        return "follow_slowed"
    followee = profiles_by_ids([followee_id]).get(followee_id)
    return "request" if followee is not None and followee.is_private else "follow"


def churn_rows(user_id: UserId) -> list[tuple[str, str]]:
    """For the administration: how many were left within a day, and whether the account is slowed for it."""
    standing = churn.standing(user_id)
    rows = [(_("Left within a day of following"), f"{standing.undone} / {churn.UNDONE_TOO_MANY}")]
    if standing.slowed_until_ms is not None:
        until = localtime(datetime.fromtimestamp(standing.slowed_until_ms / 1000, tz=UTC))
        rows.append((_("Slowed until"), until.strftime("%Y-%m-%d %H:%M:%S")))
    return rows


def _pair(args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[UserId, UserId]:
    follower_id = cast("int", user_id_of(args))  # views behind these are closed to anybody else
    return UserId(follower_id), UserId(cast("int", kwargs["user_id"]))
