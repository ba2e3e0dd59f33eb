"""Leaving and coming back under /api/v1/."""

from typing import Any, cast

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import departure_services as services
from accounts import selectors
from accounts.adapter import departed_checked
from accounts.models import User
from accounts.passwords import password_confirm
from accounts.serializers import ProfileSerializer
from config.entities import UserId


class DepartureSerializer(serializers.Serializer[Any]):
    """An account that its owner has left."""

    kind = serializers.ChoiceField(choices=["deactivated", "deletion"], read_only=True)
    asked_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(
        allow_null=True, read_only=True, help_text="When everything is deleted. Null: it is only deactivated."
    )


class AccountDeleteSerializer(serializers.Serializer[Any]):
    """The password once more."""

    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class AccountRestoreSerializer(serializers.Serializer[Any]):
    """As for signing in: tokens ended when the account left."""

    handle = serializers.CharField(max_length=254, help_text="The handle or the e-mail address.")
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class AccountDeactivate(APIView):
    """Leaving for a while."""

    @extend_schema(
        operation_id="account_deactivate",
        summary="Hide your account until you come back",
        description="Hidden at once; this token ends, as all others do.",
        request=None,
        responses=DepartureSerializer,
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Idempotent: by the account."""
        user_id = UserId(cast("User", request.user).pk)
        return Response(DepartureSerializer(services.account_deactivate(user_id=user_id)).data)


class AccountDelete(APIView):
    """Leaving for good."""

    @extend_schema(
        operation_id="account_delete",
        summary="Delete your account",
        description="Hidden at once, deleted at `due_at`; until then it can be restored. All tokens end.",
        request=AccountDeleteSerializer,
        responses=DepartureSerializer,
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Raises: PasswordWrong, TooManyAttempts."""
        given = AccountDeleteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = cast("User", request.user)
        bare: HttpRequest = request._request  # noqa: SLF001  # REST framework has no other door
        password_confirm(bare, user, given.validated_data["password"])
        departure = services.account_delete(user_id=UserId(user.pk), absolute=bare.build_absolute_uri)
        return Response(DepartureSerializer(departure).data)


class AccountRestore(APIView):
    """Coming back."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="account_restore",
        summary="Bring back an account that you left",
        description="For who got `account_departed` when asking for a token. Ask for a token again afterwards.",
        request=AccountRestoreSerializer,
        responses=ProfileSerializer,
        auth=[],
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Raises: SignInFailed, TooManyAttempts, DepartureOver. Idempotent: by the account."""
        given = AccountRestoreSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        bare: HttpRequest = request._request  # noqa: SLF001  # REST framework has no other door
        login, password = given.validated_data["handle"], given.validated_data["password"]
        user_id = UserId(departed_checked(bare, login=login, password=password).pk)
        services.account_restore(user_id=user_id)
        return Response(ProfileSerializer(selectors.profile_by_id(user_id)).data)
