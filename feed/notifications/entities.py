"""What a notification is, to everyone who does not store it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.entities import ProfileCard
from config.entities import PostId, UserId
from config.ids import id_time_ms
from posts.comment_entities import Comment
from posts.entities import Post

KEPT_SECONDS: Final = 90 * 86_400
DAY_MS: Final = 86_400_000
WINDOW_DAYS: Final = 7
"""Lines about a post or comment gather for so long; those about people and what they post for a day."""


class Kind(StrEnum):
    """What somebody is told of."""

    FOLLOW = "follow"
    REQUEST = "request"
    APPROVED = "approved"
    LIKE = "like"
    COMMENT = "comment"
    REPLY = "reply"
    COMMENT_LIKE = "comment_like"
    MENTION = "mention"
    REPOST = "repost"
    QUOTE = "quote"
    POST = "post"


DAILY: Final = frozenset({Kind.FOLLOW, Kind.REQUEST, Kind.APPROVED, Kind.POST})


@dataclass(frozen=True, slots=True)
class Line:
    """Which line of whose page: what kind, about what, in which window of time."""

    reader_id: UserId
    kind: Kind
    subject: int
    """The post or comment that it is about, of new posts their author; 0 for what is about people."""
    window: int

    def __str__(self) -> str:
        return f"{self.kind}#{self.subject}#{self.window}"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that somebody did and another is told of, or that it is undone.

    The same happening comes several times and out of order: `stamp` grows with what was done later.
    """

    reader_id: UserId
    kind: Kind
    subject: int
    source: int
    """What makes it one: the person for what one can do once, else the post or comment."""
    actor_id: UserId
    stamp: int
    made_id: int
    """An id of the time it first happened at: it says the window."""
    post_id: PostId | None = None
    root_id: int | None = None
    """Of a comment in a thread: the thread."""

    @property
    def line(self) -> Line:
        """Where it is told."""
        days = 1 if self.kind in DAILY else WINDOW_DAYS
        return Line(self.reader_id, self.kind, self.subject, id_time_ms(self.made_id) // DAY_MS // days)


@dataclass(frozen=True, slots=True)
class Notice:
    """A line made ready to be shown to its reader."""

    line: Line
    noted_id: int
    """When it was last added to; ids of lines grow with time."""
    people: tuple[ProfileCard, ...]
    """The last who did it, at most three, each once."""
    others: int
    """How many more."""
    is_more: bool
    """There are still others, who are not counted."""
    is_unread: bool
    post: Post | None = None
    comment: Comment | None = None
    """What was said, or is liked."""
    last: Post | None = None
    """The last of the posts that quote it, or that are new."""

    @property
    def at_ms(self) -> int:
        """When it was last added to."""
        return id_time_ms(self.noted_id)
