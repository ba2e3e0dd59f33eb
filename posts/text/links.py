"""Links, with and without `https://`, by the rules of Twitter.

- The host must end in a public suffix with a name before it. Without a scheme it is written in Latin letters, and a
  bare name under a country (`it.so`, `readme.md`) or a file ending is none: sentences run together like that.
- What follows the host: a port, a path, a query; closing punctuation belongs to the sentence, brackets to the address
  if they are balanced. Scripts without spaces end the address, Latin and Cyrillic do not.
- Never after a letter, `@`, `#` or `$`, and never with a user's name before the host.
Source: https://github.com/twitter/twitter-text (the rules, told anew).
"""

from collections.abc import Iterator

import regex
from django.utils.encoding import iri_to_uri

from posts.text.domains import MAX_NAME, ascii_host, is_top_level, registrable
from posts.text.facets import Facet, FacetKind

MAX_CHARACTERS = 2_048
MAX_PORT = 65_535
_LATIN = r"0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_LABEL = r"[\p{L}\p{M}\p{N}\p{So}_](?:[\p{L}\p{M}\p{N}\p{So}_-])*+"
_LATIN_LABEL = rf"[{_LATIN}_](?:[{_LATIN}_-])*+"
_START = regex.compile(
    rf"(?<![0-9A-Za-z@＠$#＃\u202a-\u202e\u2066-\u2069])(?P<scheme>https?://)(?P<host>{_LABEL}(?:\.{_LABEL})++)"
    rf"|(?<![{_LATIN}@＠$#＃_./\u202a-\u202e\u2066-\u2069-])(?P<bare>{_LATIN_LABEL}(?:\.{_LATIN_LABEL})++)",
    regex.IGNORECASE,
)
_GENERAL = rf"{_LATIN}\p{{Cyrillic}}!*';:=+,.$%#\[\]\-\u2013_~@|&/"
_INSIDE = rf"[{_GENERAL}]"
_BRACKETS = rf"\((?:[{_GENERAL}]|\([{_GENERAL}]+\))+\)"
_END = rf"(?:[{_LATIN}\p{{Cyrillic}}=_#/+\-]|{_BRACKETS})"
_PATH = regex.compile(rf"/(?:(?:{_INSIDE}|{_BRACKETS})*{_END})?")
_QUERY = regex.compile(
    rf"\?(?:[{_LATIN}\p{{Cyrillic}}!?*'@();:&=+$/%#\[\]\-_.,~|])*[{_LATIN}\p{{Cyrillic}}_&=#/\-]"
)
_PORT = regex.compile(r":(\d{1,5})(?![\d@])")
_COUNTRY_SOLD_TO_ALL = {"co", "tv"}
_FILE_ENDINGS = {"zip", "mov"}
_DOTTED = regex.compile(r"[a-z0-9-]+", regex.IGNORECASE)


def find_links(text: str) -> Iterator[Facet]:
    """Every link, in order."""
    if "." not in text:
        return
    at = 0
    while found := _START.search(text, at):
        at = found.end()
        if link := _link(text, found):
            yield link
            at = link.end


def _link(text: str, found: "regex.Match[str]") -> Facet | None:
    group = "host" if found["host"] else "bare"
    if text[found.end() : found.end() + 1] in {"@", "＠"}:
        return None  # mail, or a name before the host
    host = _public_host(found[group])
    if host and group == "bare" and _goes_on(found[group][len(host) :]):
        return None
    if host is None:
        return None
    end = _end_of_address(text, found.start(group) + len(host))
    if end - found.start() > MAX_CHARACTERS:
        return None
    rest = text[found.start(group) + len(host) : end]
    if group == "bare" and "/" not in rest and _reads_like_a_sentence(host):
        return None
    scheme = found["scheme"].lower() if found["scheme"] else "https://"
    return Facet(FacetKind.LINK, found.start(), end, f"{scheme}{ascii_host(host)}{_path_of(rest)}")


def _public_host(written: str) -> str | None:
    """The longest beginning of what was written that names a public host.

    `example.comの` and `example.com-and` go on after the top level; `example.com.Then` begins a sentence.
    """
    labels = written[:MAX_NAME].split(".")
    while len(labels) > 1:
        for last in dict.fromkeys((labels[-1], *_beginnings(labels[-1]))):
            if is_top_level(last) and registrable(host := ".".join([*labels[:-1], last])):
                return host
        labels.pop()
    return None


def _goes_on(rest: str) -> bool:
    """Whether a bare name goes on to another end, of no known top level; a capital begins the next sentence."""
    return rest.startswith(".") and not rest[1:2].isupper()


def _beginnings(label: str) -> list[str]:
    ascii_part = _DOTTED.match(label)
    if ascii_part is None:
        return []
    return [part for part in (ascii_part[0].rstrip("-"), ascii_part[0].partition("-")[0]) if part]


def _end_of_address(text: str, at: int) -> int:
    port = _PORT.match(text, at)
    if port and 0 < int(port[1]) <= MAX_PORT:
        at = port.end()
    if path := _PATH.match(text, at):
        at = path.end()
    if query := _QUERY.match(text, at):
        at = query.end()
    return at - 2 if text.endswith("'s", 0, at) else at


def _reads_like_a_sentence(host: str) -> bool:
    *names, last = host.lower().split(".")
    if len(names) > 1:
        return False
    return last in _FILE_ENDINGS or (len(last) == 2 and last not in _COUNTRY_SOLD_TO_ALL)


def _path_of(rest: str) -> str:
    return iri_to_uri(rest if not rest or rest[0] in "/:" else f"/{rest}")
