"""What a browser's session knows of a departure: that its owner has just left, or has just given the right password."""

from datetime import datetime

from django.core import signing
from django.http import HttpRequest

from accounts.departure_models import Departure
from accounts.departure_services import departure_of
from config.entities import UserId

KNOWN_KEY = "departed"
LEFT_KEY = "left"
KNOWN_SECONDS = 600
SALT = "accounts.departed"


def remember_known(request: HttpRequest, departure: Departure) -> None:
    """The right password was given: for some minutes the account may be brought back from here."""
    request.session[KNOWN_KEY] = signing.dumps(departure.user_id, salt=SALT)


def known_departure(request: HttpRequest) -> Departure | None:
    """The departure whose owner is known to sit here, None if nobody is or it is over."""
    try:
        user_id = signing.loads(request.session.get(KNOWN_KEY, ""), salt=SALT, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return None
    return departure_of(UserId(user_id))


def forget(request: HttpRequest) -> None:
    """They are back."""
    request.session.pop(KNOWN_KEY, None)


def left_remember(request: HttpRequest, departure: Departure) -> None:
    """For the page that says what has happened. It knows a date, not who left."""
    request.session[LEFT_KEY] = {
        "kind": departure.kind,
        "due_at": departure.due_at.isoformat() if departure.due_at else None,
    }


def left_of(request: HttpRequest) -> Departure | None:
    """The departure that was remembered, as far as the page needs it; never stored."""
    kept = request.session.get(LEFT_KEY)
    if not kept:
        return None
    due_at = datetime.fromisoformat(kept["due_at"]) if kept["due_at"] else None
    return Departure(kind=kept["kind"], due_at=due_at)
