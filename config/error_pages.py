"""Errors outside the API's views: a page for a browser, a toast for htmx, problem details for /api/.

One template a status, `errors/<status>.html`, else `errors/error.html`. From 500 on, and for requests that are too broken
to be trusted, the page is rendered without the request: its context processors would ask the session and the database,
which may be what failed.
"""

import math
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.errors import AppError
from config.logs import current_request_id
from config.problems import problem_response

RETARGET = "#toasts"  # where components/toast.html lives in base.html


def refusal(request: HttpRequest, error: AppError) -> HttpResponse:
    """The answer to what a room refused."""
    return error_response(
        request,
        error.http_status,
        str(error),
        code=error.code,
        retry_after_seconds=error.data.get("retry_after_seconds"),
    )


def error_response(
    request: HttpRequest,
    status: int,
    message: str,
    *,
    code: str = "",
    retry_after_seconds: float | None = None,
) -> HttpResponse:
    """The answer in the form that the asker reads."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        members = {} if retry_after_seconds is None else {"retry_after_seconds": retry_after_seconds}
        response = problem_response(request, status=status, detail=message, code=code, **members)
    elif _asks_for_a_piece(request):
        toast = render_to_string("components/toast.html", {"message": message, "level": "error"})
        # Asked for a piece of a page, the error must not land in that piece's place.
        headers = {"HX-Retarget": RETARGET, "HX-Reswap": "beforeend"}
        response = HttpResponse(toast, status=status, headers=headers)
    else:
        response = HttpResponse(_page(request, status, message), status=status)
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(math.ceil(retry_after_seconds))
    return response


def _asks_for_a_piece(request: HttpRequest) -> bool:
    """By the headers alone: this may run before htmx' middleware has."""
    whole_page = "HX-Boosted" in request.headers or "HX-History-Restore-Request" in request.headers
    return "HX-Request" in request.headers and not whole_page


def _page(request: HttpRequest, status: int, message: str) -> str:
    context = {
        "status": status,
        "phrase": HTTPStatus(status).phrase,
        "message": message,
        "request_id": current_request_id(),
    }
    trusted = request if 400 < status < 500 else None
    return render_to_string([f"errors/{status}.html", "errors/error.html"], context, trusted)


# --- Named in urls.py and settings.py, called by Django and allauth -----------------------------------------------------
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler400: a request that Django would not look at any further."""
    return error_response(request, 400, _("We could not read that request."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler403."""
    return error_response(request, 403, _("You are not allowed to do that."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler404."""
    return error_response(request, 404, _("We could not find that."))


def too_fast(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """handler429: allauth's limits of sign-in, sign-up and mail."""
    return error_response(request, 429, _("That was a little fast. Wait a moment and try again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: nobody foresaw it. Django has logged the traceback."""
    return error_response(request, 500, _("Something went wrong on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form is older than the session, or did not come from us."""
    message = _("This page was open for too long. Load it again and retry; nothing was changed.")
    return error_response(request, 403, message, code="csrf_failed")
