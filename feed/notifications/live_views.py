"""The stream that open windows listen to."""

import re
from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from config.closing import is_closing
from config.pages import viewer_of
from feed.notifications.streams import COME_BACK, EventStream, Stamps

_EVENT_ID: Final = re.compile(r"(\d{1,19})-(\d{1,19})")


@require_GET
def live(request: HttpRequest) -> HttpResponseBase:
    """Events for who is signed in. 204, by which a browser stops asking, where nobody is, or no place is free.

    A process that is about to end answers by a stream that has ended: the browser comes back, to another one.
    """
    viewer_id = viewer_of(request)
    if viewer_id is None:
        return HttpResponse(status=204)
    stream: Iterable[bytes] | None
    stream = [COME_BACK] if is_closing() else EventStream.opened(viewer_id, _seen(request))
    if stream is None:
        return HttpResponse(status=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # a proxy may not hold events back
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


def _seen(request: HttpRequest) -> Stamps | None:
    """What a window that comes back was told last."""
    found = _EVENT_ID.fullmatch(request.headers.get("Last-Event-ID", ""))
    return (int(found[1]), int(found[2])) if found else None
