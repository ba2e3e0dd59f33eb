"""How django-allauth's flows become ours: handles by our rules, and one door for passwords with its limits."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.departure_models import RetiredHandle
from accounts.departure_services import departure_of
from accounts.departure_sessions import remember_known
from accounts.errors import AccountDeparted, DepartureOver, SignInFailed, TooManyAttempts
from accounts.handles import handle_normalised, handle_validate
from accounts.models import User
from config.entities import UserId

_MISMATCH = _("The handle or e-mail and the password do not match.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Answers allauth's questions about handles."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_taken": _("This handle is taken."),
        "email_taken": _("This e-mail address has an account already."),
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes and try again."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002  # allauth's signature
        """The normalised handle.

        Raises: ValidationError.
        """
        handle = handle_normalised(username)
        handle_validate(handle)
        if not shallow and (User.objects.filter(username=handle).exists() or RetiredHandle.has(handle)):
            raise self.validation_error("username_taken")
        return handle

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Who has left is shown the way back; who was switched off by staff, that they are."""
        departure = departure_of(UserId(user.pk))
        if departure is None or departure.is_held:
            return cast("HttpResponse", super().respond_user_inactive(request, user))
        remember_known(request, departure)
        return redirect("accounts:departed")


def password_checked(request: HttpRequest, *, login: str, password: str) -> User:
    """The user whom a handle or e-mail and a password belong to; the API's door beside the sign-in page.

    Raises: SignInFailed, TooManyAttempts; AccountDeparted where its owner has left it, DepartureOver where that is for ever.
    """
    user = departed_checked(request, login=login, password=password)
    if user.is_active:
        return user
    departure = departure_of(UserId(user.pk))
    if departure is None or not departure.can_be_undone:
        raise DepartureOver
    raise AccountDeparted(
        departure={
            "kind": departure.kind,
            "due_at": departure.due_at.isoformat() if departure.due_at else None,
            "restore": reverse("api_account_restore"),
        }
    )


def departed_checked(request: HttpRequest, *, login: str, password: str) -> User:
    """The same for who may have left; an account that staff have switched off is as good as not there.

    Both doors share one budget of failures per name and per address.
    Raises: SignInFailed, TooManyAttempts.
    """
    login = login.strip()
    credentials: dict[str, Any] = {"username": handle_normalised(login), "password": password}
    if "@" in login.removeprefix("@"):
        credentials["email"] = credentials["username"] = login.lower()
    try:
        user = get_adapter(request).authenticate(request, **credentials)
    except ValidationError as limited:
        raise TooManyAttempts(retry_after_seconds=300) from limited
    if not isinstance(user, User):
        raise SignInFailed
    if not user.is_active and not _has_left(user):  # allauth also returns who is switched off
        raise SignInFailed
    return user


def _has_left(user: User) -> bool:
    departure = departure_of(UserId(user.pk))
    return departure is not None and not departure.is_held
