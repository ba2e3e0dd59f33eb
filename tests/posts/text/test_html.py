"""Text in pages: escaped whatever it is, with links for what leads somewhere."""

import html as entities
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.text.facets import Facet, FacetKind
from posts.text.html import SHOWN_OF_LINK, html_of
from posts.text.parse import facets_of

MENTION = '<a class="mention" href="/@{0}/" dir="ltr">@{1}</a>'
LINK = '<a class="link" href="{0}" rel="nofollow noopener ugc" dir="ltr">{1}</a>'
TITLED = '<a class="link" href="{0}" rel="nofollow noopener ugc" title="{0}" dir="ltr">{1}</a>'
TAG = '<a class="hashtag" href="/tags/{0}/" dir="auto">{1}</a>'


def shown(text: str) -> str:
    return html_of(text, facets_of(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ("<b>&\"'", "&lt;b&gt;&amp;\"'"),
        ("hello @Ana.b!", "hello " + MENTION.format("ana.b", "Ana.b") + "!"),
        ("on the #Pier.", "on the " + TAG.format("pier", "#Pier") + "."),
        ("#夜景", TAG.format("%E5%A4%9C%E6%99%AF", "#夜景")),
        ("see https://a.org/b.", "see " + LINK.format("https://a.org/b", "a.org/b") + "."),
        ("a.org", LINK.format("https://a.org", "a.org")),
        ("https://a.org/?a=1&b=2", LINK.format("https://a.org/?a=1&amp;b=2", "a.org/?a=1&amp;b=2")),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ('https://x.org/"onload=1', LINK.format("https://x.org/", "x.org/") + '"onload=1'),
        ("https://аррӏе.com", TITLED.format("https://xn--80ak6aa92e.com", "аррӏе.com")),
    ],
)
def test_a_text_as_html(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_long_address_is_cut_and_says_all_of_itself_when_asked() -> None:
    url = "https://example.org/" + "long/" * 30
    html = shown(url)
    assert f'title="{url}"' in html
    assert re.search(r">([^<]*)</a>", html)[1] == url[8 : 8 + SHOWN_OF_LINK - 1] + "…"


def test_what_a_stored_facet_says_is_sanitised_once_more() -> None:
    """Should a facet ever be wrong, no script comes of it."""
    bad = Facet(FacetKind.LINK, 0, 4, "javascript:alert(1)")
    assert 'href="javascript' not in html_of("text", (bad,))
    assert "href" in html_of("text", (replace(bad, value="https://a.org"),))
    quoted = Facet(FacetKind.MENTION, 0, 4, '"><script>')
    assert "<script" not in html_of("text", (quoted,))


PIECES = st.sampled_from(
    [*"@#/.:<>\"'&= \nabhtps_1é字\u202e\u0000", "https://", ".com", "<script>", "&lt;", "#tag", "@ana"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_brings_markup_of_its_own(text: str) -> None:
    html = shown(text)
    anchors = len(facets_of(text))
    assert html.count("<") == 2 * anchors == html.count(">")
    assert html.count("<a ") == anchors
    if "://" not in text and "\u0000" not in text:
        assert entities.unescape(re.sub(r"<[^>]+>", "", html)) == text
