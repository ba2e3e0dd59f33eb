"""Departures in tests: asked for, due, and whether the person is still to be seen."""

from datetime import timedelta

from django.utils import timezone

from accounts import departure_services, selectors
from accounts.departure_models import Departure
from accounts.errors import ProfileNotFound
from accounts.models import User
from tests.graph.factory import id_of


def deleted(user: User) -> Departure:
    """Their own request to be deleted."""
    return departure_services.account_delete(
        user_id=id_of(user), absolute=lambda path: f"http://testserver{path}"
    )


def is_due(user: User) -> None:
    """The date of their deletion has come."""
    Departure.objects.filter(pk=user.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def is_here(user: User) -> bool:
    """Whether others find them."""
    try:
        selectors.profile_by_handle(user.username)
    except ProfileNotFound:
        return False
    return True
