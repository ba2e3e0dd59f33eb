"""Reads of accounts for every room: profile cards by handle and by ids."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import reduce
from typing import Any, Final

from django.db.models import QuerySet

from accounts import avatars
from accounts.entities import ArchiveState, ProfileCard, Trust
from accounts.errors import ProfileNotFound
from accounts.handles import PATTERN, handle_normalised
from accounts.models import ApiToken, Profile, User
from config import stamps
from config.cache import Kind, Tiered
from config.entities import UserId
from config.page_memory import read_once


def _card_read(value: dict[str, Any]) -> ProfileCard:
    return ProfileCard(**value)


# Who is private and who has left is in the card: it is asked of Redis each time, and never answered past a change.
CARDS: Final[Tiered[UserId, ProfileCard]] = Tiered(
    Kind("profile", seconds=60, absent_seconds=30, copies=3), write=asdict, read=_card_read
)


def profile_by_handle(handle: str) -> ProfileCard:
    """The card of an active account, however its handle was written.

    Cost: one SQL query.
    Raises: ProfileNotFound.
    """
    handle = handle_normalised(handle)
    # What can't be a handle is not asked for: PostgreSQL takes no NUL in a text.
    if not PATTERN.fullmatch(handle):
        raise ProfileNotFound
    profile = Profile.objects.select_related("user").filter(user__username=handle).first()
    if profile is None or not profile.user.is_active:
        raise ProfileNotFound
    stamps.see([stamps.account_name(profile.pk)])
    return card_of(profile)


def profile_by_id(user_id: UserId) -> ProfileCard:
    """The card of an active account.

    Raises: ProfileNotFound.
    """
    card = profiles_by_ids([user_id]).get(user_id)
    if card is None or not card.is_active:
        raise ProfileNotFound
    return card


def profiles_by_ids(user_ids: Iterable[UserId]) -> dict[UserId, ProfileCard]:
    """The cards of those who exist, in the order asked; `is_active` is for the caller to judge.

    Cost: one cache round, one SQL query for what it lacks; nothing for those that the page has read before.
    Consistency: a change makes everybody forget the card once it is committed, and with it the right to fill of whoever
        began to read before. With Redis away at the change, an old card may be read for at most a minute once it is back.
    """
    wanted = list(dict.fromkeys(user_ids))
    stamps.see(map(stamps.account_name, wanted))
    found = read_once("profile", wanted, lambda unknown: CARDS.get_many(unknown, _cards_load))
    return {user_id: card for user_id in wanted if (card := found[user_id]) is not None}


def _cards_load(user_ids: list[UserId]) -> dict[UserId, ProfileCard]:
    # Columns, not rows of two models: with Redis away each page asks for those of a dozen people.
    rows = Profile.objects.filter(pk__in=user_ids).values(*_CARD_COLUMNS)
    return {UserId(row["pk"]): _card(row) for row in rows}


def ids_by_handles(handles: Iterable[str]) -> dict[str, UserId]:
    """Who has these handles, of the active accounts; handles that nobody has are absent.

    Cost: one SQL query.
    """
    found = User.objects.filter(username__in=set(handles), is_active=True).values_list("username", "pk")
    return {handle: UserId(user_id) for handle, user_id in found}


def private_ids(user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of the given whose accounts are private."""
    return {user_id for user_id, card in profiles_by_ids(user_ids).items() if card.is_private}


def trust_in(user_id: UserId) -> Trust:
    """What moderators think of an account; NORMAL of one that is gone.

    Cost: one SQL query. Consistency: strong, so that what a moderator says counts from then on.
    """
    found = User.objects.filter(pk=user_id).values_list("trust", flat=True).first()
    return Trust(found or Trust.NORMAL)


def user_ids_after(user_id: UserId, *, limit: int) -> list[UserId]:
    """Ids of accounts, active or not, above an id and in order: for work that walks all of them and may be broken off.

    Cost: one SQL query.
    """
    ids = User.objects.filter(pk__gt=user_id).order_by("pk").values_list("pk", flat=True)
    return [UserId(found) for found in ids[:limit]]


def is_active_now(user_id: UserId) -> bool:
    """Whether the account is there and neither left nor switched off, past every cache.

    Cost: one SQL query.
    """
    return User.objects.filter(pk=user_id, is_active=True).exists()


def profile_by_user(user: User) -> Profile:
    """The profile row of a user, made now for one who came without (an import, a fixture)."""
    profile, _created = Profile.objects.select_related("user").get_or_create(user=user)
    return profile


def tokens_of_user(user_id: UserId) -> QuerySet[ApiToken]:
    """The API tokens of a user, newest first."""
    return ApiToken.objects.filter(user_id=user_id).order_by("-created")


def card_of(profile: Profile) -> ProfileCard:
    """The card of a profile row that has its user loaded."""
    return _card({column: reduce(getattr, column.split("__"), profile) for column in _CARD_COLUMNS})


_CARD_COLUMNS: Final = (
    "pk",
    "user__username",
    "name",
    "bio",
    "avatar",
    "is_private",
    "user__is_active",
    "user__archive_state",
    "language",
)


def _card(row: Mapping[str, Any]) -> ProfileCard:
    initials = avatars.initials_of(row["name"], row["user__username"])
    urls = avatars.urls_by_size(row["avatar"], row["pk"], initials)
    return ProfileCard(
        id=UserId(row["pk"]),
        handle=row["user__username"],
        name=row["name"],
        bio=row["bio"],
        avatar_url=urls[128],
        is_private=row["is_private"],
        is_active=row["user__is_active"],
        avatar_small_url=urls[64],
        avatar_large_url=urls[320],
        is_archived=row["user__archive_state"] != ArchiveState.HERE,
        language=row["language"],
    )


def forget_card(user_id: UserId) -> None:
    """After a change of the account's rows, once it is committed; and whatever was made from it."""
    CARDS.forget(user_id)
    stamps.forget([stamps.account_name(user_id)])
