"""Texts and times of posts and comments in pages."""

from datetime import UTC, datetime

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
def iso(moment: datetime) -> str:
    """For programs: `date:"c"` at a tenth of its price."""
    return localtime(moment).isoformat()


@register.filter
def ago(moment: datetime, present: datetime | None = None) -> str:
    """How long ago in a few letters, after a week the date; what stands beside it says the whole as its title."""
    present = present or now()
    minutes = int((present - moment).total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    if minutes < 7 * 24 * 60:
        return _("%(days)d d") % {"days": minutes // (24 * 60)}
    day, today = localtime(moment), localtime(present)
    if day.year == today.year:
        return date_format(day, pgettext("a date of this year", "j M"))
    return date_format(day, pgettext("a date of another year", "j M Y"))


@register.filter
def blurred(blurhash_text: str) -> str:
    """A blurhash as the `data:` address of a small picture."""
    return blur_data_uri(blurhash_text)
