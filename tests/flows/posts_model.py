"""Posts as they should be, in plain objects and lists: what `test_posts_machine` holds the system against.

People are numbers, as in `graph_model`, which knows who follows, blocks and lists whom; None is somebody who is not signed in.
Here is what each viewer is shown and what is counted; what people do is in `posts_deeds`.
"""

from dataclasses import dataclass, field

from posts.entities import Audience
from tests.flows.graph_model import Graph

Viewer = int | None


@dataclass(eq=False)
class Said:
    """A comment, or what answers one. `gone`: it is there for its answers alone."""

    author: int
    text: str
    answers: "Said | None" = None
    gone: bool = False
    hidden: bool = False
    likes: set[int] = field(default_factory=set)
    ref: object = None

    @property
    def begin(self) -> "Said":
        """What its thread begins with."""
        return self if self.answers is None else self.answers.begin


@dataclass(eq=False)
class Posted:
    """A post; a repost has nothing of its own and `repeats` another, a quote `quotes` one."""

    author: int
    audience: Audience
    text: str = ""
    tag: str = ""
    for_followers: bool = False
    """Whether they alone may comment."""
    repeats: "Posted | None" = None
    quotes: "Posted | None" = None
    version: int = 1
    deleted: bool = False
    archived: bool = False
    held: bool = False
    """By moderation: for its author alone."""
    likes: list[int] = field(default_factory=list)
    """In the order in which they came."""
    shares: set[int] = field(default_factory=set)
    comments: list[Said] = field(default_factory=list)
    id: int = 0

    @property
    def shown(self) -> "Posted":
        return self.repeats or self

    @property
    def is_listed(self) -> bool:
        return not self.deleted and not self.archived

    @property
    def comment_count(self) -> int:
        return sum(not said.gone for said in self.comments)


@dataclass
class Posts:
    """All posts in the order of time, and what is on top of each profile, the last pinned first."""

    people: Graph
    posts: list[Posted] = field(default_factory=list)
    pins: dict[int, list[Posted]] = field(default_factory=dict)
    saves: dict[int, list[Posted]] = field(default_factory=dict)
    """The last saved first."""

    # Who sees what.

    def sees(self, viewer: Viewer, post: Posted) -> bool:
        return self._sees_alone(viewer, post) and self._sees_alone(viewer, post.shown)

    def _sees_alone(self, viewer: Viewer, post: Posted) -> bool:
        if post.deleted or ((post.archived or post.held) and viewer != post.author):
            return False
        return self.people.sees(viewer, post.author, post.audience)

    def seen(self, viewer: Viewer, posts: list[Posted]) -> list[Posted]:
        """Those that are listed and for the viewer, newest first."""
        return [post for post in reversed(posts) if post.is_listed and self.sees(viewer, post)]

    def of_author(self, viewer: Viewer, author: int) -> list[Posted]:
        return self.seen(viewer, [post for post in self.posts if post.author == author])

    def tagged(self, viewer: Viewer, tag: str) -> list[Posted]:
        return self.seen(viewer, [post for post in self.posts if post.tag == tag])

    def reposts_of(self, viewer: Viewer, target: Posted) -> list[Posted]:
        return self.seen(viewer, [post for post in self.posts if post.repeats is target])

    def quotes_of(self, viewer: Viewer, target: Posted) -> list[Posted]:
        return self.seen(viewer, [post for post in self.posts if post.quotes is target])

    def pinned(self, viewer: Viewer, author: int) -> list[Posted]:
        return [post for post in self.pins.get(author, []) if post.is_listed and self.sees(viewer, post)]

    def saved(self, person: int) -> list[Posted]:
        return [post for post in self.saves.get(person, []) if self.sees(person, post)]

    def likers(self, viewer: Viewer, post: Posted) -> list[int]:
        """The newest first, without those who are gone or whom a block hides."""
        graph = self.people
        return [
            person
            for person in reversed(post.likes)
            if person not in graph.gone and (viewer is None or not graph.is_blocked(viewer, person))
        ]

    def home(self, reader: int) -> list[Posted]:
        """Of a post and its reposts the newest place alone."""
        found = dict[int, Posted]()
        for post in self.at_home(reader):
            found.setdefault(id(post.shown), post)
        return list(found.values())

    def at_home(self, reader: int) -> list[Posted]:
        """What the reader has posted, and those whom they follow; nothing by whom they have muted, reposted by them or not."""
        graph = self.people
        return [
            post
            for post in self.seen(reader, self.posts)
            if (post.author == reader or (reader, post.author) in graph.edges)
            and not {(reader, post.author), (reader, post.shown.author)} & graph.mutes
        ]

    def comments_seen(
        self, viewer: Viewer, post: Posted, begin: Said | None = None
    ) -> list[tuple[str, bool]]:
        """What the threads under a post begin with, or what is in one of them: texts, and whether it is gone."""
        found = []
        for said in post.comments:
            if (said.begin is begin and said is not begin) if begin else said.answers is None:
                found += self._shown(viewer, post, said)
        return found

    def _shown(self, viewer: Viewer, post: Posted, said: Said) -> list[Said | None]:
        if not self.sees_comment(viewer, post, said):
            return []
        if said.gone or (said.author in self.people.gone and self._is_answered(post, said)):
            return [None]
        return [] if said.author in self.people.gone else [said]

    def sees_comment(self, viewer: Viewer, post: Posted, said: Said) -> bool:
        if said.gone:
            return not said.hidden or viewer == post.author
        if viewer is not None and self.people.is_blocked(viewer, said.author):
            return False
        return not said.hidden or viewer in {said.author, post.author}

    def _is_answered(self, post: Posted, said: Said) -> bool:
        """Of a thread's begin, by what is not gone; of what is in it, by whatever answers it."""
        if said.answers is None:
            return any(
                other.begin is said and other is not said and not other.gone for other in post.comments
            )
        return any(other.answers is said for other in post.comments)

    def posts_of(self, author: int) -> int:
        return sum(post.is_listed for post in self.posts if post.author == author)

    def repost_by(self, person: Viewer, target: Posted) -> Posted | None:
        """The person's repost of the post."""
        theirs = [post for post in self.posts if post.repeats is target and post.author == person]
        return next((post for post in theirs if not post.deleted), None)

    def repost_count(self, post: Posted) -> int:
        return sum(other.repeats is post and not other.deleted for other in self.posts)

    def quote_count(self, post: Posted) -> int:
        return sum(other.quotes is post and not other.deleted for other in self.posts)
