"""Notifications under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.drf import CursorQuery, cursor_page
from config.pages import signed_in_id
from config.rates import limited
from feed.notifications import selectors, services
from feed.notifications.entities import Kind
from feed.notifications.serializers import (
    NotificationSerializer,
    NotificationSettingsSerializer,
    ReadSerializer,
    UnreadSerializer,
)

NotificationPage = cursor_page(NotificationSerializer)


class Notifications(APIView):
    """What others did that concerns the caller."""

    @extend_schema(operation_id="notifications_list", parameters=[CursorQuery], responses=NotificationPage)
    def get(self, request: Request) -> Response:
        """Grouped, the last first; what is older than 90 days is gone. Nothing of whom the caller blocks or mutes."""
        page = selectors.notices_page(signed_in_id(request), **CursorQuery.of(request))
        return Response(NotificationPage(page).data)


class Unread(APIView):
    """How many notifications are to be read."""

    @extend_schema(operation_id="notifications_unread", responses=UnreadSerializer)
    def get(self, request: Request) -> Response:
        """Cheap enough to be asked every few seconds."""
        return Response(UnreadSerializer({"count": selectors.unread_count(signed_in_id(request))}).data)


class Read(APIView):
    """How far the caller has read."""

    @extend_schema(operation_id="notifications_read", request=ReadSerializer, responses={204: None})
    @limited("read")
    def post(self, request: Request) -> Response:
        """In all windows and programs of the caller. Repeating it, or an older id, changes nothing."""
        given = ReadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.read_up_to(reader_id=signed_in_id(request), noted_id=given.validated_data["up_to"])
        return Response(status=204)


class Settings(APIView):
    """What the caller is told of."""

    @extend_schema(operation_id="notification_settings_retrieve", responses=NotificationSettingsSerializer)
    def get(self, request: Request) -> Response:
        """All kinds, until something else is chosen."""
        wanted = selectors.wanted_kinds(signed_in_id(request))
        return Response(NotificationSettingsSerializer({"kinds": sorted(wanted)}).data)

    @extend_schema(
        operation_id="notification_settings_update",
        request=NotificationSettingsSerializer,
        responses=NotificationSettingsSerializer,
    )
    @limited("mark")
    def put(self, request: Request) -> Response:
        """From now on. Repeating it changes nothing."""
        given = NotificationSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kinds = {Kind(value) for value in given.validated_data["kinds"]}
        services.wanted_kinds_put(reader_id=signed_in_id(request), kinds=kinds)
        return Response(NotificationSettingsSerializer({"kinds": sorted(kinds)}).data)
