"""Exports under /api/v1/me/exports/."""

from typing import cast

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import export_selectors, export_services
from accounts.export_download import download_of
from accounts.export_serializers import ExportListSerializer, ExportSerializer
from accounts.export_tasks import export_begin
from accounts.models import User
from config.entities import UserId


class ExportList(APIView):
    """One's own exports."""

    @extend_schema(
        operation_id="exports", summary="List your exports", responses=ExportListSerializer, tags=["accounts"]
    )
    def get(self, request: Request) -> Response:
        """The latest 20, newest first."""
        return Response(ExportListSerializer({"items": export_selectors.exports_of_user(_me(request))}).data)

    @extend_schema(
        operation_id="export_create",
        summary="Ask for a copy of your data",
        request=None,
        responses={202: ExportSerializer},
        tags=["accounts"],
    )
    def post(self, request: Request) -> Response:
        """Made in the background: ask for it again until `state` is `ready`. At most one a day; while one is being made, it is the answer.

        Raises: ExportTooSoon.
        """
        export = export_services.export_ask(
            user_id=_me(request),
            language=get_language() or "en",
            page_url=request.build_absolute_uri(reverse("accounts:exports")),
            begin=export_begin,
        )
        return Response(ExportSerializer(export).data, status=status.HTTP_202_ACCEPTED)


class ExportDetail(APIView):
    """One of them."""

    @extend_schema(
        operation_id="export",
        summary="See how far an export is",
        responses=ExportSerializer,
        tags=["accounts"],
    )
    def get(self, request: Request, export_id: int) -> Response:
        """Raises: ExportNotFound."""
        return Response(ExportSerializer(export_selectors.export_of_user(_me(request), export_id)).data)

    @extend_schema(
        operation_id="export_delete",
        summary="Remove an export, or stop it",
        request=None,
        responses={204: OpenApiResponse(description="Its file is gone; it is listed as expired.")},
        tags=["accounts"],
    )
    def delete(self, request: Request, export_id: int) -> Response:
        """Idempotent: by the export. Raises: ExportNotFound."""
        export_services.export_delete(user_id=_me(request), export_id=export_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportRetry(APIView):
    """One that failed, once more."""

    @extend_schema(
        operation_id="export_retry",
        summary="Go on with an export that failed",
        request=None,
        responses={202: ExportSerializer},
        tags=["accounts"],
    )
    def post(self, request: Request, export_id: int) -> Response:
        """From where it stopped; of one that has not failed nothing changes.

        Raises: ExportNotFound.
        """
        export = export_services.export_retry(user_id=_me(request), export_id=export_id, begin=export_begin)
        return Response(ExportSerializer(export).data, status=status.HTTP_202_ACCEPTED)


class ZipRenderer(JSONRenderer):
    """Lets clients ask for a zip; the file is streamed past it, and what refuses is problem details as ever."""

    media_type = "application/zip"
    format = "zip"


class ExportDownload(APIView):
    """The file of one of them."""

    renderer_classes = (JSONRenderer, ZipRenderer)

    @extend_schema(
        operation_id="export_download",
        summary="Download an export",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
        tags=["accounts"],
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """A zip of JSON, pictures and pages to look at, until it expires.

        Raises: ExportNotFound.
        """
        return download_of(_me(request), export_id)


def _me(request: Request) -> UserId:
    return UserId(cast("User", request.user).pk)
