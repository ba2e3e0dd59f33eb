"""Which accounts of the demo are there already, from an earlier run or one that was broken off."""

from collections.abc import Sequence

from accounts.models import User
from config.errors import Conflict
from feed.demo.people import Person
from feed.demo.plan import Plan

AVATARS_AT_MOST = 240
"""Painted ones, beside those of the best known."""


class HandleTaken(Conflict):
    """A handle of the demo belongs to an account that is not of the demo."""

    code = "demo_handle_taken"


def accounts_of(people: Sequence[Person]) -> dict[str, User]:
    """Those that are there, by handle, with their profiles.

    Cost: 1 SQL query. Raises: HandleTaken.
    """
    users = User.objects.filter(username__in=[person.handle for person in people]).select_related("profile")
    found = {user.username: user for user in users}
    strangers = [
        person.handle
        for person in people
        if person.handle in found and found[person.handle].email != person.email
    ]
    if strangers:
        raise HandleTaken(
            f"@{strangers[0]} is the account of somebody else; the demo network needs that handle.",
            handles=strangers,
        )
    return found


def painted_among(plan: Plan) -> set[int]:
    """The numbers of those whose avatar is painted; the others go by their initials, as many do everywhere."""
    return {*range(AVATARS_AT_MOST), *plan.celebrities}
