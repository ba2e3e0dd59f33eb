"""What the accounts room itself does after a person who has left for good, their row last. See `accounts.departure_steps`.

What comes after the row is for what others' late work may still bring.
"""

from typing import Final

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import avatars, export_files
from accounts.departure_models import RetiredHandle
from accounts.departure_steps import Progress, cleanup_step
from accounts.export_models import Export
from accounts.models import ApiToken, Profile, User
from config.entities import UserId

SESSIONS_A_PAGE: Final = 500


@cleanup_step("accounts.sessions", order=700)
def sessions_end(user_id: UserId, cursor: str | None) -> Progress:
    """Delete the person's sessions. They are of no use since the account left; nothing leads from a person to them.

    Cost: one SQL query a page of all sessions. Idempotent: by session.
    """
    page = list(Session.objects.filter(pk__gt=cursor or "").order_by("pk")[:SESSIONS_A_PAGE])
    theirs = [row.pk for row in page if row.get_decoded().get("_auth_user_id") == str(user_id)]
    ended, _by_model = Session.objects.filter(pk__in=theirs).delete() if theirs else (0, {})
    return Progress(page[-1].pk if len(page) == SESSIONS_A_PAGE else None, ended)


@cleanup_step("accounts.avatar", order=710)
def avatar_remove(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one picture: no pages
    """Delete the picture's files, as long as a row says which they are.

    Idempotent: by file.
    """
    profile = Profile.objects.filter(pk=user_id).exclude(avatar="").first()
    if profile is None:
        return Progress(None, 0)
    avatars.avatar_remove(profile.avatar)
    profile.avatar = ""
    profile.save(update_fields=["avatar"])
    return Progress(None, 1)


@cleanup_step("accounts.exports", order=720)
def exports_remove(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # what is left is found anew
    """Delete copies of the person's data, the files before their row.

    Cost: one SQL query and its files. Idempotent: by export.
    """
    export = Export.objects.filter(user_id=user_id).first()
    if export is None:
        return Progress(None, 0)
    export_files.work_remove(export.pk)
    export.delete()
    return Progress("more", 1)


@cleanup_step("accounts.user", order=800)
def user_delete(user_id: UserId, cursor: str | None) -> Progress:  # noqa: ARG001  # one transaction: no pages
    """The row of the user with all that hangs on it, tokens and e-mail addresses too; the handle is retired with it.

    Idempotent: by the user.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            return Progress(None, 0)
        RetiredHandle.objects.get_or_create(pk=user.username)
        ApiToken.objects.filter(user=user).delete()
        user.delete()
    return Progress(None, 1)
