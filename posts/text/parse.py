"""From a text to its facets, in one pass that is made once: when the text is written."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from config.entities import UserId
from posts.text.facets import Facet, FacetKind, Facets
from posts.text.links import find_links
from posts.text.mentions import find_mentions
from posts.text.tags import find_tags

# What goes beyond stays plain text: every tag is an entry in an index, every mention somebody who hears of it.
AT_MOST = {FacetKind.TAG: 30, FacetKind.MENTION: 50, FacetKind.LINK: 50}


@lru_cache(maxsize=2048)
def facets_of(text: str) -> Facets:
    """Every facet of a text, in order and apart: where two would overlap, the one that begins first stays.

    A mention here says only how it is written; `with_people` keeps those of people who exist.
    Cost: some 0.1 ms for a usual text, a few ms for 4 KB made of signs.
    """
    found = sorted(
        [*find_links(text), *find_mentions(text), *find_tags(text)],
        key=lambda facet: (facet.start, -facet.end),
    )
    kept: list[Facet] = []
    left = dict(AT_MOST)
    for facet in found:
        overlaps = bool(kept) and facet.start < kept[-1].end
        if not overlaps and left[facet.kind]:
            left[facet.kind] -= 1
            kept.append(facet)
    return tuple(kept)


def with_people(facets: Facets, ids: Mapping[str, UserId]) -> Facets:
    """The facets with whom their mentions mean; a handle that nobody has is no mention."""
    return tuple(
        replace(facet, user_id=ids[facet.value]) if facet.kind is FacetKind.MENTION else facet
        for facet in facets
        if facet.kind is not FacetKind.MENTION or facet.value in ids
    )


def handles_of(facets: Facets) -> set[str]:
    """Every handle that is mentioned."""
    return {facet.value for facet in facets if facet.kind is FacetKind.MENTION}


def tags_of(facets: Facets) -> list[str]:
    """Every hashtag once, normalised, in order."""
    return list(dict.fromkeys(facet.value for facet in facets if facet.kind is FacetKind.TAG))


def first_link(facets: Facets) -> str | None:
    """The address that a preview is shown of."""
    return next((facet.value for facet in facets if facet.kind is FacetKind.LINK), None)
