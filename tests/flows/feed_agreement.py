"""What the pages of Following must hold at any moment, and how it is looked at: the ground of the machine of `test_feed_machine`."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from random import Random
from typing import Any, ClassVar

import orjson
from django.core.cache import cache
from hypothesis.errors import StopTest

from feed.api import home_as_json
from feed.first_pages import PAGES as FIRST
from feed.selectors import home_page
from feed.tables import FEED
from graph.tables import GRAPH
from posts.tables import POSTS
from tests.flows.machine_broker import Broker
from tests.flows.machine_clock import Clock
from tests.flows.machine_people import Society
from tests.flows.posts_deeds import Deeds
from tests.flows.posts_model import Posted

PEOPLE = range(30)
RUNS_TOGETHER = 10
"""So many runs follow each other among the same people, in what the runs before have left; then others meet."""
LAST_READERS = 4
LONGEST_PAGE = 100
SHORT_PAGE = 5


class Following(Society):
    """What each reader's Following shows, scrolled to its end, is what plain lists say.

    settled      every record and task has been handled: the very same posts, in the same order, in full pages
    else         nothing that is not for the reader, nothing twice, and nothing less than
                 - what was there when all was settled last, unless the post or the follow has changed since
                 - what the stream has told of since, as long as the cache lasts
                 - the reader's own posts
    """

    tables = (GRAPH, POSTS, FEED)
    deaf = (
        "feed.consumers.suggest",
        "feed.consumers.note_topics",
        "feed.consumers.note_reaction",
        "feed.notifications",
        "graph.consumers.fold",
        "graph.consumers.measure",
        *(f"posts.consumers.{what}" for what in ("change", "clear", "count", "enter", "fetch", "fold")),
        *(f"posts.consumers.{what}" for what in ("measure", "rank", "remove", "render", "scan")),
    )
    broker: ClassVar[Broker]
    clock: ClassVar[Clock]
    last: ClassVar["Following | None"] = None
    failure: ClassVar[BaseException | None] = None
    room: Deeds
    history: list[str]
    met: int
    turn: int
    deleted_ms: dict[int, int]
    firm: set[tuple[int, int]]
    """Readers, and the posts that they had when all was settled last."""
    edges_then: set[tuple[int, int]]
    told: set[int]
    """Posts of which the stream has told since."""
    moved: set[tuple[int, int]]
    """Readers and authors between whom something has changed since."""
    changed: set[int]
    """Posts that have gone or come since."""
    is_hazy: bool
    """What the cache knew of ended follows is lost before the stream has told of them."""

    def last_run(self) -> "Following | None":
        """That of the same people; None if it is time for others to meet."""
        if Following.failure is not None:
            raise Following.failure  # what the runs before had left is no more: so it fails as it did
        last, Following.last = Following.last, self
        return last if last is not None and last.met < RUNS_TOGETHER else None

    def go_on(self, last: "Following", runs: int, ci_runs: int) -> None:
        """Take over what has become, and what the last pages have brought about."""
        self.read_stream()
        waiting = list(self.heard.changes)
        self.begin(last.ids, runs, ci_runs)
        self.heard.changes.extend(waiting)
        for name in ("model", "room", "numbers", "turn", "met", "history", "deleted_ms"):
            setattr(self, name, getattr(last, name))
        self.delivered = last.delivered[-60:]
        self.met += 1
        self.all_is_settled()

    def all_is_settled(self) -> None:
        self.settled, self.touched = True, set()
        self.firm = {(reader, post.id) for reader in PEOPLE for post in self.room.at_home(reader)}
        self.edges_then = set(self.model.edges)
        self.told, self.moved, self.changed, self.is_hazy = set(), set(), set(), False

    def cache_is_lost(self) -> None:
        self.told.clear()
        self.is_hazy = not self.settled

    def following_agrees(self, reader: int, *, pages: int) -> None:
        """In so many pages, about."""
        expected = self.room.at_home(reader)
        limit = min(max(1, -(-len(expected) // pages)), LONGEST_PAGE)
        self.kept_agrees(reader, expected)
        found = list(self.pages(reader, limit))
        if self.settled:
            if not found[-1]:  # the end may come to light only when it is asked for
                found.pop()
            assert found == list(paged(expected, limit)), (reader, limit)
        else:
            shown = [post_id for page in found for post_id in page]
            assert shown == sorted(set(shown), reverse=True)
            assert set(shown) <= {post.id for post in self.allowed(reader, expected)}, (reader, shown)
            seen = {post.shown.id for post in expected if post.id in set(shown)}
            missing = [post for post in expected if self.is_due(reader, post) and post.shown.id not in seen]
            assert not missing, (reader, missing, shown)

    def kept_agrees(self, reader: int, expected: list[Posted]) -> None:
        """So does a first page that is kept, as another request and as a process that has just begun have it."""
        shown = self.kept(reader)
        assert (again := self.kept(reader)) == shown, ("again", reader, shown, again)
        FIRST.forget_here()
        assert (anew := self.kept(reader)) == shown, ("anew", reader, shown, anew)
        if self.settled:
            assert shown == next(paged(expected, SHORT_PAGE), []), ("settled", reader, shown)
            return
        assert shown == sorted(set(shown), reverse=True)
        assert set(shown) <= {post.id for post in self.allowed(reader, expected)}, ("kept", reader, shown)
        lowest = shown[-1] if len(shown) == SHORT_PAGE else 0
        seen = {post.shown.id for post in expected if post.id in set(shown)}
        due = [post for post in expected if post.id >= lowest and self.is_due(reader, post)]
        assert all(post.shown.id in seen for post in due), (reader, shown)

    def kept(self, reader: int) -> list[int]:
        items = orjson.loads(home_as_json(self.ids[reader], limit=SHORT_PAGE))["items"]
        return [int((item["repost"] or item)["id"]) for item in items]

    def allowed(self, reader: int, expected: list[Posted]) -> list[Posted]:
        """Without what the cache knew somebody unfollowed just now is still shown, but nothing that is not for the reader."""
        if not self.is_hazy:
            return expected
        left = [
            post for post in self.room.seen(reader, self.room.posts) if (reader, post.author) in self.moved
        ]
        return expected + left

    def is_due(self, reader: int, post: Posted) -> bool:
        """Whether the reader must be shown the post by now, whatever waits."""
        if post.author == reader:
            return True
        edge = reader, post.author
        if edge in self.moved or {post.id, post.shown.id} & self.changed:
            return False
        return (reader, post.id) in self.firm or (post.id in self.told and edge in self.edges_then)

    def pages(self, reader: int, limit: int) -> Iterator[list[int]]:
        cursor: str | None = None
        while True:
            page = home_page(self.ids[reader], cursor=cursor, limit=limit)
            yield [card.place_id for card in page.items]
            if (cursor := page.next_cursor) is None:
                return

    def agree(self, person: int, expected: Any, answer: Any) -> None:
        """Refused as it should be, or not at all."""
        assert (answer if isinstance(answer, type) else None) == expected
        self.touch(person)

    def nth(self, nth: int) -> Posted:
        return self.room.posts[-1 - nth % len(self.room.posts)]

    def teardown(self) -> None:
        """Every run ends with everything handled, and some scrolling to the end; the last of these people's, with all."""
        ending = sys.exc_info()[1]
        if not hasattr(self, "room") or Following.failure is not None:
            return
        try:
            if ending is not None and not isinstance(ending, StopTest):
                raise ending  # noqa: TRY301  # so that it is told of like what fails here
            self.settle()
            cache.clear()  # or what was heard would hide what was neither pushed nor is pulled
            # A run that drew too much is cut off, and not counted.
            for reader in self.last_readers() if ending is None else ():
                if reader not in self.model.gone:
                    self.following_agrees(reader, pages=1)
        except BaseException as failure:
            Following.failure = failure
            sys.__stderr__.write("\n".join(["", *self.history, repr(failure), ""]))  # type: ignore[union-attr]  # pytest's is another
            raise

    def last_readers(self) -> Iterable[int]:
        """Those who follow most, and others in turn."""
        if self.met == RUNS_TOGETHER:
            return PEOPLE
        followed = Counter(reader for reader, _author in self.model.edges)
        most = {reader for reader, _number in followed.most_common(LAST_READERS // 2)}
        return most | set(Random(self.turn).sample(PEOPLE, LAST_READERS // 2))


def noted(step: Callable[..., None]) -> Callable[..., None]:
    """Runs build on each other, so what led to a failure is told from where the people met."""

    @wraps(step)
    def noting(self: Following, **drawn: Any) -> None:
        words = " ".join(f"{name}={value!r}" for name, value in drawn.items())
        self.history.append(f"{self.met}: {step.__name__} {words}")
        step(self, **drawn)

    return noting


def paged(posts: Iterable[Posted], limit: int) -> Iterator[list[int]]:
    """Full pages; of a post and its reposts a page has the newest place alone."""
    page, on_page = list[int](), set[int]()
    for post in posts:
        if len(page) == limit:
            yield page
            page, on_page = [], set()
        if post.shown.id not in on_page:
            page.append(post.id)
            on_page.add(post.shown.id)
    if page:
        yield page
