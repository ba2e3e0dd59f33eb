"""What the people of `test_posts_machine` do to each other, and what becomes of the cache."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from hypothesis import strategies as st
from hypothesis.stateful import rule

from graph.blocks import block_create, block_delete
from graph.close_friends import close_friend_add, close_friend_remove
from graph.mutes import mute_create, mute_delete
from graph.services import follow_create, follow_delete, request_approve
from tests.flows.graph_model import Graph
from tests.flows.machine_world import weathers
from tests.flows.posts_agreement import PEOPLE, PostsAgreement

people = st.sampled_from(PEOPLE)
# Few pairs meet often, so that much happens between the same two.
pairs = st.sampled_from([(0, 1), (1, 0)] * 3 + [(a, b) for a in PEOPLE for b in PEOPLE if a != b])

BETWEEN: dict[str, tuple[Callable[..., Any], str, str, Callable[[Graph, int, int], Any]]] = {
    "follow": (follow_create, "follower_id", "followee_id", Graph.follow),
    "leave": (follow_delete, "follower_id", "followee_id", Graph.leave),
    "approve": (request_approve, "follower_id", "followee_id", Graph.approve),
    "block": (block_create, "blocker_id", "blocked_id", Graph.block),
    "unblock": (block_delete, "blocker_id", "blocked_id", Graph.unblock),
    "mute": (mute_create, "muter_id", "muted_id", Graph.mute),
    "unmute": (mute_delete, "muter_id", "muted_id", Graph.unmute),
    "befriend": (close_friend_add, "owner_id", "member_id", Graph.befriend),
    "unfriend": (close_friend_remove, "owner_id", "member_id", Graph.unfriend),
}
relations = st.sampled_from(["follow"] * 5 + ["befriend"] + [*BETWEEN])


class Neighbours(PostsAgreement):
    """All that is no post."""

    @rule(pair=pairs, weather=weathers, what=relations)
    def relate(self, pair: tuple[int, int], weather: Any, what: str) -> None:
        a, b = pair
        if a in self.model.gone:
            return
        act, one, other, expected = BETWEEN[what]
        answer = self.do(weather, act, **{one: a, other: b})
        if what not in {"block", "unblock", "leave"}:
            assert answer == expected(self.model, a, b)
        else:
            expected(self.model, a, b)
        self.touch(a, b)

    @rule(person=people, weather=weathers)
    def change_privacy(self, person: int, weather: Any) -> None:
        self.privacy_turned(person, weather)

    @rule(person=people)
    def switch(self, person: int) -> None:
        self.account_turned(person)

    @rule()
    def forget(self) -> None:
        """The cache is empty."""
        cache.clear()
