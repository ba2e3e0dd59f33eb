"""What a person who leaves for good is told by mail."""

from allauth.account.adapter import get_adapter

from accounts.departure_models import Departure
from accounts.models import User


def deletion_tell(user: User, departure: Departure, link: str) -> None:
    """When everything will be deleted, and the way back until then."""
    context = {"username": user.username, "due_at": departure.due_at, "restore_url": link}
    get_adapter().send_mail("account/email/deletion", user.email, context)
