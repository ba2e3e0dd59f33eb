"""Media under /api/v1/media/: uploaded whole or straight to a bucket, described, discarded. In pieces: `tus.py`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.pages import signed_in_id
from config.rates import limited
from posts.entities import MediumId
from posts.media import services, uploads
from posts.media.serializers import (
    DirectFormSerializer,
    DirectUploadSerializer,
    MediumChangeSerializer,
    MediumCreateSerializer,
    MediumSerializer,
    medium_fields,
)


class MediaView(APIView):
    """Uploading."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="media_create",
        request={"multipart/form-data": MediumCreateSerializer},
        responses={201: MediumSerializer},
    )
    @limited("upload")
    def post(self, request: Request) -> Response:
        """Upload a picture ahead of its post. It is kept for a day; a post takes it by `media_ids`."""
        content = _validated(MediumCreateSerializer, request)
        file = content["file"]
        medium = services.medium_store(
            owner_id=signed_in_id(request), file=file, alt=content["alt"], declared=file.content_type or ""
        )
        return Response(medium_fields(medium), status=status.HTTP_201_CREATED)


class MediumView(APIView):
    """One medium of one's own."""

    @extend_schema(operation_id="media_retrieve", responses=MediumSerializer)
    def get(self, request: Request, medium_id: int) -> Response:
        """Ask how far it is."""
        return Response(medium_fields(services.medium_own(signed_in_id(request), MediumId(medium_id))))

    @extend_schema(operation_id="media_describe", request=MediumChangeSerializer, responses=MediumSerializer)
    def patch(self, request: Request, medium_id: int) -> Response:
        """Say what it shows, until a post has it."""
        alt = _validated(MediumChangeSerializer, request)["alt"]
        medium = services.medium_describe(
            owner_id=signed_in_id(request), medium_id=MediumId(medium_id), alt=alt
        )
        return Response(medium_fields(medium))

    @extend_schema(operation_id="media_discard", responses={204: None})
    def delete(self, request: Request, medium_id: int) -> Response:
        """Discard it, unless a post has it."""
        services.medium_discard(owner_id=signed_in_id(request), medium_id=MediumId(medium_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DirectUploadsView(APIView):
    """Uploading straight to the bucket, where photos are kept in one."""

    @extend_schema(
        operation_id="media_direct_begin",
        request=DirectUploadSerializer,
        responses={201: DirectFormSerializer},
    )
    @limited("upload")
    def post(self, request: Request) -> Response:
        """Get a form for the bucket. Post the file with it, then say so at /media/direct/<id>/."""
        content = _validated(DirectUploadSerializer, request)
        medium, form = uploads.upload_address(
            owner_id=signed_in_id(request),
            length=content["length"],
            alt=content["alt"],
            declared=content["type"],
        )
        return Response({"medium": medium_fields(medium), **form}, status=status.HTTP_201_CREATED)


class DirectUploadView(APIView):
    """One upload that went to the bucket."""

    @extend_schema(operation_id="media_direct_end", request=None, responses=MediumSerializer)
    def post(self, request: Request, medium_id: int) -> Response:
        """Have it checked. Repeating it is harmless."""
        medium = uploads.upload_fetch(owner_id=signed_in_id(request), medium_id=MediumId(medium_id))
        return Response(medium_fields(medium))


def _validated(serializer_class: type[Any], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
