"""How large a request may be, judged by its header before anything reads its body.

Django reads no body whose length was not announced; rather than take it for an empty one, such a request is refused.
A view that reads pieces by itself (`application/offset+octet-stream`) counts what comes, announced or not.
"""

from collections.abc import Callable
from typing import IO, Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from config.error_pages import refusal
from config.errors import AppError

PIECE_TYPE: Final = "application/offset+octet-stream"


class LengthMissing(AppError):
    """A body came in chunks, without its length."""

    code = "length_missing"
    http_status = 411
    default_message = _("Say how long the request is: it came without its length.")


class BodyTooLarge(AppError):
    """More bytes than are taken; `data["limit"]` says how many."""

    code = "too_large"
    http_status = 413
    default_message = _("This is too large to upload at once.")


class BodyLimitMiddleware:
    """Refuses what is too large before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length) > settings.BODY_MAX_BYTES:
            return refusal(request, BodyTooLarge(limit=settings.BODY_MAX_BYTES))
        is_chunked = not length and "HTTP_TRANSFER_ENCODING" in request.META
        if is_chunked and request.content_type != PIECE_TYPE:
            return refusal(request, LengthMissing())
        return self.get_response(request)


def body_of(request: HttpRequest) -> IO[bytes]:
    """The body as it comes; of a chunked one the server's own stream, if it knows where that ends."""
    meta: dict[str, Any] = request.META
    if not meta.get("CONTENT_LENGTH") and meta.get("wsgi.input_terminated"):
        return cast("IO[bytes]", meta["wsgi.input"])
    return cast("IO[bytes]", request)
