"""Around every request: its id and its one log line, headers that browsers obey, refusals as pages."""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from prometheus_client import Counter, Histogram

from config.error_pages import refusal
from config.errors import AppError
from config.logs import REQUEST_ID, accepted_request_id, bind, unbind
from config.metrics import HTTP_REQUESTS, HTTP_SECONDS

REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID_META: Final = HttpHeaders.to_wsgi_name(REQUEST_ID_HEADER)
QUIET_PREFIXES = ("/static/", "/healthz", "/readyz", "/metrics")

# Features that no page of ours uses, refused to anything that might find its way into one.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = structlog.get_logger()


@cache
def _numbers_of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Those of these labels, of which there are as many here as in the metrics."""
    return HTTP_REQUESTS.labels(method, route, status), HTTP_SECONDS.labels(method, route)


class RequestIdMiddleware:
    """Gives the request an id, and writes one line when it is answered. First of all, so that nothing escapes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # `request.headers` would be made of all of them, for this one.
        request_id = accepted_request_id(request.META.get(_REQUEST_ID_META))
        started = time.perf_counter()
        # A worker thread serves one request after another: nothing of the last one may stay bound.
        token = bind({REQUEST_ID: request_id}, alone=True)
        try:
            response = self.get_response(request)
            self._account(request, response, time.perf_counter() - started)
        finally:
            unbind(token)
        response.headers[REQUEST_ID_HEADER] = request_id
        return response

    @staticmethod
    def _account(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "unmatched"
        method = request.method or ""
        count, time_taken = _numbers_of(method, route, response.status_code)
        count.inc()
        time_taken.observe(seconds)
        failed, quiet = response.status_code >= 500, request.path.startswith(QUIET_PREFIXES)
        logger.log(
            logging.WARNING if failed else logging.DEBUG if quiet else logging.INFO,
            "request",
            method=method,
            path=request.path,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
        )


class SecurityHeadersMiddleware:
    """The headers that Django's own middleware leaves out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class AppErrorMiddleware:
    """What a page's view or service refused, as a page or a toast. The API answers for itself in `config.drf`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django's hook for what a view raised; None leaves it to Django."""
        if not isinstance(exception, AppError):
            return None
        if exception.http_status >= 500:
            logger.warning("engine_failed_request", code=exception.code, exc_info=exception)
        return refusal(request, exception)
