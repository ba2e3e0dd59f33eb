"""Resumable uploads under /api/v1/media/uploads/: tus 1.0.0, core with creation and termination.

Source: https://tus.io/protocols/resumable-upload

    POST     Upload-Length: 12345, Upload-Metadata: filetype <base64>,alt <base64>     201, Location
    PATCH    Upload-Offset: 0, application/offset+octet-stream                         204, Upload-Offset: 5000
    HEAD     after a broken connection                                                 200, Upload-Offset: 5000
"""

import base64
import binascii
import re
import unicodedata
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.bodies import PIECE_TYPE, body_of
from config.drf import problem_details
from config.errors import AppError, Invalid
from config.pages import signed_in_id
from config.rates import limited
from posts.entities import MediumId
from posts.media import services, uploads
from posts.media.errors import NameRefused

VERSION: Final = "1.0.0"
_NUMBER: Final = re.compile(r"\d{1,15}")
_PATH: Final = frozenset('/\\:*?"<>|')


def _header(name: str, text: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=required, description=text
    )


_VERSION: Final = _header("Tus-Resumable", "1.0.0")


class VersionUnknown(AppError):
    """Another version of the protocol, or none said."""

    code = "tus_version"
    http_status = 412
    default_message = "Tus-Resumable: 1.0.0 is what is spoken here."


class PieceTypeWrong(AppError):
    """A piece has to say that it is one."""

    code = "unsupported_media_type"
    http_status = 415
    default_message = f"Send pieces as {PIECE_TYPE}."


class _TusView(APIView):
    """Headers that every answer has, refusals too."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise VersionUnknown

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def get_exception_handler(self) -> Any:
        return problem_details

    @extend_schema(exclude=True)
    def options(self, request: Any, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002
        """What is spoken here."""
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,termination",
            "Tus-Max-Size": str(settings.PHOTO_MAX_BYTES),
        }
        return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)


class UploadsView(_TusView):
    """Announcing uploads."""

    @extend_schema(
        operation_id="media_uploads_create",
        request=None,
        responses={201: None},
        parameters=[
            _VERSION,
            _header("Upload-Length", "Bytes of the whole file."),
            _header("Upload-Metadata", "tus' pairs; read are filename, filetype and alt.", required=False),
        ],
    )
    @limited("upload")
    def post(self, request: Request) -> Response:
        """Announce an upload (tus 1.0.0); its id is the medium's. It is kept for a day after its last piece."""
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        _require_name(told.get("filename", ""))
        medium = uploads.upload_begin(
            owner_id=signed_in_id(request),
            length=_number(request, "Upload-Length"),
            alt=told.get("alt", ""),
            declared=told.get("filetype", ""),
        )
        headers = {"Location": reverse("media_upload", args=[medium.id]), "Upload-Offset": "0"}
        return Response(status=status.HTTP_201_CREATED, headers=headers)


class UploadView(_TusView):
    """One upload that is going on."""

    @extend_schema(
        operation_id="media_uploads_offset", responses={200: None}, parameters=[_VERSION], methods=["HEAD"]
    )
    def head(self, request: Request, medium_id: int) -> Response:
        """Ask from where on it goes."""
        medium = uploads.upload_own(signed_in_id(request), MediumId(medium_id))
        offset = medium.size if medium.look else medium.offset
        return Response(headers={"Upload-Offset": str(offset), "Upload-Length": str(medium.size)})

    @extend_schema(
        operation_id="media_uploads_append",
        request={PIECE_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
        parameters=[_VERSION, _header("Upload-Offset", "The byte that the piece begins with.")],
    )
    def patch(self, request: Request, medium_id: int) -> Response:
        """Send the next piece. The answer to the last one says whether the picture is taken."""
        if request.content_type != PIECE_TYPE:
            raise PieceTypeWrong
        medium = uploads.upload_append(
            owner_id=signed_in_id(request),
            medium_id=MediumId(medium_id),
            offset=_number(request, "Upload-Offset"),
            body=body_of(request._request),  # noqa: SLF001  # the body itself: nothing may parse it
        )
        offset = medium.size if medium.look else medium.offset
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Upload-Offset": str(offset)})

    @extend_schema(operation_id="media_uploads_stop", responses={204: None}, parameters=[_VERSION])
    def delete(self, request: Request, medium_id: int) -> Response:
        """Give it up."""
        services.medium_discard(owner_id=signed_in_id(request), medium_id=MediumId(medium_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _number(request: Request, name: str) -> int:
    """Raises: Invalid."""
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise Invalid(errors={name: ["A number of bytes."]})
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    """Raises: Invalid."""
    pairs = [pair.strip().partition(" ") for pair in text.split(",") if pair.strip()]
    try:
        return {name: base64.b64decode(value, validate=True).decode() for name, _space, value in pairs}
    except (binascii.Error, UnicodeDecodeError) as broken:
        raise Invalid(errors={"Upload-Metadata": ["Names and values in Base64."]}) from broken


def _require_name(name: str) -> None:
    """No name of theirs is ever used; one that could only be meant to deceive is refused all the same.

    Raises: NameRefused.
    """
    if (
        _PATH & set(name)
        or ".." in name
        or any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in name)
    ):
        raise NameRefused
