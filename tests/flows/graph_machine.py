"""The machine of `test_graph_machine`: what people do to each other, what becomes of the stream, and how it is done."""

import time
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from config.entities import PostId
from config.errors import AppError
from config.ids import next_id
from graph import promotion
from graph.approvals import requests_approve_all
from graph.blocks import block_create, block_delete
from graph.close_friends import close_friend_add, close_friend_remove
from graph.errors import AccountGone
from graph.heat_repository import heat_get
from graph.mutes import mute_create, mute_delete
from graph.services import (
    follow_create,
    follow_delete,
    follower_remove,
    request_approve,
    request_cancel,
    request_decline,
)
from posts.entities import Audience, Post
from tests.accounts.factory import a_user
from tests.flows.graph_agreement import PEOPLE, Agreement
from tests.flows.graph_model import Graph
from tests.flows.machine_runs import runs_of
from tests.flows.machine_world import seeds, weathers
from tests.graph.factory import id_of

RUNS = runs_of(50)

# Few pairs meet often, so that much happens between the same two.
pairs = st.sampled_from([(0, 1), (1, 0)] * 4 + [(a, b) for a in PEOPLE for b in PEOPLE if a != b])
people = st.sampled_from(PEOPLE)


class People(Agreement):
    """The machine. `touched` are those whose lists may have changed by the last step."""

    @initialize()
    def meet(self) -> None:
        self.begin([id_of(a_user(f"p{person}")) for person in PEOPLE], RUNS, 50)
        self.model = Graph(len(PEOPLE))
        self.numbers = {user_id: person for person, user_id in enumerate(self.ids)}
        self.touched = set()
        self.said: list[tuple[Callable[..., Any], dict[str, Any]]] = []
        self.posts = {
            (person, audience): Post(PostId(next_id()), self.ids[person], "", (), audience, 0)
            for person in PEOPLE
            for audience in Audience
        }

    # What people do.

    @rule(pair=pairs, weather=weathers, named=st.booleans())
    def follow(self, pair: tuple[int, int], weather: Any, named: bool) -> None:
        a, b = pair
        if a in self.model.gone:
            return
        done = self.say(weather, follow_create, named=named, follower_id=a, followee_id=b)
        assert done == self.model.follow(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, named=st.booleans(), removed=st.booleans())
    def leave(self, pair: tuple[int, int], weather: Any, named: bool, removed: bool) -> None:
        a, b = pair
        end = follower_remove if removed else follow_delete
        assert self.say(weather, end, named=named, follower_id=a, followee_id=b) is None
        self.model.leave(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, named=st.booleans())
    def approve(self, pair: tuple[int, int], weather: Any, named: bool) -> None:
        a, b = pair
        done = self.say(weather, request_approve, named=named, follower_id=a, followee_id=b)
        assert done == self.model.approve(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, named=st.booleans(), declined=st.booleans())
    def withdraw(self, pair: tuple[int, int], weather: Any, named: bool, declined: bool) -> None:
        a, b = pair
        end = request_decline if declined else request_cancel
        assert self.say(weather, end, named=named, follower_id=a, followee_id=b) is None
        self.model.withdraw(a, b)
        self.touch(a, b)

    @rule(person=people, weather=weathers)
    def approve_all(self, person: int, weather: Any) -> None:
        self.do(weather, requests_approve_all, owner_id=person)
        self.model.approve_all(person, self.run_of(person))

    @rule(pair=pairs, weather=weathers, named=st.booleans())
    def block(self, pair: tuple[int, int], weather: Any, named: bool) -> None:
        a, b = pair
        self.say(weather, block_create, named=named, blocker_id=a, blocked_id=b)
        self.model.block(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, named=st.booleans())
    def unblock(self, pair: tuple[int, int], weather: Any, named: bool) -> None:
        a, b = pair
        self.say(weather, block_delete, named=named, blocker_id=a, blocked_id=b)
        self.model.unblock(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, muted=st.booleans())
    def mute(self, pair: tuple[int, int], weather: Any, muted: bool) -> None:
        a, b = pair
        act, expected = (mute_create, self.model.mute) if muted else (mute_delete, self.model.unmute)
        assert self.do(weather, act, muter_id=a, muted_id=b) == expected(a, b)
        self.touch(a, b)

    @rule(pair=pairs, weather=weathers, close=st.booleans())
    def befriend(self, pair: tuple[int, int], weather: Any, close: bool) -> None:
        a, b = pair
        act, expected = (
            (close_friend_add, self.model.befriend) if close else (close_friend_remove, self.model.unfriend)
        )
        assert self.do(weather, act, owner_id=a, member_id=b) == expected(a, b)
        self.touch(a, b)

    @rule(seed=seeds, weather=weathers)
    def say_again(self, seed: int, weather: Any) -> None:
        """What a client said and was done comes once more, however late: nothing changes, whatever others did since."""
        if not self.said:
            return
        act, sent = Random(seed).choice(self.said)
        answer = self.do(weather, act, **sent)
        a, b = (sent[name] for name in sent if name != "request_id")
        if act is follow_create:
            assert answer == (AccountGone if b in self.model.gone else self.model.relationship(a, b).state)
        self.touch(a, b)

    @rule(person=people, weather=weathers)
    def change_privacy(self, person: int, weather: Any) -> None:
        self.privacy_turned(person, weather)

    @rule(person=people)
    def switch(self, person: int) -> None:
        self.account_turned(person)

    @rule(person=people)
    def grow_hot(self, person: int) -> None:
        """Followers are spread over twice as many shards and, at first, parts of the index."""
        heat = heat_get(self.ids[person], consistent=True)
        parts = min(4, 2 * heat.epochs[-1][1])
        shards = min(8, 2 * heat.shards)
        grown = replace(heat, shards=shards, write_shards=shards, version=heat.version + 1)
        if parts > heat.epochs[-1][1]:
            grown = replace(grown, epochs=(*heat.epochs, (next_id(), parts)))
        assert promotion.heat_store(self.ids[person], grown, now_ms=time.time_ns() // 1_000_000)
        self.settled = False
        self.touch(person)

    # How it is done.

    def say(self, weather: Any, act: Callable[..., Any], *, named: bool, **sent: Any) -> Any:
        """Do it, by a name of the client's own or without; what was named and done may be said again later."""
        if not named:
            return self.do(weather, act, **sent)
        sent["request_id"] = str(next_id())
        answer = self.do(weather, act, **sent)
        if not (isinstance(answer, type) and issubclass(answer, AppError)):
            self.said.append((act, sent))
        return answer

    def teardown(self) -> None:
        """Every run ends with everything handled and everybody looked at."""
        if hasattr(self, "model"):
            self.settle()
            self.touched = set(PEOPLE)
            self.relationships_and_counts_agree()
            self.lists_agree()
            self.everybody_sees_what_is_for_them()
            self.lists_hide_what_is_hidden()
