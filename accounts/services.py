"""Writes of the accounts room: make an account, change its profile, hand out and revoke API tokens."""

from datetime import timedelta
from functools import partial
from typing import IO

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.settings import knox_settings

from accounts import avatars
from accounts.departure_models import Departure, RetiredHandle
from accounts.departure_services import departure_drop
from accounts.entities import Trust
from accounts.errors import AccountInvalid, TooManyTokens
from accounts.handles import handle_normalised, handle_validate
from accounts.models import BIO_MAX_LENGTH, NAME_MAX_LENGTH, ApiToken, Profile, User
from accounts.signals import privacy_changed
from config.entities import UserId
from config.ids import next_id
from config.languages import language_tag

TOKENS_MAX = 20


def account_create(
    *, handle: str, email: str, password: str, name: str = "", password_hash: str | None = None
) -> User:
    """A user, their profile and their e-mail address, all or none.

    `password_hash` is that of `password`, where one has been made already: many demo accounts share one, and each
    would cost a third of a second of processor time.

    Raises: AccountInvalid with the messages of each field; the sign-up form and the API show the same ones.
    """
    draft = User(username=handle_normalised(handle), email=email.strip().lower())
    errors = account_errors(draft=draft, password=password, name=name)
    if errors:
        raise AccountInvalid(errors=errors)
    if password_hash is None:
        draft.set_password(password)
    else:
        draft.password = password_hash
    try:
        _account_save(draft, name)
    except (
        IntegrityError
    ) as race:  # the handle or the address was taken since the check, or an id was minted twice
        errors = account_errors(draft=draft, password=password, name=name)
        if errors:
            raise AccountInvalid(errors=errors) from race
        draft.id = next_id()
        _account_save(draft, name)
    return draft


def _account_save(draft: User, name: str) -> None:
    with transaction.atomic():
        draft.save(force_insert=True)
        Profile.objects.create(user=draft, name=_one_line(name))
        EmailAddress.objects.create(user=draft, email=draft.email, primary=True, verified=False)


def account_errors(*, draft: User, password: str, name: str = "") -> dict[str, list[str]]:
    """What is wrong with an account about to be made, by field; empty if nothing is."""
    errors: dict[str, list[str]] = {}
    for field, check in (
        ("handle", partial(_check_handle, draft.username)),
        ("email", partial(_check_email, draft.email)),
        ("password", partial(validate_password, password, draft)),
        ("name", partial(_check_length, _one_line(name), NAME_MAX_LENGTH)),
    ):
        try:
            check()
        except ValidationError as refusal:
            errors[field] = refusal.messages
    return errors


def profile_update(
    *,
    user_id: UserId,
    name: str | None = None,
    bio: str | None = None,
    is_private: bool | None = None,
    avatar: IO[bytes] | None = None,
    remove_avatar: bool = False,
    language: str | None = None,
) -> Profile:
    """Change what is given and leave the rest; None is "not given".

    Consistency: listeners of `privacy_changed` and the profile cache hear of it after the commit. A listener that
        fails has not heard of it, so it is told again when a public account is made public: repeating is safe.
    Raises: AccountInvalid, InvalidLanguage, config.images.ImageInvalid, ImageTooLarge.
    """
    language = None if language is None else language_tag(language)
    _check_texts(name=name, bio=bio)
    new_folder = avatars.avatar_store(avatar) if avatar is not None else None
    with transaction.atomic():
        profile = Profile.objects.select_for_update().select_related("user").get(pk=user_id)
        was_private, old_folder = profile.is_private, profile.avatar
        if name is not None:
            profile.name = _one_line(name)
        if bio is not None:
            profile.bio = bio.replace("\r\n", "\n").strip()
        if language is not None:
            profile.language = language
        if is_private is not None:
            profile.is_private = is_private
        if new_folder is not None or remove_avatar:
            profile.avatar = new_folder or ""
        profile.save()
        if profile.avatar != old_folder:
            transaction.on_commit(partial(avatars.avatar_remove, old_folder))
        if profile.is_private != was_private or is_private is False:
            transaction.on_commit(partial(_tell_privacy, user_id, is_private=profile.is_private))
    return profile


def account_trust(*, user_id: UserId, trust: Trust) -> None:
    """Say what is thought of an account; what it posts from then on goes by it.

    Idempotent: by the user. Cost: one SQL query.
    """
    User.objects.filter(pk=user_id).update(trust=trust)


def account_switch(*, user_id: UserId, is_active: bool) -> None:
    """Staff hide an account everywhere and end its tokens, or bring it back; sessions end at their next request.

    An account whose owner has left can't be brought back by them while it is switched off; switched on, it has not left.

    Idempotent: by the user.
    Raises: DepartureOver if its deletion has begun.
    """
    with transaction.atomic():
        departure = Departure.objects.select_for_update().filter(pk=user_id).first()
        if departure and is_active:
            departure_drop(departure)
        elif departure:
            departure.is_held = True
            departure.save(update_fields=["is_held"])
        user = User.objects.select_for_update().get(pk=user_id)
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        if not is_active:
            ApiToken.objects.filter(user=user).delete()


def token_create(
    *, user_id: UserId, label: str = "", lifetime: timedelta | None = None
) -> tuple[ApiToken, str]:
    """A token and its text, which is shown once and never kept.

    Raises: TooManyTokens, AccountInvalid.
    """
    user = User.objects.get(pk=user_id, is_active=True)
    ApiToken.objects.filter(user=user, expiry__lte=timezone.now()).delete()
    if ApiToken.objects.filter(user=user).count() >= TOKENS_MAX:
        raise TooManyTokens(limit=TOKENS_MAX)
    label = _one_line(label)
    if len(label) > 60:
        raise AccountInvalid(errors={"label": [_("Use at most %(limit)d characters.") % {"limit": 60}]})
    return ApiToken.objects.issue(user=user, lifetime=lifetime or knox_settings.TOKEN_TTL, label=label)


def token_delete(*, user_id: UserId, public_id: int) -> None:
    """End a token of this user. Idempotent."""
    ApiToken.objects.filter(user_id=user_id, public_id=public_id).delete()


def _check_texts(*, name: str | None, bio: str | None) -> None:
    errors: dict[str, list[str]] = {}
    for field, text, limit in (("name", name, NAME_MAX_LENGTH), ("bio", bio, BIO_MAX_LENGTH)):
        try:
            _check_length(text or "", limit)
        except ValidationError as refusal:
            errors[field] = refusal.messages
    if errors:
        raise AccountInvalid(errors=errors)


def _check_handle(handle: str) -> None:
    handle_validate(handle)
    if User.objects.filter(username=handle).exists() or RetiredHandle.has(handle):
        raise ValidationError(_("This handle is taken."), code="handle_taken")


def _check_email(email: str) -> None:
    validate_email(email)
    if User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email).exists():
        raise ValidationError(_("This e-mail address has an account already."), code="email_taken")


def _check_length(text: str, limit: int) -> None:
    if len(text.replace("\r\n", "\n").strip()) > limit:
        raise ValidationError(_("Use at most %(limit)d characters."), params={"limit": limit})
    if "\x00" in text:
        raise ValidationError(_("Null characters are not allowed."))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tell_privacy(user_id: UserId, *, is_private: bool) -> None:
    privacy_changed.send(sender=Profile, user_id=user_id, is_private=is_private)
