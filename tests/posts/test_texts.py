"""Text in pages: escaped whatever it is, with links for mentions and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.templatetags.post_text import post_text

LONG = "example.org/@ana?a=1&amp;b=2"
MENTION = '<a class="mention" href="/@{0}/">@{1}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("hello @Ana.b!", "hello " + MENTION.format("ana.b", "Ana.b") + "!"),
        ("(@ana_1) @ana_1.", f"({MENTION.format('ana_1', 'ana_1')}) {MENTION.format('ana_1', 'ana_1')}."),
        ("写真 @ana です", f"写真 {MENTION.format('ana', 'ana')} です"),
        ("ana@example.org", "ana@example.org"),
        ("@a", "@a"),
        ("@@ana", "@@ana"),
        ("a/@ana", "a/@ana"),
        ("@" + "x" * 31, "@" + "x" * 31),
        (
            "see https://example.org/@ana?a=1&b=2.",
            f'see <a href="https://{LONG}" rel="nofollow noopener ugc">{LONG}</a>.',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (
            'https://x.org/"onload=1',
            '<a href="https://x.org/" rel="nofollow noopener ugc">x.org/</a>&quot;onload=1',
        ),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_a_text_as_html(text: str, html: str) -> None:
    assert post_text(text) == html


@given(st.text(alphabet="@/.:<>\"'&= \nabhtps_1é字\u202e"))
def test_no_text_brings_markup_of_its_own(text: str) -> None:
    html = post_text(text)
    ours = html.count("<a ")
    assert html.count("<") == 2 * ours == html.count(">")
    assert html.count('"') <= 4 * ours
