"""The accounts room's own parts of an export: profile and settings, addresses, sign-ins, tokens. No secrets."""

from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import avatars
from accounts.export_parts import PAGE, ExportPage, Record, export_part, iso_of
from accounts.models import ApiToken, Profile
from config.entities import UserId

AVATAR: Final = "photos/avatar.webp"
SESSIONS_A_PAGE: Final = 500


@export_part(
    "profile",
    order=10,
    title=_("Profile and settings"),
    about=_("What you show of yourself, and what you chose."),
    labels={
        "handle": _("Handle"),
        "name": _("Name"),
        "is_private": _("Private account"),
        "joined_at": _("Joined"),
        "signed_in_at": _("Last signed in"),
        "changed_at": _("Profile changed"),
    },
)
def profile(user_id: UserId, _cursor: str | None) -> ExportPage:
    """One record. Cost: one SQL query."""
    row = Profile.objects.select_related("user").get(pk=user_id)
    record = {
        "id": str(row.pk),
        "handle": row.user.username,
        "name": row.name,
        "text": row.bio,
        "is_private": row.is_private,
        "joined_at": iso_of(row.user.date_joined),
        "signed_in_at": iso_of(row.user.last_login),
        "changed_at": iso_of(row.updated_at),
    }
    files = []
    if row.avatar:
        record["photo"] = {"file": AVATAR, "alt": ""}
        files.append((AVATAR, avatars.largest_of(row)))
    return ExportPage([record], files)


@export_part(
    "email_addresses",
    order=12,
    title=_("E-mail addresses"),
    about=_("How we reach you."),
    labels={"primary": _("In use"), "verified": _("Confirmed")},
)
def email_addresses(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: one SQL query."""
    rows = list(
        EmailAddress.objects.filter(user_id=user_id, pk__gt=int(cursor or 0)).order_by("pk")[: PAGE + 1]
    )
    records = [
        {"id": str(row.pk), "text": row.email, "primary": row.primary, "verified": row.verified}
        for row in rows[:PAGE]
    ]
    return ExportPage(records, cursor=str(rows[PAGE - 1].pk) if len(rows) > PAGE else None)


@export_part(
    "api_tokens",
    order=14,
    title=_("API tokens"),
    about=_("Programs that may act for you. The tokens themselves are not here: we don't have them."),
    labels={"expires_at": _("Expires")},
)
def api_tokens(user_id: UserId, cursor: str | None) -> ExportPage:
    """Labels and dates. Cost: one SQL query."""
    tokens = ApiToken.objects.filter(user_id=user_id, public_id__gt=int(cursor or 0)).order_by("public_id")
    rows = list(tokens[: PAGE + 1])
    records = [
        {
            "id": str(row.public_id),
            "text": row.label,
            "created_at": iso_of(row.created),
            "expires_at": iso_of(row.expiry),
        }
        for row in rows[:PAGE]
    ]
    return ExportPage(records, cursor=str(rows[PAGE - 1].public_id) if len(rows) > PAGE else None)


@export_part(
    "sessions",
    order=16,
    title=_("Sessions"),
    about=_("Browsers in which you are signed in, by the time their sign-in ends."),
    labels={"expires_at": _("Ends")},
)
def sessions(user_id: UserId, cursor: str | None) -> ExportPage:
    """Dates alone: a session's key would let anybody in. Nothing leads from a person to them, so all are looked at.

    Cost: one SQL query a page of all sessions.
    """
    live = Session.objects.filter(pk__gt=cursor or "", expire_date__gt=timezone.now())
    page = list(live.order_by("pk")[:SESSIONS_A_PAGE])
    own = [row for row in page if row.get_decoded().get("_auth_user_id") == str(user_id)]
    records: list[Record] = [{"expires_at": iso_of(row.expire_date)} for row in own]
    return ExportPage(records, cursor=page[-1].pk if len(page) == SESSIONS_A_PAGE else None)
