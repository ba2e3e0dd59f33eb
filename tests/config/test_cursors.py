"""Cursors: what comes back, and what is refused."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cursors import decode, encode
from config.errors import InvalidCursor

URL_SAFE = set(string.ascii_letters + string.digits + "-_.")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_a_cursor_gives_back_what_it_was_made_of(value: Any) -> None:
    assert decode("test", encode("test", value)) == value


def test_a_cursor_is_short_and_safe_in_an_address() -> None:
    cursor = encode("graph.followers", {"pk": "FOLLOWER#382624626185553234", "sk": 382624626185553235})
    assert set(cursor) <= URL_SAFE
    assert len(cursor) < 140


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        decode("graph.following", encode("graph.followers", 1))


@pytest.mark.parametrize("position", [0, 3, -1, -20])
def test_an_altered_cursor_is_refused(position: int) -> None:
    cursor = list(encode("test", [1, 2, 3]))
    cursor[position] = "A" if cursor[position] != "A" else "B"
    with pytest.raises(InvalidCursor):
        decode("test", "".join(cursor))


@pytest.mark.parametrize("junk", ["", ".", "abc", "a.b", "é" * 10, "x" * 3_000, "\x00.\x00", "..", " "])
def test_junk_is_refused(junk: str) -> None:
    with pytest.raises(InvalidCursor):
        decode("test", junk)


def test_a_cursor_of_the_key_before_is_read_during_a_rotation(settings: Any) -> None:
    cursor = encode("test", 7)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = (
        "another key, thirty characters long",
        [settings.SECRET_KEY],
    )
    assert decode("test", cursor) == 7


def test_a_cursor_of_another_installation_is_refused(settings: Any) -> None:
    cursor = encode("test", 7)
    settings.SECRET_KEY = "another key, thirty characters long"
    with pytest.raises(InvalidCursor):
        decode("test", cursor)
