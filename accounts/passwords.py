"""The password of who is signed in, asked once more before something that matters."""

from allauth.core import ratelimit
from django.http import HttpRequest

from accounts.errors import PasswordWrong, TooManyAttempts
from accounts.models import User


def password_confirm(request: HttpRequest, user: User, password: str) -> None:
    """Let pass only the right one. Guesses share a budget with allauth's page that asks for it again.

    Raises: PasswordWrong, TooManyAttempts.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        raise TooManyAttempts(retry_after_seconds=60)
    if not user.check_password(password):
        raise PasswordWrong
