"""The stock of names and texts, one file a language in `languages/`, read once.

A file opens with `key: value` lines, then has `[section]` lines, one text a line. In `[captions]` each line is
`subject: text | text`; English, which has more, gives each subject a section. `{slot}` stands for a line of `[slots slot]`.
`[tags]` has the hashtags of topics and subjects, as `subject: tag tag`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "languages"
RIGHT_TO_LEFT = frozenset({"ar", "he"})
# Local time is what makes somebody post in the evening; one offset a language is near enough. Units: hours.
UTC_OFFSETS = {
    "zh": 8,
    "ja": 9,
    "ko": 9,
    "th": 7,
    "hi": 5,
    "tr": 3,
    "ru": 3,
    "ar": 3,
    "he": 2,
    "uk": 2,
    "el": 2,
    "pt": -3,
    "es": -4,
}
_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "Ł": "l", "ı": "i", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Name:
    """A given or family name as its bearer writes it, and in Latin letters for the handle."""

    written: str
    latin: str


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Given names and the family names that go with them (they differ by gender in some languages)."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that people of one language say."""

    code: str
    share: int
    family_first: bool
    joined: bool
    name_groups: tuple[NameGroup, ...]
    bios: tuple[str, ...]
    posts: Mapping[str, tuple[str, ...]]
    more: Mapping[str, tuple[str, ...]]
    captions: Mapping[str, tuple[str, ...]]
    comments: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, tuple[str, ...]]
    tags: Mapping[str, tuple[str, ...]]


@cache
def languages() -> dict[str, Language]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.txt"))}


def _read(path: Path) -> Language:
    head, sections = _parsed(path.read_text(encoding="utf-8"))
    groups = []
    for group in ("women", "men"):
        family = head.get(f"{group} family") or head["family"]
        groups.append(NameGroup(_names(head[group]), _names(family)))
    captions = {subject: tuple(lines) for subject, lines in _grouped(sections, "captions").items() if subject}
    for subject, _, texts in _pairs(sections.get("captions", ())):
        captions[subject] = tuple(texts.split(" | "))
    return Language(
        code=path.stem,
        share=int(head["share"]),
        family_first=head.get("order") == "family first",
        joined=head.get("joined") == "yes" or path.stem in {"ja", "zh"},
        name_groups=tuple(groups),
        bios=tuple(sections["bios"]),
        posts=_grouped(sections, "posts"),
        more=_grouped(sections, "more"),
        captions=captions,
        comments=_grouped(sections, "comments"),
        slots={name: tuple(lines[0].split(" | ")) for name, lines in _grouped(sections, "slots").items()},
        tags={subject: tuple(words.split()) for subject, _, words in _pairs(sections.get("tags", ()))},
    )


def _parsed(text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    head: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif lines is None:
            key, _, value = line.partition(": ")
            head[key] = value
        else:
            lines.append(line)
    return head, sections


def _grouped(sections: Mapping[str, list[str]], kind: str) -> dict[str, tuple[str, ...]]:
    """Sections `kind topic` by topic; a section without a topic is topic ""."""
    return {
        name.removeprefix(kind).strip(): tuple(lines)
        for name, lines in sections.items()
        if name == kind or name.startswith(f"{kind} ")
    }


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Lines of `subject: ...` in two, with what was between."""
    return (line.partition(": ") for line in lines)


def _names(text: str) -> tuple[Name, ...]:
    """`Anna` or, in other scripts, `Анна=anna`."""
    names = []
    for word in text.split():
        written, _, latin = word.partition("=")
        names.append(Name(written, latin or _latin(written)))
    return tuple(names)


def _latin(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_FOLDED)).encode("ascii", "ignore").decode()
    return plain.lower()
