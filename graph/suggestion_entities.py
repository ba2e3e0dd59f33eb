"""The words of suggestions: a candidate is stored for a reader, a suggestion is shown to one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext, ngettext

from accounts.entities import ProfileCard
from config.entities import UserId
from graph.entities import Person

CANDIDATES_AT_MOST: Final = 100
NAMED_AT_MOST: Final = 3
"""So many of those who follow a candidate are kept with it, to be named."""


class Source(StrEnum):
    """Why somebody is suggested. The value is the API's word."""

    FOLLOWED_BY = "followed_by"
    TOPIC = "topic"
    POPULAR = "popular"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be suggested to a reader, and why.

    `people` are some of the reader's followees who follow the candidate, `count` is how many of them do.
    """

    user_id: UserId
    source: Source
    weight: float = 0.0
    people: tuple[UserId, ...] = ()
    count: int = 0
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that is stored for one reader, the best first.

    `looked_at_ms` is when the graph was looked at for it. `asked_at_ms`: since then a better list is wanted.
    """

    line: tuple[Candidate, ...]
    looked_at_ms: int
    asked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion as its reader may see it. `people` is who is named, `count` how many there are with them."""

    person: Person
    source: Source
    people: tuple[ProfileCard, ...] = ()
    count: int = 0
    topic: str = ""

    @property
    def reason(self) -> str:
        """Why, in words."""
        if self.source is Source.TOPIC:
            return gettext("Popular in #%(topic)s") % {"topic": self.topic}
        if self.source is Source.POPULAR:
            return gettext("Popular on this site")
        if self.source is Source.NEW:
            return gettext("New on this site")
        names = [card.display_name for card in self.people]
        if self.count == 1:
            return gettext("Followed by %(name)s") % {"name": names[0]}
        if self.count == len(names) == 2:
            return gettext("Followed by %(name)s and %(other)s") % {"name": names[0], "other": names[1]}
        others = self.count - 1
        words = ngettext(
            "Followed by %(name)s and %(others)d other", "Followed by %(name)s and %(others)d others", others
        )
        return words % {"name": names[0], "others": others}
