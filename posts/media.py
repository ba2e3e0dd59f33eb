"""Stored pictures over HTTP: where no web server or CDN stands in front, Django hands them out itself.

A name is made of 96 or more random bits by the server and its content never changes, so it may be kept for ever.
TODO(issue 4): whoever knows the name may fetch it; what is not for everyone gets signed, expiring addresses that ask
`posts.visibility`.
"""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

# The only names that are ever written: nothing else in the storage can be asked for, and no path can climb.
_NAME = re.compile(r"(?:photos|avatars|previews)/[0-9a-f]{2}/[0-9a-f]{16,64}/[0-9]{2,5}\.webp")
_YEAR_SECONDS = 31_536_000


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:  # noqa: ARG001  # Django's signature of a view
    """One rendition, always as image/webp."""
    if not _NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
