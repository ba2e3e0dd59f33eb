"""The whole page of home as bytes, with slots for what is of one request alone: the token of its forms, the key of a post.

Kept with the first page (`feed.first_pages`); what is around the cards is of the reader's account, of a language and a theme.
"""

import re
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from posts.forms import new_key

TOKEN_SLOT: Final = b"\x00token\x00"
KEY_SLOT: Final = b"\x00key\x00"
THEMES: Final = ("dark", "light")
KEPT_MS: Final = 60_000
"""It says how long ago posts were made."""
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


def form_of(request: HttpRequest) -> str:
    """In which form a page is kept for this request."""
    theme = request.COOKIES.get("theme", "")
    return f"html.{theme if theme in THEMES else ''}.{get_language()}"


def with_slots(page: bytes, key: str) -> bytes | None:
    """A page that was made for one request, ready for others; None of one that is not as it should be."""
    found = _TOKEN.search(page)
    if found is None or not key or b"\x00" in page:
        return None
    return page.replace(found[1], TOKEN_SLOT).replace(key.encode(), KEY_SLOT)


def filled(page: bytes, request: HttpRequest) -> bytes:
    """The page for this request."""
    return page.replace(TOKEN_SLOT, get_token(request).encode()).replace(KEY_SLOT, new_key().encode())
