"""One rule as something that texts and hosts are held against. Nothing here takes more than linear time.

Patterns run in RE2, which never backtracks: a pattern that takes for ever can't be written in it. Words and domains are
plain lists. What can't be compiled is refused where it is entered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import re2
import regex
from django.utils.translation import gettext as _

from config.errors import Invalid
from posts.moderation.content import Content
from posts.moderation.scanners.folding import folded, unleeted
from posts.text.domains import ascii_host

ENTRIES_AT_MOST: Final = 2_000
ENTRY_CHARACTERS_AT_MOST: Final = 500
PATTERN_MEMORY_BYTES: Final = 8 << 20
# Scripts that write no spaces between words: there a word is found inside of others.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_IN_WORD = r"\pL\pN\pM_"


class RuleKind(StrEnum):
    """What the entries of a rule are."""

    WORDS = "words"
    LINKS = "links"
    PATTERNS = "patterns"


@dataclass(frozen=True, slots=True)
class Matcher:
    """A rule ready to be held against contents."""

    matches: Callable[[Content], bool]


class RuleInvalid(Invalid):
    """An entry of a rule can't be used. `data["entry"]` says which."""

    code = "rule_invalid"


@lru_cache(maxsize=1024)
def matcher_of(kind: RuleKind, entries: tuple[str, ...], *, leetspeak: bool = False) -> Matcher:
    """Compiled once a process.

    Raises: RuleInvalid.
    """
    _require_bounded(entries)
    match kind:
        case RuleKind.WORDS:
            return _words(entries, leetspeak=leetspeak)
        case RuleKind.LINKS:
            return _links(entries)
        case RuleKind.PATTERNS:
            return _patterns(entries)


def _require_bounded(entries: tuple[str, ...]) -> None:
    if not entries:
        raise RuleInvalid(_("Enter at least one line."))
    if len(entries) > ENTRIES_AT_MOST:
        raise RuleInvalid(_("At most %(most)d lines.") % {"most": ENTRIES_AT_MOST})
    for entry in entries:
        if len(entry) > ENTRY_CHARACTERS_AT_MOST:
            raise _refused(
                entry[:40], _("it is longer than %(most)d characters") % {"most": ENTRY_CHARACTERS_AT_MOST}
            )


def _words(entries: tuple[str, ...], *, leetspeak: bool) -> Matcher:
    words = dict.fromkeys(" ".join(folded(entry).split()) for entry in entries)
    if "" in words:
        raise RuleInvalid(_("A line has nothing in it that could be looked for."))
    found = _compiled("|".join(_bounded(word) for word in words), "")
    if not leetspeak:
        return Matcher(lambda content: any(found.search(folded(text)) for text in content.texts))
    plain = _compiled("|".join(_bounded(unleeted(word)) for word in words), "")
    return Matcher(
        lambda content: any(
            found.search(text) or plain.search(unleeted(text)) for text in map(folded, content.texts)
        )
    )


def _bounded(word: str) -> str:
    """The word between what is no letter; its spaces are any white space."""
    inner = r"\s+".join(re2.escape(part) for part in word.split(" "))
    before = "" if _UNSPACED.match(word[0]) else rf"(?:^|[^{_IN_WORD}])"
    after = "" if _UNSPACED.match(word[-1]) else rf"(?:$|[^{_IN_WORD}])"
    return f"{before}{inner}{after}"


def _links(entries: tuple[str, ...]) -> Matcher:
    domains = frozenset(_domain(entry) for entry in entries)

    def matches(content: Content) -> bool:
        return any(host in domains or _parents(host) & domains for host in content.hosts)

    return Matcher(matches)


def _domain(entry: str) -> str:
    name = entry.strip().lower().removeprefix("*.").strip(".")
    if not name or any(sign in name for sign in "/:@ ") or "." not in name:
        raise _refused(entry, _("write a domain alone, like example.com"))
    host = ascii_host(name)
    if host is None:
        raise _refused(entry, _("it is no domain"))
    return host


def _parents(host: str) -> set[str]:
    labels = host.split(".")
    return {".".join(labels[n:]) for n in range(1, len(labels))}


def _patterns(entries: tuple[str, ...]) -> Matcher:
    compiled = [_compiled(entry, entry) for entry in entries]
    return Matcher(lambda content: any(one.search(text) for one in compiled for text in content.texts))


def _compiled(pattern: str, entry: str) -> "re2._Regexp":
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY_BYTES
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0]
        why = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise _refused(entry or _("the list"), why) from error


def _refused(entry: str, why: str) -> RuleInvalid:
    message = _("“%(entry)s” can't be used: %(why)s") % {"entry": entry, "why": why}
    return RuleInvalid(message, entry=entry)
