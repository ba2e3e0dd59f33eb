"""What one chooses for a follow, the end of somebody else's, and who is known, under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.entities import UserId
from config.idempotency import idempotency_key
from config.pages import signed_in_id
from config.rates import limited
from graph import selectors, services
from graph.api import KeyParameter
from graph.blocks import profile_seen
from graph.entities import FollowKind
from graph.errors import NotFollowing
from graph.known import known_followers
from graph.serializers import FollowSettingsSerializer, KnownSerializer


class FollowSettingsOf(APIView):
    """What the caller has chosen for the follow of one person."""

    @extend_schema(operation_id="follow_settings_retrieve", responses=FollowSettingsSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        """404 if there is no follow."""
        return _settings(request, user_id)

    @extend_schema(
        operation_id="follow_settings_update",
        request=FollowSettingsSerializer,
        responses=FollowSettingsSerializer,
    )
    @limited("mark")
    def patch(self, request: Request, user_id: int) -> Response:
        """What is not sent stays. Nobody else learns of it."""
        given = FollowSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kind = given.validated_data.get("kind")
        services.follow_update(
            follower_id=signed_in_id(request),
            followee_id=UserId(user_id),
            notify=given.validated_data.get("notify"),
            kind=FollowKind(kind) if kind else None,
        )
        return _settings(request, user_id)


class Follower(APIView):
    """One of the caller's followers."""

    @extend_schema(operation_id="follower_remove", parameters=[KeyParameter], responses={204: None})
    @limited("remove")
    def delete(self, request: Request, user_id: int) -> Response:
        """End their follow; they are not told. Repeating it changes nothing."""
        services.follower_remove(
            followee_id=signed_in_id(request),
            follower_id=UserId(user_id),
            request_id=idempotency_key(request),
        )
        return Response(status=204)


class KnownFollowers(APIView):
    """Who of those that the caller follows follows a person."""

    @extend_schema(operation_id="known_followers_list", responses=KnownSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        """Those whom the caller followed last first."""
        viewer_id = signed_in_id(request)
        known = known_followers(viewer_id, profile_seen(viewer_id, UserId(user_id)))
        return Response(KnownSerializer(known).data)


def _settings(request: Request, user_id: int) -> Response:
    chosen = selectors.follow_settings(signed_in_id(request), UserId(user_id))
    if chosen is None:
        raise NotFollowing
    return Response(FollowSettingsSerializer(chosen).data)
