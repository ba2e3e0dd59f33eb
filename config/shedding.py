"""Around every request: how long it may wait for DynamoDB, and whether it is to begin at all while too many wait already.

    a round of reads waits for DynamoDB     pages are turned away
    a page waited LATE_SECONDS for a thread it is turned away: who asked has given up, or will have by the time it is made

Turned away are reads only, at the door, before they cost anything; who writes is let in. What supervisors, load balancers
and Prometheus ask, and what needs no database, is never turned away.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponse

from config.dynamodb.admission import admission, page_began
from config.dynamodb.errors import Overloaded
from config.error_pages import refusal
from config.metrics import DYNAMODB_SHED

LET_IN: Final = ("/healthz", "/readyz", "/metrics", "/static/", "/media/", "/admin/")
READS: Final = frozenset({"GET", "HEAD"})
LATE_SECONDS: Final = 3.0

# When the server took the request in hand, in monotonic seconds; set by a server that has a queue (`deploy.gunicorn_worker`).
asked_at: ContextVar[float | None] = ContextVar("asked_at", default=None)


class SheddingMiddleware:
    """Inside of what gives a request its id and its line in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = time.monotonic()
        late = (asked_at.get() or now) < now - LATE_SECONDS
        if (late or admission().is_full) and request.method in READS and not request.path.startswith(LET_IN):
            DYNAMODB_SHED.labels("late" if late else "page").inc()
            return refusal(request, Overloaded())
        token = page_began.set(now)
        try:
            return self.get_response(request)
        finally:
            page_began.reset(token)
