"""What a page says of itself, however it says it."""

import pytest

from posts.previews.errors import NothingToShow
from posts.previews.http import Fetched
from posts.previews.page import DESCRIPTION_MAX, TITLE_MAX, PageFacts, facts_of


def facts(
    html: str | bytes, *, charset: str | None = "utf-8", url: str = "https://www.example.org/a/b"
) -> PageFacts:
    body = html if isinstance(html, bytes) else html.encode()
    return facts_of(Fetched(url, "text/html", charset, body))


def test_open_graph_comes_first() -> None:
    assert facts(
        """<html><head><title>Other</title>
        <meta property="og:title" content="High &amp; low tide"><meta name="description" content="other">
        <meta property="og:description" content=" Two
        lines "><meta property="og:site_name" content="Tides"><meta property="og:image" content="../t.jpg?a=1"></head>"""
    ) == PageFacts("High & low tide", "Two lines", "Tides", "https://www.example.org/t.jpg?a=1")


def test_what_every_page_has() -> None:
    got = facts("<title>\n Tide\n tables </title><meta name=Description content='When it comes'>")
    assert got == PageFacts("Tide tables", "When it comes", "example.org", "")


@pytest.mark.parametrize(
    "html", ["", "<p>no title</p>", "<title> \u200b </title>", "<meta property=og:title>", "\x00" * 50]
)
def test_a_page_that_says_nothing(html: str) -> None:
    with pytest.raises(NothingToShow):
        facts(html)


def test_words_are_plain_text_of_bounded_length_in_one_direction() -> None:
    got = facts(
        f"<title>\u202e<b>x</b>{'a' * 500}</title><meta property=og:description content='{'b' * 500}&lt;script&gt;'>"
    )
    assert got.title.startswith("<b>x</b>a")
    assert (len(got.title), len(got.description)) == (TITLE_MAX, DESCRIPTION_MAX)
    assert got.title.endswith("…")


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Море</title>".encode("windows-1251"), "windows-1251"),
        (b"<meta charset=windows-1251>" + "<title>Море</title>".encode("windows-1251"), None),
        ("<title>Море</title>".encode(), "no-such-charset"),
        ("<title>Море</title>".encode(), None),
    ],
)
def test_encodings(body: bytes, charset: str | None) -> None:
    assert facts(body, charset=charset).title == "Море"


@pytest.mark.parametrize("charset", ["hex", "zip", "rot13", "idna", "unicode_escape", "\udc80"])
def test_a_codec_that_is_no_encoding_of_pages_does_no_harm(charset: str) -> None:
    assert "Tide" in facts("<title>Tide</title>", charset=charset).title or charset == "unicode_escape"


def test_a_page_that_was_cut_in_the_middle_still_has_its_title() -> None:
    assert facts("<title>Tide</title><meta property='og:descr").title == "Tide"


def test_deep_nesting_is_read() -> None:
    assert facts("<div>" * 20_000 + "<title>Deep</title>").title == "Deep"


def test_a_picture_address_that_is_none() -> None:
    assert facts("<title>x</title><meta property=og:image content='http://[bad'>").picture_url == ""
