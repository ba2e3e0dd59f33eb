"""Texts and times of posts and comments in pages."""

from datetime import UTC, datetime

from django import template
from django.utils.safestring import SafeString

from config.images import blur_data_uri
from posts.comment_entities import Comment
from posts.entities import Post
from posts.text.html import html_of
from posts.text.parse import facets_of

register = template.Library()


@register.filter
def rich_text(written: Post | Comment | str) -> SafeString:
    """What was written as HTML with its links; put it where white space is kept (`.post-text`).

    A plain string, such as a profile's bio, is read here and now.
    """
    if isinstance(written, str):
        return html_of(written, facets_of(written))
    return html_of(written.text, written.shown_facets)


@register.filter
def from_ms(time_ms: int) -> datetime:
    """Milliseconds since 1970 as a moment that templates can write."""
    return datetime.fromtimestamp(time_ms / 1000, UTC)


@register.filter
def blurred(blurhash_text: str) -> str:
    """A blurhash as the `data:` address of a small picture."""
    return blur_data_uri(blurhash_text)
