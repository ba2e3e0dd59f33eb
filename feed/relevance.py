"""How relevant a post is to a reader, from 0 to 100, by facts and not by guesses: it decides how long its item stays.

95   it mentions the reader, or is for close friends        twice as long
60   any other post                                         as long as the reader's activity says
40   a repost without words: its original is elsewhere too  half as long
"""

from dataclasses import dataclass
from typing import Final

from config.entities import UserId
from feed.policies.lifetimes import relevance_factor
from posts.entities import Audience, Post
from posts.text.facets import FacetKind

PERSONAL: Final = 95.0
ORDINARY: Final = 60.0
PASSED_ON: Final = 40.0

LEAST_FACTOR: Final = float(relevance_factor(min(PERSONAL, ORDINARY, PASSED_ON)))
"""Of any item there is; horizons are drawn by it."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Of one post: to nearly all of its readers, and who is mentioned."""

    score: float = ORDINARY
    mentioned: frozenset[UserId] = frozenset()

    def to(self, reader_id: UserId) -> float:
        """To one of them."""
        return PERSONAL if reader_id in self.mentioned else self.score


def relevance_of(post: Post | None) -> Relevance:
    """What its readers are told apart by. Of a post that can't be found: as any other."""
    if post is None:
        return Relevance()
    mentioned = frozenset(
        facet.user_id
        for facet in post.facets or ()
        if facet.kind is FacetKind.MENTION and facet.user_id is not None
    )
    if post.audience is Audience.CLOSE_FRIENDS:
        return Relevance(PERSONAL, mentioned)
    return Relevance(PASSED_ON if post.repost_of is not None else ORDINARY, mentioned)
