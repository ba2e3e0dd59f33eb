"""The last word on who may keep an answer. Outside of all that sets cookies, so that it sees them.

a view said nothing                             private, no-cache, unless it said something stricter
it said "public" but did not opt in             private, no-cache
opted in, but a cookie is set, or who asks      the same, or what the view itself wrote for private answers
  has a session, messages or a token
opted in                                        public, with an ETag; told to an edge that asks once it is noted

Static files are left to whitenoise, which knows which of their names carry a hash.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final, cast

import redis
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from django.utils.cache import get_conditional_response, patch_vary_headers

from config import stamps
from config.edge.asking import PAGE_HEADER, VERSION_HEADER
from config.edge.opting import FILE_MARK, PAGE_MARK, PRIVATE, file_policy, page_policy
from config.edge.versions import KIND, Shown, refuse, remember
from config.metrics import CACHE_FAIL_OPEN

VARY: Final = (
    "Cookie",
    "Authorization",
    "HX-Request",
    "HX-Boosted",
    "HX-History-Restore-Request",
    "Accept-Language",
)
_OPEN: Final = ("public", "s-maxage")
# Looked up as WSGI names them: `request.headers` would be made of all headers of each request.
_PAGE_META, _VERSION_META = HttpHeaders.to_wsgi_name(PAGE_HEADER), HttpHeaders.to_wsgi_name(VERSION_HEADER)
_MESSAGES_COOKIE: Final = "messages"

logger = structlog.get_logger()


class CachingMiddleware:
    """Judges every answer, and notes for edges that ask what it shows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page, version = request.META.get(_PAGE_META, ""), request.META.get(_VERSION_META, "")
        if not (page and version):
            return self._judged(request, self.get_response(request), asks=False)
        shown = Shown()
        with stamps.watching(shown):
            response = self._judged(request, self.get_response(request), asks=True)
        is_public = response.headers["Cache-Control"].startswith("public")
        try:
            if is_public:
                remember(page, version, shown.names)
            elif response.status_code < 500:  # while we fail, the edge gives out what it keeps
                refuse(page)
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("remember", KIND).inc()
            response.headers["Cache-Control"] = PRIVATE
        return response

    def _judged(self, request: HttpRequest, response: HttpResponse, *, asks: bool) -> HttpResponse:
        browser_seconds, file_seconds = response.headers.get(PAGE_MARK), response.headers.get(FILE_MARK)
        del response.headers[PAGE_MARK], response.headers[FILE_MARK]
        if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            return response
        told = response.headers.get("Cache-Control", "")
        is_marked = browser_seconds is not None or file_seconds is not None
        if is_marked and not _may_be_kept(request, response):
            browser_seconds = file_seconds = None
        if file_seconds is not None:
            response.headers["Cache-Control"] = file_policy(int(file_seconds))
        elif browser_seconds is not None and settings.SHARED_SECONDS:
            return _public(request, response, page_policy(int(browser_seconds), asks=asks))
        elif not told:
            response.headers["Cache-Control"] = PRIVATE
        elif any(word in told for word in _OPEN):
            logger.warning("kept_without_leave", path=request.path, told=told)
            response.headers["Cache-Control"] = PRIVATE
        return response


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Nobody who is anybody has asked, and nobody is given anything to keep for themselves."""
    is_read = request.method in {"GET", "HEAD"} and response.status_code in {200, 304}
    is_somebody = (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or _MESSAGES_COOKIE in request.COOKIES
        or "HTTP_AUTHORIZATION" in request.META
    )
    return is_read and not is_somebody and not response.cookies


def _public(request: HttpRequest, response: HttpResponse, policy: str) -> HttpResponse:
    response.headers["Cache-Control"] = policy
    patch_vary_headers(response, VARY)
    if response.streaming or response.status_code != 200:
        return response
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return cast("HttpResponse", answer)
