"""Who a browser's session belongs to, known to this process for some minutes, as long as neither session nor account has changed.

    session saved or ended      its stamp is taken away           signing out, a new password, a message to be shown
    account saved or gone       the account's is                  switched off, another password, archived

The stamps are compared with each use, by whoever uses it, together with others (`config.stamps`): so signing out in one process
ends it in all. Known are sessions with nothing to be done about them alone: a first request of the day, an account whose edges
are archived and a session that has something to show go the long way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any, Final

from cachebox import TTLCache
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User, today
from config import stamps
from config.entities import UserId

KNOWN_SECONDS: Final = 300
AT_MOST: Final = 20_000
MESSAGES: Final = "_messages"


@dataclass(slots=True)
class KnownSession:
    """`watch`: whose stamps are to be compared. Until `good_until` at the most. `misses`: how often in a row that was in vain."""

    user_id: UserId
    good_until: datetime
    watch: stamps.Watch
    misses: int = 0


_known: TTLCache[str, KnownSession] = TTLCache(AT_MOST, global_ttl=KNOWN_SECONDS)


def session_known(key: str) -> KnownSession | None:
    """The session of that key, if it is one that may be known; its stamps are still to be compared.

    Cost: none where it is known, else 3 SQL queries and 2 round trips to Redis.
    """
    known: KnownSession | None = _known.get(key, None)
    if known is None:
        known = _read(key)
        if known is not None:
            _known.insert(key, known)
    return known if known is not None and known.good_until > timezone.now() else None


def session_used(key: str, known: KnownSession, *, is_same: bool) -> None:
    """What came of comparing its stamps with others'. In vain twice: it may be this one's that differ, so it is read again.

    Cost: none.
    """
    known.misses = 0 if is_same else known.misses + 1
    if known.misses > 1:
        _known.pop(key, None)


def _read(key: str) -> KnownSession | None:
    watch, now = stamps.Watch(), timezone.now()
    watch.see([session_name(key)])
    is_away = not watch.is_sound
    if is_away:
        return None
    ends = Session.objects.filter(session_key=key, expire_date__gt=now).values_list("expire_date", flat=True)
    session, expires = SessionStore(key), ends.first()
    if expires is None or SESSION_KEY not in session or MESSAGES in session:
        return None
    watch.see([stamps.account_name(int(session[SESSION_KEY]))])
    request = HttpRequest()
    request.session = session
    user = get_user(request)
    if not isinstance(user, User) or user.archive_state or user.last_seen_on < today() or session.modified:
        return None
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return KnownSession(UserId(user.pk), min(expires, midnight), watch) if watch.is_sound else None


def session_name(key: str) -> str:
    """Of its stamp: a digest, for whoever has the key is signed in."""
    return f"session:{blake2b(key.encode(), digest_size=16).hexdigest()}"


@receiver(post_save, sender=Session)
@receiver(post_delete, sender=Session)
def session_changed(instance: Session, **_: Any) -> None:
    """Whoever knows it looks again."""
    transaction.on_commit(partial(stamps.forget, [session_name(instance.session_key)]))
