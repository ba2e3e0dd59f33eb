"""Where an edge asks whether a page still stands. Before everything else of a request: it is asked for each of them.

GET /-/edge/                        204, X-Edge-Version: the version under which it may keep the page and give it out
X-Edge-Page: <the page, by any text that is another one for each page that differs>
                                    204 without it: it must not keep it

Cost: see `versions.version_of`. It tells nothing but that something public has changed.
"""

from collections.abc import Callable
from typing import Final

import redis
from django.http import HttpRequest, HttpResponse

from config.edge.versions import KIND, version_of
from config.metrics import CACHE_FAIL_OPEN

PATH: Final = "/-/edge/"
PAGE_HEADER: Final = "X-Edge-Page"
VERSION_HEADER: Final = "X-Edge-Version"


class AskingMiddleware:
    """Answers edges; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        response = HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        page = request.headers.get(PAGE_HEADER, "")
        try:
            version = version_of(page) if page else ""
        except redis.RedisError:
            CACHE_FAIL_OPEN.labels("version", KIND).inc()
            version = ""
        if version:
            response.headers[VERSION_HEADER] = version
        return response
