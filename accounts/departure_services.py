"""Leaving, for a while or for good, and coming back. What is done after the due date is in `accounts.departure_runs`.

leave        the account is hidden at once, in the transaction that notes the departure
come back    the note goes, the account is as it was: nothing has been touched
due          the clean-up begins; from here on there is no way back, whether or not anything is gone yet
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

from accounts.departure_mails import deletion_tell
from accounts.departure_models import Departure
from accounts.errors import DepartureOver
from accounts.models import ApiToken, User
from accounts.signals import account_departed, account_restored
from config.entities import UserId

logger = structlog.get_logger()

UNDO_SALT = "accounts.departure"
Absolute = Callable[[str], str]


def account_deactivate(*, user_id: UserId) -> Departure:
    """Hide an account until its owner comes back, however long that takes. Its tokens end.

    Idempotent: by the user; who is away already stays away as before.
    """
    return _depart(user_id, Departure.Kind.DEACTIVATED, due_at=None)


def account_delete(*, user_id: UserId, absolute: Absolute) -> Departure:
    """Hide an account at once and have everything of it deleted after `settings.DELETION_DAYS`; a mail tells how to undo.

    `absolute` makes an address of a path. The mail goes after the commit; without a mail server the deletion stands.

    Idempotent: by the user; asked again, the first due date stands.
    """
    due_at = timezone.now() + timedelta(days=settings.DELETION_DAYS)
    departure = _depart(user_id, Departure.Kind.DELETION, due_at=due_at)
    if departure.due_at == due_at:
        user = User.objects.get(pk=user_id)
        link = absolute(reverse("accounts:restore_by_link", args=[undo_key(departure)]))
        transaction.on_commit(lambda: deletion_tell(user, departure, link), robust=True)
    return departure


def account_restore(*, user_id: UserId) -> None:
    """Bring an account back, as it was.

    Idempotent: by the user; an account that never left is left alone.
    Raises: DepartureOver after the due date, or where staff have switched the account off.
    """
    with transaction.atomic():
        departure = Departure.objects.select_for_update().filter(pk=user_id).first()
        if departure is None:
            return
        if not departure.can_be_undone:
            raise DepartureOver
        departure_drop(departure)


def departure_drop(departure: Departure) -> None:
    """Forget a departure whose clean-up has not begun, and show the account again. Within a transaction.

    Raises: DepartureOver.
    """
    if departure.state != Departure.State.WAITING:
        raise DepartureOver
    user_id = UserId(departure.user_id)
    departure.delete()
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    logger.info("account_restored", user_id=user_id)
    transaction.on_commit(lambda: _tell(account_restored, user_id=user_id), robust=True)


def departure_of(user_id: UserId) -> Departure | None:
    """A user's departure, None for who never left or is back.

    Cost: one SQL query.
    """
    return Departure.objects.filter(pk=user_id).first()


def departed_users(email: str) -> list[User]:
    """Those with this address who have left and may come back.

    Cost: two SQL queries.
    """
    users = list(User.objects.filter(email=email.strip().lower(), is_active=False))
    return [user for user in users if (left := departure_of(UserId(user.pk))) and left.can_be_undone]


def undo_key(departure: Departure) -> str:
    """What the link in the mail carries: good for this departure only, and as long as it can be undone."""
    return signing.dumps([departure.user_id, departure.asked_at.timestamp()], salt=UNDO_SALT)


def departure_by_key(key: str) -> Departure | None:
    """The departure that a link is about, None if it is over or the link is not ours."""
    try:
        user_id, asked_at = signing.loads(key, salt=UNDO_SALT)
    except signing.BadSignature:
        return None
    departure = departure_of(UserId(user_id))
    if departure is None or departure.asked_at.timestamp() != asked_at:
        return None
    return departure


def _depart(user_id: UserId, kind: Departure.Kind, *, due_at: datetime | None) -> Departure:
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        # Who was suspended before stays so: asking for a deletion must be no way around staff.
        noted = {"handle": user.username, "kind": kind, "due_at": due_at, "is_held": not user.is_active}
        departure, new = Departure.objects.get_or_create(pk=user_id, defaults=noted)
        user.is_active = False
        user.save(update_fields=["is_active"])
        ApiToken.objects.filter(user=user).delete()
        if new:
            logger.info("account_departed", user_id=user_id, kind=str(kind))
            transaction.on_commit(
                lambda: _tell(account_departed, user_id=user_id, kind=str(kind)), robust=True
            )
    return departure


def _tell(signal: Signal, **facts: object) -> None:
    signal.send(sender=User, **facts)
