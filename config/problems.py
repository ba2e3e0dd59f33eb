"""RFC 9457 problem details: the one shape of every error that a program gets from us.

Shape: {"type", "title", "status", "detail", "code", "instance", "request_id"} and, for refused values, "errors" by
field; "retry_after_seconds" where waiting helps; "departure" of an account that its owner has left. `code` is stable and for programs, `title` and `detail` are for people.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from config.errors import AppError
from config.logs import current_request_id

CONTENT_TYPE = "application/problem+json"
CODES = {
    400: "malformed",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_fast",
    503: "unavailable",
}


def problem(*, status: int, detail: str, path: str, code: str = "", **members: Any) -> dict[str, Any]:
    """One problem as plain values."""
    code = code or CODES.get(status, "error")
    return {
        "type": f"urn:roost:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
        "request_id": current_request_id(),
        **members,
    }


def problem_of(error: AppError, path: str) -> dict[str, Any]:
    """What a room refused, as a problem. Only those of its facts that a client can act on are shown."""
    for_clients = ("errors", "retry_after_seconds", "departure", "commenting", "version")
    shown = {name: error.data[name] for name in for_clients if name in error.data}
    return problem(status=error.http_status, detail=str(error), path=path, code=error.code, **shown)


def problem_response(request: HttpRequest, *, status: int, detail: str, **members: Any) -> JsonResponse:
    """For addresses under /api/ that never reached a view of Django REST framework."""
    body = problem(status=status, detail=detail, path=request.path, **members)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
