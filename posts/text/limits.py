"""What people write, made safe to store; it is kept as written otherwise, in any script."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext

from posts.errors import EmptyPost, TextTooLong
from posts.text.graphemes import grapheme_count

# Characters as a reader counts them, so that a text may be as long in Hindi or in emoji as in English. Bytes are bounded
# too, for marks can be heaped on one character without end.
POST_MAX_CHARACTERS: Final = 4_096
COMMENT_MAX_CHARACTERS: Final = 2_000
ALT_MAX_CHARACTERS: Final = 1_000
BYTES_A_CHARACTER: Final = 4
POST_MAX_BYTES: Final = POST_MAX_CHARACTERS * BYTES_A_CHARACTER
COMMENT_MAX_BYTES: Final = COMMENT_MAX_CHARACTERS * BYTES_A_CHARACTER
ALT_MAX_BYTES: Final = ALT_MAX_CHARACTERS * BYTES_A_CHARACTER
# Control characters but tab and newline, and halves of surrogate pairs, which no encoding can carry.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def cleaned(text: str) -> str:
    """The text with plain newlines, without control characters or space at its ends."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_visible(text: str) -> bool:
    """Whether anything can be seen: blanks and zero-width characters alone are nothing."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def post_text(text: str, *, has_photo: bool) -> str:
    """The text of a post as it is stored.

    Raises: EmptyPost, TextTooLong.
    """
    text = cleaned(text)
    if not is_visible(text):
        text = ""
    if not text and not has_photo:
        raise EmptyPost
    _limit(text, POST_MAX_CHARACTERS)
    return text


def comment_text(text: str) -> str:
    """The text of a comment as it is stored.

    Raises: EmptyPost, TextTooLong.
    """
    text = cleaned(text)
    if not is_visible(text):
        raise EmptyPost(gettext("Write something first."))
    _limit(text, COMMENT_MAX_CHARACTERS)
    return text


def alt_text(text: str) -> str:
    """A photo's description as it is stored.

    Raises: TextTooLong.
    """
    text = cleaned(text)
    _limit(text, ALT_MAX_CHARACTERS)
    return text


def one_line(text: str, limit: int) -> str:
    """A few words, such as a warning, as they are stored: blanks and line breaks as one space each.

    Raises: TextTooLong.
    """
    text = " ".join(cleaned(text).split())
    if not is_visible(text):
        return ""
    _limit(text, limit)
    return text


def _limit(text: str, limit: int) -> None:
    size = grapheme_count(text)
    if size > limit:
        message = gettext("This text holds up to %(limit)d characters; it has %(size)d.")
        raise TextTooLong(message % {"limit": limit, "size": size}, limit=limit, size=size, unit="characters")
    limit, size = limit * BYTES_A_CHARACTER, len(text.encode())
    if size > limit:
        message = gettext(
            "This text holds up to %(limit)d bytes, for its characters are long; it has %(size)d."
        )
        raise TextTooLong(message % {"limit": limit, "size": size}, limit=limit, size=size, unit="bytes")
