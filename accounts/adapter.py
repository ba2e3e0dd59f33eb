"""How django-allauth's flows become ours: handles by our rules, and one door for passwords with its limits."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.errors import SignInFailed, TooManyAttempts
from accounts.handles import handle_normalised, handle_validate
from accounts.models import User

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
        if not shallow and User.objects.filter(username=handle).exists():
            raise self.validation_error("username_taken")
        return handle


def password_checked(request: HttpRequest, *, login: str, password: str) -> User:
    """The user whom a handle or e-mail and a password belong to; the API's door beside the sign-in page.

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
    if not isinstance(user, User) or not user.is_active:  # allauth also returns who is switched off
        raise SignInFailed
    return user
