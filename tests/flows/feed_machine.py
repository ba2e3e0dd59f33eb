"""The machine of `test_feed_machine`: thirty people write, follow, hide and leave, and how they are delivered to changes."""

from collections.abc import Callable
from random import Random
from typing import Any

from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from config.entities import PostId
from config.ids import id_time_ms
from posts.editing import post_edit
from posts.entities import Audience, Post
from posts.errors import TooLateToRestore
from posts.removal import post_restore
from posts.repository.posts import put_post
from posts.services import UNDO_MS, post_create, post_delete
from posts.shelving import post_archive
from tests.feed.factory import a_person, id_at
from tests.flows.feed_agreement import PEOPLE, noted
from tests.flows.feed_ways import DAYS, SLEEP, THRESHOLDS, Ways, known, people
from tests.flows.graph_model import Graph
from tests.flows.machine_runs import runs_of
from tests.flows.machine_world import seeds, weathers
from tests.flows.posts_deeds import Deeds
from tests.flows.posts_model import Posted
from tests.flows.posts_people import BETWEEN
from tests.flows.repost_rule import repost_or_end
from tests.graph.factory import id_of

CI_RUNS = 50
RUNS = runs_of(CI_RUNS)
FOLLOWS, POSTS = 60, 16
"""What there is when people meet."""
AGES = (50, 20, 14, 13, 6, 2, 1)
"""Of old posts, in days: beyond what an inbox keeps, about there, and within."""

pairs = (
    st.tuples(known, people, st.booleans())
    .filter(lambda drawn: drawn[0] != drawn[1])
    .map(lambda drawn: (drawn[0], drawn[1]) if drawn[2] else (drawn[1], drawn[0]))
)
nths = st.integers(0, 3) | st.integers(0, 30)
audiences = st.sampled_from([Audience.EVERYONE] * 4 + [Audience.FOLLOWERS] * 2 + [*Audience])
relations = st.sampled_from(["follow"] * 8 + ["leave"] * 2 + [*BETWEEN])


class Network(Ways):
    """What people do."""

    @initialize(seed=seeds)
    def meet(self, seed: int) -> None:
        """Some follow some; some posts are new, and some are older than what an inbox keeps. Or they know each other."""
        if last := self.last_run():
            self.go_on(last, RUNS, CI_RUNS)
            return
        self.begin([id_of(a_person("n", days=60)) for _ in PEOPLE], RUNS, CI_RUNS)
        random = Random(seed)
        self.model = Graph(len(PEOPLE))
        self.room = Deeds(self.model)
        self.numbers = {user_id: person for person, user_id in enumerate(self.ids)}
        self.met, self.turn, self.history, self.deleted_ms = 1, seed, [f"met: {seed}"], {}
        self.all_is_settled()
        settings.PULL_THRESHOLD = random.choice(THRESHOLDS)
        settings.DELIVERY_POLICY, settings.FANOUT_WAITING = "per_edge", 2_000
        for days in sorted(random.choices(AGES, k=POSTS // 2), reverse=True):
            self.post_of_old(min(random.choices(PEOPLE, k=3)), days)
        for _ in range(FOLLOWS):
            author, reader, *_ = sorted(random.sample(PEOPLE, 4))
            self.relate(pair=(reader, author), weather=None, what="follow")
        for _ in range(POSTS // 2):
            self.publish(person=min(random.choices(PEOPLE, k=3)), weather=None, audience=Audience.EVERYONE)
        self.settle()
        for reader in PEOPLE:  # with the first page it is asked for what pages lean on
            self.following_agrees(reader, pages=1)
        self.settle()

    def post_of_old(self, person: int, days: int) -> None:
        """It was there before anybody was followed."""
        made = Posted(person, Audience.EVERYONE, f"{days} days ago", id=id_at(days))
        post_id = PostId(made.id)
        put_post(Post(post_id, self.ids[person], made.text, (), made.audience, id_time_ms(post_id)))
        self.room.posts.append(made)

    # With posts.

    @rule(person=known, weather=weathers, audience=audiences)
    @noted
    def publish(self, person: int, weather: Any, audience: Audience) -> None:
        if person in self.model.gone:
            return
        nth = len(self.room.posts)
        made = Posted(person, audience, f"Word {nth}")
        sent = {"text": made.text, "audience": audience, "idempotency_key": f"{self.ids[person]}-{nth}"}
        answer = self.do(weather, post_create, author_id=person, **sent)
        assert isinstance(answer, Post)
        made.id = answer.id
        self.room.post(made)
        self.touch(person)

    @rule(person=known, weather=weathers)
    def publish_more(self, person: int, weather: Any) -> None:
        """The same again, so that it happens more often than other things."""
        self.publish(person=person, weather=weather, audience=Audience.EVERYONE)

    @rule(nth=nths, weather=weathers, audience=audiences)
    @noted
    def edit(self, nth: int, weather: Any, audience: Audience) -> None:
        """For others, or for fewer."""
        post = self.nth(nth)
        if post.author in self.model.gone:
            return
        version, text = post.version, f"{post.text}!"
        expected = self.room.edit(post.author, post, version, text=text, tag="", audience=audience)
        sent = {"version": version, "text": text, "audience": audience}
        answer = self.do(weather, post_edit, user_id=post.author, post_id=post.id, **sent)
        self.agree(post.author, expected, answer)

    @rule(
        nth=nths,
        weather=weathers,
        what=st.sampled_from(["delete", "delete", "restore", "archive", "put back"]),
    )
    @noted
    def put(self, nth: int, weather: Any, what: str) -> None:
        """Away, and back."""
        post, room = self.nth(nth), self.room
        if post.author in self.model.gone or (post.repeats and what != "delete"):
            return
        acts: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, bool]]] = {
            "delete": (post_delete, room.delete, {}),
            "restore": (post_restore, room.restore, {}),
            "archive": (post_archive, room.archive, {"archived": True}),
            "put back": (post_archive, room.archive, {"archived": False}),
        }
        act, expected, how = acts[what]
        answer = self.do(weather, act, user_id=post.author, post_id=post.id, **how)
        self.changed.add(post.id)
        if what == "delete" and not post.deleted:
            self.deleted_ms[post.id] = self.clock.now_ms()
        if what == "restore" and post.deleted and self.is_past(post):
            self.agree(post.author, TooLateToRestore, answer)
        else:
            self.agree(post.author, expected(post.author, post, **how), answer)

    def is_past(self, post: Posted) -> bool:
        """Nobody can have it back any more."""
        return self.clock.now_ms() >= self.deleted_ms[post.id] + UNDO_MS

    @rule(person=people, nth=nths, weather=weathers, done=st.sampled_from([True, True, False]))
    @noted
    def repost(self, person: int, nth: int, weather: Any, done: bool) -> None:
        if person not in self.model.gone:
            repost_or_end(self, person, self.nth(nth), weather, done=done)

    # With each other.

    @rule(pair=pairs, weather=weathers, what=relations)
    @noted
    def relate(self, pair: tuple[int, int], weather: Any, what: str) -> None:
        one_person, other_person = pair
        if one_person in self.model.gone:
            return
        act, one, other, expected = BETWEEN[what]
        self.do(weather, act, **{one: one_person, other: other_person})
        expected(self.model, one_person, other_person)
        if what in {"follow", "leave", "approve", "block"}:
            self.moved |= {pair, pair[::-1]}
        self.touch(*pair)

    @rule(pair=pairs, weather=weathers)
    def follow(self, pair: tuple[int, int], weather: Any) -> None:
        """The same: so many people are strangers to nearly all."""
        self.relate(pair=pair, weather=weather, what="follow")

    @rule(days=st.sampled_from((*DAYS, SLEEP)), author=known, other=people, nth=st.integers(0, 9))
    @noted
    def wait(self, days: float, author: int, other: int, nth: int) -> None:
        """Time passes, and seldom so much that everybody sleeps."""
        if days == SLEEP:
            self.sleep(author, other, nth)
        else:
            self.pass_time(days)

    def sleep(self, author: int, other: int, nth: int) -> None:
        """Nobody comes for weeks; a post is pushed to none of them. A day later one follows somebody else, and then reads."""
        readers = sorted(reader for reader, followed in self.model.edges if followed == author)
        self.pass_time(SLEEP)
        self.publish(person=author, weather=None, audience=Audience.EVERYONE)
        self.settle()
        self.pass_time(1)
        if readers and (reader := readers[nth % len(readers)]) != other:
            self.relate(pair=(reader, other), weather=None, what="follow")
            self.settle()
            self.touched = {reader}

    @rule(person=known, weather=weathers)
    @noted
    def change_privacy(self, person: int, weather: Any) -> None:
        self.privacy_turned(person, weather)

    @rule(person=people)
    @noted
    def switch(self, person: int) -> None:
        self.account_turned(person)

    # What must hold.

    @invariant()
    def following_is_as_it_should_be(self) -> None:
        """To who has acted or to whom something has come, and to the others who follow anybody in turn."""
        self.turn += 1
        readers = sorted({reader for reader, _author in self.model.edges}) or PEOPLE
        reader = next(iter(self.touched), readers[self.turn % len(readers)])
        self.touched = set()
        if reader not in self.model.gone:
            self.following_agrees(reader, pages=1 + self.turn % 2)
