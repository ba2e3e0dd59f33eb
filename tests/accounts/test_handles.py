"""Handles: what may be one, and that no two people can have the same."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.handles import RESERVED, handle_normalised, handle_validate


@pytest.mark.parametrize("handle", ["ana", "a1", "_a_", "a.b.c", "2024", "a" * 30])
def test_good_handles(handle: str) -> None:
    handle_validate(handle)


@pytest.mark.parametrize(
    "handle",
    [
        "",
        "a",
        "a" * 31,
        ".ana",
        "ana.",
        "a..b",
        "a-b",
        "a b",
        "ána",
        "аna",
        "ana\n",
        "a/b",
        "@ana",
        "Ana",
        "ana\u200b",
    ],
)
def test_bad_handles(handle: str) -> None:
    with pytest.raises(ValidationError):
        handle_validate(handle)


@pytest.mark.parametrize(
    "handle", ["admin", "api", "login", "settings", "p", "a.d.m.i.n", "_admin_", "well_known"]
)
def test_words_of_the_site_are_kept_back(handle: str) -> None:
    with pytest.raises(ValidationError):
        handle_validate(handle)


@pytest.mark.parametrize("typed", ["Ana", " @ana ", "ＡＮＡ", "@ANA"])
def test_however_it_is_typed(typed: str) -> None:
    assert handle_normalised(typed) == "ana"


def test_a_reserved_word_is_written_as_it_is_compared() -> None:
    assert all(word == handle_normalised(word) for word in RESERVED)


@given(st.text(max_size=40))
def test_what_passes_is_plain_and_normal(text: str) -> None:
    handle = handle_normalised(text)
    try:
        handle_validate(handle)
    except ValidationError:
        return
    assert handle.isascii()
    assert handle_normalised(handle) == handle
