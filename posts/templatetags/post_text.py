"""Text of posts and comments in pages: escaped always, line breaks kept by CSS, mentions and addresses as links.

Safe by construction: the text is cut into pieces, every piece is escaped by `format_html`, and nothing that a person
wrote is ever marked safe.
TODO(issue 4): hashtags, and the full rules of mentions and addresses.
"""

import re
from datetime import UTC, datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_LINKS = re.compile(
    r"(?P<url>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}…。、])"
    r"|(?<![\w@./-])@(?P<handle>[A-Za-z0-9_](?:[A-Za-z0-9_]|\.(?=[A-Za-z0-9_])){0,28}[A-Za-z0-9_])(?![\w@])"
)
SHOWN_OF_URL = 48


@register.filter
def post_text(text: str) -> SafeString:
    """The text as HTML; put it where white space is kept (`.post-text`)."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text)))


def _pieces(text: str) -> list[str]:
    pieces, at = [], 0
    for found in _LINKS.finditer(text):
        pieces += [text[at : found.start()], _link(found)]
        at = found.end()
    return [*pieces, text[at:]]


def _link(found: re.Match[str]) -> SafeString:
    if url := found["url"]:
        shown = url.partition("://")[2]
        shown = shown if len(shown) <= SHOWN_OF_URL else shown[: SHOWN_OF_URL - 1] + "…"
        return format_html('<a href="{}" rel="nofollow noopener ugc">{}</a>', url, shown)
    # The address of a profile is a promise of the site, and the room that serves it stands to the left of this one.
    return format_html('<a class="mention" href="/@{}/">@{}</a>', found["handle"].lower(), found["handle"])


@register.filter
def from_ms(time_ms: int) -> datetime:
    """Milliseconds since 1970 as a moment that templates can write."""
    return datetime.fromtimestamp(time_ms / 1000, UTC)
