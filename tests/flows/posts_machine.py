"""The machine of `test_posts_machine`: what people do with posts and to each other, on a database that fails."""

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from config.errors import AppError
from config.ids import next_id
from posts.comment_entities import Comment
from posts.editing import post_edit
from posts.entities import Audience, Post
from posts.errors import CommentNotFound
from posts.promotion import post_spread
from posts.removal import post_restore
from posts.saves.services import post_save, post_unsave
from posts.services import like_create, like_delete, post_create, post_delete
from posts.sharing import post_share
from posts.shelving import post_archive, post_pin, post_unpin
from posts.standing import Standing
from posts.threads import comment_delete, comment_hide, comment_like, comment_unlike
from tests.accounts.factory import a_user
from tests.flows.graph_model import Graph
from tests.flows.machine_runs import runs_of
from tests.flows.machine_world import weathers
from tests.flows.posts_agreement import PEOPLE, TAGS
from tests.flows.posts_deeds import Deeds
from tests.flows.posts_hands import Once, ruled
from tests.flows.posts_model import Posted, Said
from tests.flows.posts_people import Neighbours, pairs, people
from tests.flows.repost_rule import repost_or_end
from tests.graph.factory import id_of

CI_RUNS = 25
RUNS = runs_of(CI_RUNS)

nths = st.integers(0, 3) | st.integers(0, 30)
"""Which one, counted from the newest."""
audiences = st.sampled_from([Audience.EVERYONE] * 3 + [Audience.FOLLOWERS] * 2 + [*Audience])
tags = st.sampled_from(["", *TAGS])


MARKS: dict[str, tuple[Callable[..., Any], Callable[[Deeds, int, Posted], Any], bool]] = {
    "like": (like_create, Deeds.like, False),
    "unlike": (like_delete, Deeds.unlike, True),
    "share": (post_share, Deeds.share, False),
    "save": (post_save, Deeds.save, False),
    "unsave": (post_unsave, Deeds.unsave, True),
}


class Room(Neighbours):
    """The machine."""

    deaf = ("feed.consumers.suggest", "feed.consumers.note_topics", "feed.notifications")

    @initialize()
    def meet(self) -> None:
        self.begin([id_of(a_user(f"p{person}")) for person in PEOPLE], RUNS, CI_RUNS)
        self.model = Graph(len(PEOPLE))
        self.room = Deeds(self.model)
        self.numbers = {user_id: person for person, user_id in enumerate(self.ids)}
        self.touched, self.hot, self.steps, self.number = set(), [], 0, next_id()
        self.words = count(1)
        self.begin_together()

    def begin_together(self) -> None:
        """Who follows whom, and something to look at: so much is there in any room."""
        for pair in ((1, 0), (2, 0), (0, 1)):
            self.relate(pair=pair, weather=None, what="follow")
        self.publish(person=0, weather=None, audience=Audience.EVERYONE, tag=TAGS[0], quoted=None)
        self.comment(person=1, nth=0, weather=None, answered=None)
        self.publish(person=2, weather=None, audience=Audience.EVERYONE, tag="", quoted=0)
        self.repost(person=1, nth=1, weather=None, done=True)
        self.publish(person=1, weather=None, audience=Audience.FOLLOWERS, tag=TAGS[1], quoted=None)

    # What people do with posts.

    @rule(person=people, weather=weathers, audience=audiences, tag=tags, quoted=st.none() | nths)
    def publish(self, person: int, weather: Any, audience: Audience, tag: str, quoted: int | None) -> None:
        if person in self.model.gone:
            return
        target = None if quoted is None else self.nth(quoted)
        made = Posted(person, audience, self.text(tag), tag and self.tag(tag), quotes=target)
        made.for_followers = not tag and audience is Audience.EVERYONE
        sent = {} if target is None else {"quote_of": target.id}
        answer = self.do(
            weather,
            post_create,
            author_id=person,
            text=made.text,
            audience=audience,
            commenting="followers" if made.for_followers else "everyone",
            idempotency_key=str(next_id()),
            **sent,
        )
        refusal = self.room.post(made)
        made.id = answer.id if isinstance(answer, Post) else 0
        assert (answer if refusal else None) == refusal
        self.touch(person)

    @rule(
        pair=pairs,
        own=st.booleans(),
        nth=nths,
        weather=weathers,
        tag=tags,
        audience=audiences,
        late=st.booleans(),
    )
    def edit(
        self,
        *,
        pair: tuple[int, int],
        own: bool,
        nth: int,
        weather: Any,
        tag: str,
        audience: Audience,
        late: bool,
    ) -> None:
        if (post := self.nth(nth)) is None or (person := self.hand(pair, post, own=own)) is None:
            return
        version = max(1, post.version - late)
        text = self.text(tag) if tag else post.text
        kept_tag = self.tag(tag) if tag else post.tag
        changes = {"version": version, "text": text, "audience": audience}
        expected = self.room.edit(person, post, version, text=text, tag=kept_tag, audience=audience)
        self.agree(person, expected, self.do(weather, post_edit, user_id=person, post_id=post.id, **changes))

    @rule(
        pair=pairs,
        own=st.booleans(),
        nth=nths,
        weather=weathers,
        what=st.sampled_from(["delete", "restore", "archive", "put back", "pin", "pin", "unpin"]),
    )
    def put(self, pair: tuple[int, int], own: bool, nth: int, weather: Any, what: str) -> None:
        """Away, back, on top."""
        if (post := self.nth(nth)) is None or (person := self.hand(pair, post, own=own)) is None:
            return
        room = self.room
        acts: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, bool]]] = {
            "delete": (post_delete, room.delete, {}),
            "restore": (post_restore, room.restore, {}),
            "archive": (post_archive, room.archive, {"archived": True}),
            "put back": (post_archive, room.archive, {"archived": False}),
            "pin": (post_pin, room.pin, {}),
            "unpin": (post_unpin, room.unpin, {}),
        }
        act, expected, how = acts[what]
        answer = self.do(weather, act, user_id=person, post_id=post.id, **how)
        self.agree(person, expected(person, post, **how), answer)

    @rule(person=people, nth=nths, weather=weathers, what=st.sampled_from(["like", "like", *MARKS]))
    def mark(self, person: int, nth: int, weather: Any, what: str) -> None:
        """Like, save, share; take back, also what is not for the person any more."""
        if (post := self.nth(nth)) is None or person in self.model.gone:
            return
        act, expected, is_back = MARKS[what]
        post = post.shown if is_back else post
        answer = self.do(weather, act, user_id=person, post_id=post.id)
        self.agree(person, expected(self.room, person, post), answer)

    @rule(person=people, nth=nths, weather=weathers, done=st.sampled_from([True, True, False]))
    def repost(self, person: int, nth: int, weather: Any, done: bool) -> None:
        if (post := self.nth(nth)) is not None and person not in self.model.gone:
            repost_or_end(self, person, post, weather, done=done)

    @rule(person=people, nth=nths, weather=weathers, answered=st.none() | nths)
    def comment(self, person: int, nth: int, weather: Any, answered: int | None) -> None:
        if (post := self.nth(nth)) is None or person in self.model.gone:
            return
        post, said = post.shown, Said(person, f"Said {next(self.words)}")
        if answered is not None and post.comments:
            said.answers = post.comments[-1 - answered % len(post.comments)]
        sent = {"post_id": post.id, "text": said.text, "reply_to": said.answers and said.answers.ref}
        answer = self.do(weather, Once(), author_id=person, **sent)
        if isinstance(answer, Comment):
            said.ref = answer.ref
        self.agree(person, self.room.comment(said, post), answer)

    @rule(
        person=people,
        nth=nths,
        which=nths,
        weather=weathers,
        what=st.sampled_from(["delete", "hide", "show"]),
    )
    def answer_for(self, person: int, nth: int, which: int, weather: Any, what: str) -> None:
        """A comment is taken back, hidden, or liked."""
        commented = [post for post in self.room.posts if post.comments]
        if not commented or person in self.model.gone:
            return
        post = commented[-1 - nth % len(commented)]
        said = post.comments[-1 - which % len(post.comments)]
        room, ref = self.room, {"user_id": person, "ref": said.ref}
        if what == "delete":
            answer = self.do(weather, comment_delete, unless=CommentNotFound, **ref)
            expected = room.uncomment(person, post, said)
        elif what == "like":
            answer = self.do(weather, comment_like, **ref)
            expected = room.like_comment(person, post, said)
        elif what == "unlike":
            answer = self.do(weather, comment_unlike, **ref)
            said.likes.discard(person)
            expected = None
        else:
            answer = self.do(weather, comment_hide, hidden=what == "hide", **ref)
            expected = room.hide(person, post, said, hidden=what == "hide")
        self.agree(person, expected, answer)

    @rule(nth=nths, weather=weathers, held=st.sampled_from([True, False, False]))
    def moderate(self, nth: int, weather: Any, held: bool) -> None:
        """A moderator holds a post back, or lets it be seen."""
        if (post := self.nth(nth)) is None or post.repeats:
            return
        self.do(weather, ruled, post_id=post.id, ruling=Standing.HELD if held else Standing.SHOWN)
        post.held = held
        self.touch(post.author)

    @rule(nth=nths, weather=weathers)
    def spread(self, nth: int, weather: Any) -> None:
        """A post is found to be hot: from now on its counts are in many places."""
        post = self.nth(nth)
        if post is not None and not post.deleted and not post.repeats:
            self.do(weather, post_spread, post_id=post.id)
            self.hot.append(post)
            self.touch(post.author)

    # How it is done.

    def agree(self, person: int, expected: type[AppError] | None, answer: Any) -> None:
        """Refused as it should be, or not at all."""
        refused = answer if isinstance(answer, type) else None
        assert refused == expected
        self.touch(person)

    def nth(self, nth: int) -> Posted | None:
        posts = [post for post in self.room.posts if not (post.repeats and post.deleted)]
        return posts[-1 - nth % len(posts)] if posts else None

    def hand(self, pair: tuple[int, int], post: Posted, *, own: bool) -> int | None:
        """Whose hand is at the post: mostly its author's."""
        person = post.author if own or pair[0] < 2 else pair[1]
        return None if person in self.model.gone else person

    def text(self, tag: str) -> str:
        said = f"Word {next(self.words)}"
        return f"{said} #{self.tag(tag)}" if tag else said

    def teardown(self) -> None:
        """Every run ends with everything handled, and everybody looking at everything."""
        if not hasattr(self, "room"):
            return
        self.settle()
        for viewer in [None, *(person for person in PEOPLE if person not in self.model.gone)]:
            self.posts_agree(viewer)
            for look in self.looks():
                look(viewer)
                self.steps += 1
        self.counts_of_authors_agree()
