"""When an account was last seen, by day; and who hears of it when somebody comes back whose edges are archived.

A day is exact enough to tell who is dormant, and costs an account one write a day at the most.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxTokenAuthentication

from accounts.models import User
from accounts.signals import archived_account_seen
from config.entities import UserId

GetResponse = Callable[[HttpRequest], HttpResponse]


def account_seen(user: User) -> None:
    """Note that this account is in use, before anything is done for it.

    Cost: nothing but a comparison, but for the first request of a day (one SQL update) and for an archived account.
    Idempotent: by the day.
    """
    today = timezone.now().date()
    if user.last_seen_on < today:
        User.objects.filter(pk=user.pk, last_seen_on__lt=today).update(last_seen_on=today)
        user.last_seen_on = today
    if user.archive_state:
        archived_account_seen.send(sender=User, user_id=UserId(user.pk))


class SeenMiddleware:
    """For who is signed in to the pages. Behind Django's authentication.

    Noted when the request's user is first asked for, thus before anything is done for it: what asks for nobody, such as
    the page that says that an engine is away, reads neither session nor database.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = cast("User", SimpleLazyObject(lambda: self._seen(request)))
        return self.get_response(request)

    @staticmethod
    def _seen(request: HttpRequest) -> User | AnonymousUser:
        user = get_user(request)
        if isinstance(user, User):
            account_seen(user)
        return user


class TokenAuthentication(KnoxTokenAuthentication):  # type: ignore[misc]  # knox ships no types
    """For API tokens, which are looked at after all middleware."""

    def _cleanup_token(self, auth_token: Any) -> bool:
        # Knox reads all tokens of the account at each request, for others that have ended: those of an account end for good
        # when it makes another one (`accounts.services.token_create`).
        is_good = auth_token.expiry is None or auth_token.expiry > timezone.now()
        return not is_good and bool(super()._cleanup_token(auth_token))

    def validate_user(self, auth_token: Any) -> tuple[User, Any]:
        """Knox's last step, when the token has been found right.

        Raises: AuthenticationFailed for an account that is switched off.
        """
        user, token = super().validate_user(auth_token)
        account_seen(user)
        return user, token


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # its base registers it
    """The API's description knows our class as it knows knox's."""

    target_class = "accounts.seen.TokenAuthentication"
