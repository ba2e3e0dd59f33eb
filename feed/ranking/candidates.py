"""What moves through a pipeline."""

from dataclasses import dataclass

from config.entities import PostId, UserId
from feed.reader_entities import ReaderRecord
from posts.entities import Post
from posts.mark_entities import KnownMarks

FROM_THE_TOP = PostId(2**63 - 1)


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Whose feed, from where down, how much at once, and when."""

    reader_id: UserId
    before: PostId
    limit: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be shown, and which source gave it. Hydrators fill in the rest.

    `author_believed`: that the author is followed is what is kept of the reader; it was not asked of the graph.
    """

    post_id: PostId
    author_id: UserId
    source: str
    post: Post | None = None
    author_followed: bool = False
    author_believed: bool = False
    author_muted: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What a source found below `FeedQuery.before`.

    The source has nothing more above `floor` than these candidates; at or below it there may be more. 0 is the end.
    """

    candidates: list[Candidate]
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Removed:
    """A candidate that is not shown, and why: a stable word."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a filter lets through and what it takes out, each in the order given."""

    kept: list[Candidate]
    removed: list[Removed]


@dataclass(frozen=True, slots=True)
class Slate:
    """One page, in order. `last` is the last post scanned, shown or not; None at the end of everything.

    `marks`: what the reader has put on these posts, and on others that were looked at.
    """

    shown: list[Candidate]
    removed: list[Removed]
    last: PostId | None
    marks: KnownMarks
    record: ReaderRecord
