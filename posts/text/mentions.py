"""Mentions: `@` and a handle of `accounts.handles`, where neither mail nor another network's address is meant.

- Not after a word of a script with spaces or one of `_ ! # $ % & * / @`: `ana@example.org` and `a/@b` are none; scripts without spaces
  may touch it on both sides, and `RT@ana` was always one.
- Not before a word of a script with spaces (`@anaé`), another `@` (`@ana@example.org`) or `://`.
- A run of letters longer than a handle may be is no handle; nothing of it is taken.
Source: https://github.com/twitter/twitter-text (the rules, told anew), with handles that may hold single dots.
"""

from collections.abc import Iterator

import regex

from accounts.handles import MAX_LENGTH, MIN_LENGTH, PATTERN
from posts.text.domains import registrable
from posts.text.facets import Facet, FacetKind
from posts.text.scripts import AT, SPACED_WORD

_BEFORE = rf"(?<![_!#$%\&*/＃{AT}]|{SPACED_WORD}|\w[-+])"
_AFTER_RT = r"(?<=(?<![\w+~.-])[rR][tT]:?)"
_MENTION = regex.compile(
    rf"(?:{_BEFORE}|{_AFTER_RT})[{AT}](?P<handle>[A-Za-z0-9_]++(?:\.[A-Za-z0-9_]++)*+)"
    rf"(?!{SPACED_WORD}|[{AT}]|://)",
    regex.V1,
)


def find_mentions(text: str) -> Iterator[Facet]:
    """Every mention, in order, whether or not somebody has the handle."""
    if not any(sign in text for sign in AT):
        return
    for found in _MENTION.finditer(text):
        handle = found["handle"].lower()
        if not MIN_LENGTH <= len(handle) <= MAX_LENGTH or not PATTERN.fullmatch(handle):
            continue
        touches_word = found.start() and text[found.start() - 1].isalnum()
        if touches_word and "." in handle and registrable(handle):
            continue  # 写真@example.org is somebody's mail
        yield Facet(FacetKind.MENTION, found.start(), found.end(), handle)
