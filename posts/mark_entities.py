"""What a person puts on posts: a like, a save, a repost, silence. It lies with the person, never with the post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from config.entities import PostId


class MarkKind(StrEnum):
    """The values are the ends of sort keys: they stay."""

    LIKED = "LIKED"
    SAVED = "SAVED"
    REPOSTED = "REPOSTED"
    MUTED = "MUTED"


@dataclass(frozen=True, slots=True)
class Marks:
    """Which of some posts a person has marked, and how."""

    liked: frozenset[PostId] = frozenset()
    saved: frozenset[PostId] = frozenset()
    reposted: frozenset[PostId] = frozenset()
    muted: frozenset[PostId] = frozenset()
    counted_apart: Mapping[PostId, int] = field(default_factory=dict)
    """Since when those are liked whose likes are counted in a shard: the sum may not know of them yet. Units: milliseconds."""


UNMARKED = Marks()


@dataclass(frozen=True, slots=True)
class KnownMarks:
    """What a person has put on the posts that were asked after."""

    asked: frozenset[PostId]
    marks: Marks

    def with_those(self, other: "KnownMarks") -> "KnownMarks":
        """Both together."""
        mine, theirs = self.marks, other.marks
        together = Marks(
            mine.liked | theirs.liked,
            mine.saved | theirs.saved,
            mine.reposted | theirs.reposted,
            mine.muted | theirs.muted,
            {**mine.counted_apart, **theirs.counted_apart},
        )
        return KnownMarks(self.asked | other.asked, together)
