"""Facets: the parts of a text that lead somewhere. Offsets count code points, as Python and API clients' `[...text]` do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from config.entities import UserId


class FacetKind(StrEnum):
    """What a facet is."""

    TAG = "tag"
    MENTION = "mention"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Facet:
    """One of them: `text[start:end]` is what was written, `value` what it means.

    A tag's value is the tag as `posts.text.tags.normalised` has it, a mention's the handle, a link's the address with
    scheme and ASCII host. `user_id` is who a mention meant when it was written; handles never change.
    """

    kind: FacetKind
    start: int
    end: int
    value: str
    user_id: UserId | None = None


Facets = tuple[Facet, ...]
_LETTERS = {FacetKind.TAG: "t", FacetKind.MENTION: "m", FacetKind.LINK: "l"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


def facets_to_item(text: str, facets: Facets) -> list[list[Any]]:
    """As stored beside the text: short, and a value only where the text does not say it already.

    Shape: [letter, start, end, value or None, user id if known].
    """
    return [
        [
            _LETTERS[facet.kind],
            facet.start,
            facet.end,
            None if facet.value == _written(text, facet.kind, facet.start, facet.end) else facet.value,
            *([] if facet.user_id is None else [facet.user_id]),
        ]
        for facet in facets
    ]


def facets_of_item(text: str, stored: list[list[Any]]) -> Facets:
    """The reverse of `facets_to_item`."""
    return tuple(
        Facet(
            kind := _KINDS[letter],
            start,
            end,
            _written(text, kind, start, end) if value is None else value,
            UserId(people[0]) if people else None,
        )
        for letter, start, end, value, *people in stored
    )


def kinds_in(stored: list[list[Any]]) -> set[FacetKind]:
    """Which kinds of facets a stored text has."""
    return {_KINDS[letter] for letter, *_rest in stored}


def _written(text: str, kind: FacetKind, start: int, end: int) -> str:
    return text[start:end] if kind is FacetKind.LINK else text[start + 1 : end]
