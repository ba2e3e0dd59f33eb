"""What is a hashtag, a mention or a link, by the cases of `cases.toml` and six scripts in one text each."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.text.facets import FacetKind, facets_of_item, facets_to_item
from posts.text.parse import AT_MOST, facets_of, first_link, handles_of, tags_of, with_people
from posts.text.tags import normalised

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text())
FLAT = [(kind, case) for kind, cases in CASES.items() for case in cases]

# By script: a text, and all that is in it.
SCRIPTS = {
    "Japanese": ("港の夜景。@anaさんと、#夜景を見た→example.orgで。", ["@ana", "#夜景を見た", "example.org"]),
    "Chinese": (
        "今天的海：#日落，谢谢@bob！详见https://example.org/a。",
        ["#日落", "@bob", "https://example.org/a"],
    ),
    "Korean": (
        "오늘 @ana님과 #바다_사진 https://example.org/b에서",
        ["@ana", "#바다_사진", "https://example.org/b"],
    ),
    "Devanagari": ("नमस्ते @ana, #समुद्र_तट देखो: example.org/c।", ["@ana", "#समुद्र_तट", "example.org/c"]),
    "Arabic": (
        "مرحبا @ana، شاهد #غروب_الشمس في https://example.org/d؟",
        ["@ana", "#غروب_الشمس", "https://example.org/d"],
    ),
    "Hebrew": ("שלום @bob! #ים־המלח https://example.org/e.", ["@bob", "#ים־המלח", "https://example.org/e"]),
    "Thai": ("ไปกับ@anaที่ #ทะเลสวย ดู example.org/f", ["@ana", "#ทะเลสวย", "example.org/f"]),
    "Cyrillic": (
        "Привет, @ana! #Закат_у_моря: пример.рф нет, https://пример.рф да",
        ["@ana", "#Закат_у_моря", "https://пример.рф"],
    ),
}


def written(text: str, kind: str | None = None) -> list[str]:
    return [text[facet.start : facet.end] for facet in facets_of(text) if kind in {None, facet.kind.value}]


@pytest.mark.parametrize(
    ("kind", "case"), FLAT, ids=[f"{kind}: {case['text'][:40]!r}" for kind, case in FLAT]
)
def test_what_is_found(kind: str, case: dict[str, Any]) -> None:
    assert written(case["text"], kind) == case["found"]
    if "value" in case:
        assert [facet.value for facet in facets_of(case["text"]) if facet.kind == kind] == case["value"]


def test_there_are_cases_enough() -> None:
    assert sum(len(cases) for cases in CASES.values()) >= 120
    assert Counter(kind for kind, _case in FLAT).keys() == {kind.value for kind in FacetKind}


@pytest.mark.parametrize("script", SCRIPTS)
def test_one_text_in_each_script(script: str) -> None:
    text, found = SCRIPTS[script]
    assert written(text) == found


def test_offsets_count_code_points() -> None:
    text = "👩‍👩‍👧 e\u0301 @ana"
    (facet,) = facets_of(text)
    assert (facet.start, facet.end) == (9, 13)
    assert list(text)[facet.start : facet.end] == list("@ana")


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("Pier", "pier"),
        ("ＰＩＥＲ１", "pier1"),
        ("#STRASSE", "strasse"),
        ("straße", "strasse"),
        ("CAFE\u0301", "café"),
        ("ﾊﾞｽ", "バス"),
        ("ศรี\u200d", "ศรี"),
        ("น้ำ", "น้ำ"),
        ("می\u200cخواهم", "میخواهم"),
        ("メ～テレ", "メ〜テレ"),
        ("か゛", "が"),
        ("42", ""),
        ("a b", ""),
        ("a/b", ""),
        ("", ""),
        ("x" * 641, ""),
    ],
)
def test_one_form_a_tag(tag: str, value: str) -> None:
    assert normalised(tag) == value


def test_a_tag_has_64_characters_at_most() -> None:
    assert written("#" + "é" * 64) == ["#" + "é" * 64]
    assert written("#" + "e\u0301" * 64) == ["#" + "e\u0301" * 64]
    assert written("#" + "e" * 65) == []


def test_more_than_the_limits_stays_plain() -> None:
    for kind, pattern in {"tag": "#t{} ", "mention": "@ana{} ", "link": "https://a{}.org "}.items():
        text = "".join(pattern.format(number) for number in range(60))
        assert len(written(text)) == AT_MOST[FacetKind(kind)]


def test_only_people_who_exist_are_meant() -> None:
    facets = facets_of("@ana and @nobody and #tag")
    assert handles_of(facets) == {"ana", "nobody"}
    known = with_people(facets, {"ana": 7})
    assert [(facet.value, facet.user_id) for facet in known] == [("ana", 7), ("tag", None)]


def test_tags_once_and_the_first_link() -> None:
    facets = facets_of("#Pier #pier #sea a.org/b https://c.org")
    assert tags_of(facets) == ["pier", "sea"]
    assert first_link(facets) == "https://a.org/b"
    assert first_link(facets_of("no link")) is None


ALPHABET = st.sampled_from(
    [*"ab1_.-/:#@＃＠ \n'()?&é字я\u200d\ufe0f", "https://", ".com", "a.org", "@ana", "#tag"]
)


@given(st.lists(ALPHABET, max_size=40).map("".join))
def test_facets_are_apart_in_order_and_survive_being_stored(text: str) -> None:
    facets = facets_of(text)
    at = 0
    for facet in facets:
        assert at <= facet.start < facet.end <= len(text)
        at = facet.end
        if facet.kind is FacetKind.TAG:
            assert normalised(facet.value) == facet.value
        if facet.kind is FacetKind.LINK:
            assert facet.value.startswith(("http://", "https://"))
            assert facet.value.isascii()
    assert facets_of_item(text, facets_to_item(text, facets)) == facets


@pytest.mark.parametrize(
    "text",
    [
        "a." * 2048,
        "http://a.com/" + "(a(b)" * 800,
        "é." * 2048,
        "http://" + "_.com." * 680,
        "x@" * 2048,
        "#a" * 2048,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """A regular expression that runs away would hold this for minutes: the run's own time limit is the judge."""
    assert len(facets_of(text)) < 100
