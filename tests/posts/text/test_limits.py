"""How long a text may be: as a reader counts, and in bytes where characters are endless."""

import pytest

from posts.errors import EmptyPost, TextTooLong
from posts.text.graphemes import grapheme_count
from posts.text.limits import POST_MAX_BYTES, POST_MAX_CHARACTERS, alt_text, comment_text, post_text

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        ("é", 1),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("🇩🇪🇫🇷", 2),
        ("👍🏽", 1),
        ("각", 1),
        ("नमस्ते", 3),
        ("1️⃣", 1),
    ],
)
def test_characters_as_a_reader_counts(text: str, count: int) -> None:
    assert grapheme_count(text) == count


@pytest.mark.parametrize("character", ["a", "я", "字", "🌊"])
def test_a_post_is_as_long_in_any_script(character: str) -> None:
    fits = character * POST_MAX_CHARACTERS
    assert post_text(fits, has_photo=False) == fits
    with pytest.raises(TextTooLong) as refused:
        post_text(fits + character, has_photo=False)
    assert refused.value.data == {
        "limit": POST_MAX_CHARACTERS,
        "size": POST_MAX_CHARACTERS + 1,
        "unit": "characters",
    }


def test_marks_heaped_on_one_character_are_bounded_by_bytes() -> None:
    with pytest.raises(TextTooLong) as refused:
        post_text("e" + "\u0301" * POST_MAX_BYTES, has_photo=False)
    assert refused.value.data["unit"] == "bytes"


def test_comments_and_descriptions_have_limits_of_their_own() -> None:
    assert comment_text(FAMILY * 300)
    with pytest.raises(TextTooLong):
        comment_text("a" * 2_001)
    with pytest.raises(TextTooLong):
        alt_text("a" * 1_001)
    with pytest.raises(EmptyPost):
        comment_text("\u200b")
