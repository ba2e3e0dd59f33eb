"""`{% url %}` as Django has it, which remembers: each post on a page has half a dozen addresses.

What it says hangs on names and numbers alone: no pattern is translated, and none is added while a process runs.
"""

from functools import lru_cache
from typing import Final

from django import template
from django.conf import settings
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()

REMEMBERED: Final = 8192
"""About three megabytes in a process."""
Place = tuple[str, str, str | None]
"""Which patterns, below which prefix, seen from which namespace."""


class Address(defaulttags.URLNode):
    """One `{% url %}` of a template."""

    def render(self, context: Context) -> SafeString | str:
        """The address, or nothing where it is kept in a variable."""
        args = tuple(arg.resolve(context) for arg in self.args)
        named = tuple((name, value.resolve(context)) for name, value in self.kwargs.items())
        if not all(
            type(value) in {int, str, SafeString} for value in (*args, *(value for _, value in named))
        ):
            return super().render(context)
        place = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), _namespace(context)
        try:
            plain, escaped = _address(place, self.view_name.resolve(context), args, named)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            plain = escaped = SafeString("")
        if self.asvar:
            context[self.asvar] = plain
            return ""
        return escaped if context.autoescape else plain


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """As Django's."""
    node = defaulttags.url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


@lru_cache(maxsize=REMEMBERED)
def _address(
    place: Place, name: str, args: tuple[object, ...], named: tuple[tuple[str, object], ...]
) -> tuple[str, SafeString]:
    patterns, _prefix, namespace = place
    plain = reverse(name, patterns, args, dict(named), namespace)
    return plain, conditional_escape(plain)


def _namespace(context: Context) -> str | None:
    request = getattr(context, "request", None)
    found = getattr(request, "current_app", None)
    if found is None:
        found = getattr(getattr(request, "resolver_match", None), "namespace", None)
    return found
