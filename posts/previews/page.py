"""What a page says of itself: Open Graph first, then what every page has. All of it is plain text to us."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import regex
from selectolax.lexbor import LexborHTMLParser

from posts.previews.errors import NothingToShow
from posts.previews.http import Fetched
from posts.text.limits import cleaned, is_visible

TITLE_MAX, DESCRIPTION_MAX, SITE_MAX = 200, 300, 80
HEAD_BYTES = 4_096  # where a page names its encoding, if its server does not
_META_CHARSET = regex.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", regex.IGNORECASE)
_BIDI = regex.compile(r"[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Title, description, name of the site, and where its picture is; empty where it says nothing."""

    title: str
    description: str
    site: str
    picture_url: str


def facts_of(page: Fetched) -> PageFacts:
    """The facts of a page.

    Raises: NothingToShow without a title.
    """
    tree = LexborHTMLParser(_decoded(page))
    said: dict[str, str] = {}
    for meta in tree.css("meta[content]"):
        name = (meta.attributes.get("property") or meta.attributes.get("name") or "").lower()
        said.setdefault(name, meta.attributes.get("content") or "")
    heading = tree.css_first("title")
    title = _line(
        said.get("og:title") or said.get("twitter:title") or (heading.text() if heading else ""), TITLE_MAX
    )
    if not is_visible(title):
        raise NothingToShow(url=page.url)
    described = said.get("og:description") or said.get("twitter:description") or said.get("description") or ""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    picture = said.get("og:image:secure_url") or said.get("og:image") or said.get("twitter:image") or ""
    return PageFacts(
        title=title,
        description=_line(described, DESCRIPTION_MAX),
        site=_line(said.get("og:site_name") or host, SITE_MAX),
        picture_url=_joined(page.url, picture),
    )


def _decoded(page: Fetched) -> str:
    named = _META_CHARSET.search(page.body[:HEAD_BYTES])
    charset = page.charset or (named[1].decode() if named else "utf-8")
    try:
        return page.body.decode(charset, errors="replace")
    except (LookupError, ValueError):
        return page.body.decode(errors="replace")


def _line(text: str, limit: int) -> str:
    """One line of it, without signs that turn the direction of what stands beside it."""
    line = unicodedata.normalize("NFC", " ".join(_BIDI.sub("", cleaned(text)).split()))
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
