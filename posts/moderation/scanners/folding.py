r"""Texts made comparable: case, compatibility forms and diacritics do not tell words apart, invisible signs do not part them.

    Ｓｐａｍ, SPÁM, s\u200bpam -> spam        Straße -> strasse        й -> и

Marks are dropped where they are diacritics. In Indic scripts, Thai and Japanese they are vowels and voices: they stay.
"""

import unicodedata

import regex

_DIACRITICS = regex.compile(
    r"[\p{Mn}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]--[\u3099\u309a]]", regex.VERSION1
)
_INVISIBLE = regex.compile(r"[\p{Cf}\u034f\u115f\u1160\u3164\ufe00-\ufe0f]")
_LEET = str.maketrans("013457@$!|+", "oieastasiit")


def folded(text: str) -> str:
    """The text as rules compare it."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", unicodedata.normalize("NFKD", plain)))


def unleeted(text: str) -> str:
    """A folded text with letters where digits and signs stand for them: `v14gr4`, `$p@m`."""
    return text.translate(_LEET)
