"""Pieces of pages that differ from card to card in some words alone: rendered once a kind, then filled in for each.

    {% printed "posts/_menu.html" post_id=post.id handle=author.handle muted=card.muted %}

A number or a text is a blank of the piece; what is a yes, a no or nothing (0 and "" are) makes another kind of it. So a
piece may ask whether there is a blank, and not which. It sees `request.user.is_authenticated`, `request.get_full_path` and
the token of its forms, and nothing else of the page. A text is escaped as it is filled in: in an address of the piece it
stands only as a whole; a number may be a part of one.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from django import template
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

KINDS_KEPT: Final = 1_024
TOKEN: Final = "csrf_token"  # noqa: S105  # a name
PATH: Final = "get_full_path"
NUMBER, TEXT = "number", "text"
Kind = tuple[str, bool | str | None]
"""A name of a value, and what it is: which blank, or yes, or nothing."""


@register.simple_tag(takes_context=True)
def printed(context: Context, piece: str, **values: Any) -> SafeString:
    """The piece with these values, as `include` would give it with nothing else."""
    request = context["request"]
    kinds: tuple[Kind, ...] = tuple((name, _kind(value)) for name, value in values.items())
    parts = _parts(piece, get_language(), kinds, is_signed_in=request.user.is_authenticated)
    filled: dict[str, str] = {}
    for name in parts[1::2]:
        if name not in filled:
            filled[name] = _word(name, values, context)
    return mark_safe("".join(filled[part] if at % 2 else part for at, part in enumerate(parts)))  # noqa: S308  # the piece has been escaped, and so is each word


def _kind(value: Any) -> bool | str | None:
    if isinstance(value, bool) or not value:
        return value or None  # no, nothing, 0 and "" are one kind
    if isinstance(value, int):
        return NUMBER
    if isinstance(value, str):
        return TEXT
    message = f"{value!r} is no number, text or yes and no."
    raise TypeError(message)


def _word(name: str, values: Mapping[str, Any], context: Context) -> str:
    if name == TOKEN:
        return str(context.get(TOKEN) or get_token(context["request"]))
    if name == PATH:
        return escape(context["request"].get_full_path())
    return escape(values[name])


@lru_cache(maxsize=KINDS_KEPT)
def _parts(piece: str, _language: str, kinds: tuple[Kind, ...], *, is_signed_in: bool) -> list[str]:
    """The piece in parts, every second one the name of a blank."""
    blanks = {
        name: _blank(number, kind) for number, (name, kind) in enumerate(kinds) if isinstance(kind, str)
    }
    blanks |= {TOKEN: mark_safe("\x01token\x01"), PATH: mark_safe("\x01path\x01")}
    asked = SimpleNamespace(user=SimpleNamespace(is_authenticated=is_signed_in), get_full_path=blanks[PATH])
    given = dict(kinds) | blanks | {"request": asked}
    text = get_template(piece).template.render(Context(given))  # type: ignore[attr-defined]  # of Django's own engine
    names = {str(blank): name for name, blank in blanks.items()}
    found = re.split(f"({'|'.join(map(re.escape, names))})", text)
    return [names[part] if at % 2 else part for at, part in enumerate(found)]


def _blank(number: int, kind: str) -> SafeString:
    """What stands for it: of a number one that fits into an address."""
    return mark_safe(f"\x01{number}\x01" if kind == TEXT else f"91{number:017}")  # noqa: S308  # our own
