"""The accounts room under /api/v1/: join, sign a program in and out, see and change oneself.

People are looked up in `graph`, which knows of blocks.
"""

from typing import cast

from allauth.core import ratelimit
from django.http import HttpRequest
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.adapter import password_checked
from accounts.errors import TooManyAttempts
from accounts.models import ApiToken, User
from accounts.seen import TokenAuthentication
from accounts.serializers import (
    AccountCreateSerializer,
    MeSerializer,
    ProfileSerializer,
    ProfileUpdateSerializer,
    TokenCreateSerializer,
    TokenSerializer,
)
from config.entities import UserId


class AccountList(APIView):
    """Where accounts are made."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="account_create",
        summary="Make an account",
        request=AccountCreateSerializer,
        responses={201: ProfileSerializer},
        auth=[],
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Raises: AccountInvalid, TooManyAttempts."""
        if not ratelimit.consume(_bare(request), action="signup"):
            raise TooManyAttempts(retry_after_seconds=60)
        given = AccountCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = services.account_create(**given.validated_data)
        card = selectors.profile_by_id(UserId(user.pk))
        return Response(ProfileSerializer(card).data, status=status.HTTP_201_CREATED)


class TokenList(APIView):
    """Where programs sign in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="token_create",
        summary="Sign in: get a token",
        request=TokenCreateSerializer,
        responses={201: TokenSerializer},
        auth=[],
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Raises: SignInFailed, TooManyAttempts, TooManyTokens."""
        given = TokenCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        login, password = given.validated_data["login"], given.validated_data["password"]
        user = password_checked(_bare(request), login=login, password=password)
        user_id = UserId(user.pk)
        token, text = services.token_create(user_id=user_id, label=given.validated_data["name"])
        shown = {
            "token": text,
            "expires_at": token.expiry,
            "profile": selectors.profile_by_id(user_id),
        }
        return Response(TokenSerializer(shown).data, status=status.HTTP_201_CREATED)


class CurrentToken(APIView):
    """The token that a request carries."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(
        operation_id="token_delete",
        summary="Sign out: end this token",
        request=None,
        responses={204: OpenApiResponse(description="The token is of no use any more.")},
        tags=["accounts"],
    )
    def delete(self, request: Request) -> Response:
        """Idempotent: by the token; a second time it is refused with 401."""
        token = cast("ApiToken", request.auth)
        services.token_delete(user_id=UserId(token.user_id), public_id=token.public_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(APIView):
    """Oneself."""

    parser_classes = (JSONParser, MultiPartParser, FormParser)

    @extend_schema(operation_id="me", summary="See yourself", responses=MeSerializer, tags=["accounts"])
    def get(self, request: Request) -> Response:
        """The profile and the e-mail address."""
        return _me(request)

    @extend_schema(
        operation_id="me_update",
        summary="Change your profile",
        request={"application/json": ProfileUpdateSerializer, "multipart/form-data": ProfileUpdateSerializer},
        responses=MeSerializer,
        tags=["accounts"],
    )
    def patch(self, request: Request) -> Response:
        """Raises: AccountInvalid, ImageInvalid, ImageTooLarge."""
        given = ProfileUpdateSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.profile_update(user_id=UserId(cast("User", request.user).pk), **given.validated_data)
        return _me(request)


def _me(request: Request) -> Response:
    user = cast("User", request.user)
    card = selectors.card_of(selectors.profile_by_user(user))
    return Response(MeSerializer(card, context={"user": user}).data)


def _bare(request: Request) -> HttpRequest:
    """Django's request inside REST framework's: allauth's limits are counted on it."""
    return request._request  # noqa: SLF001  # REST framework has no other door
