"""Hashtags, by the rules of Twitter: letters, marks and digits of any script, not digits alone.

- It stands at the start or after something that is no word and no `&` (an HTML entity, `a#b`): `語#語` is none.
- Joiners inside words (Persian, Sinhala), the Hebrew and Japanese signs that are part of words, and `_` belong to it.
- `#` before a keycap or variation selector is an emoji; before `://` or another `#` it is no tag.
Source: https://github.com/twitter/twitter-text (the rules, told anew); 64 characters at most, as on Bluesky.
"""

import unicodedata
from collections.abc import Iterator

import regex

from posts.text.facets import Facet, FacetKind
from posts.text.graphemes import grapheme_count
from posts.text.scripts import HASH

MAX_CHARACTERS = 64
MAX_BYTES = 640  # of the normalised form, which is part of a key
_JOINERS = "\u200c\u200d"
# Maqaf, geresh, gershayim; wave dashes, voicing marks, double hyphen, middle dots, ditto; Tibetan marks between syllables.
_INNER = r"_·\u05be\u05f3\u05f4\u0f0b\u0f0c\u3003\u301c\u309b\u309c\u30a0\u30fb\uff5e\ua67e" + _JOINERS
_SELECTORS = r"\ufe0e\ufe0f\u20e3"  # they turn a sign into an emoji
_WORD = rf"[[\p{{L}}\p{{M}}\p{{Nd}}{_INNER}]--[{_SELECTORS}]]"
_DIGITS = rf"[\p{{Nd}}{_INNER}]*+"
_LETTER = rf"[[\p{{L}}\p{{M}}]--[{_SELECTORS}]]"
_TAG = regex.compile(
    rf"(?<!{_WORD}|&)[{HASH}](?![{_SELECTORS}])(?P<tag>(?={_DIGITS}{_LETTER}){_WORD}++)(?![{HASH}]|://)",
    regex.V1,
)
_WHOLE = regex.compile(rf"(?={_DIGITS}{_LETTER}){_WORD}++", regex.V1)
# Joiners only shape letters. The other three have an own form of their width, which would not be part of words.
_FIRST = dict.fromkeys(map(ord, _JOINERS)) | {0xFF5E: 0x301C, 0x309B: 0x3099, 0x309C: 0x309A}


def find_tags(text: str) -> Iterator[Facet]:
    """Every hashtag, in order."""
    if not any(sign in text for sign in HASH):
        return
    for found in _TAG.finditer(text):
        value = normalised(found["tag"])
        if value and grapheme_count(found["tag"]) <= MAX_CHARACTERS:
            yield Facet(FacetKind.TAG, found.start(), found.end(), value)


def normalised(tag: str) -> str:
    """The one form that a tag's page goes by: width, case and joiners make no difference. Empty if it is no tag.

    Idempotent: the normalised form of a normalised form is itself.
    """
    tag = "".join(map(_of_one_width, tag.lstrip(HASH).translate(_FIRST)))
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag).casefold())
    return folded if _WHOLE.fullmatch(folded) and len(folded.encode()) <= MAX_BYTES else ""


def _of_one_width(character: str) -> str:
    is_variant = unicodedata.decomposition(character).startswith(("<wide>", "<narrow>"))
    return unicodedata.normalize("NFKC", character) if is_variant else character
