"""Whatever happens to posts, and in whichever order the workers get to it, the rankings come to what the posts say."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.entities import PostId, UserId
from config.ids import next_id
from posts import tag_heat
from posts.editing import post_edit
from posts.entities import Post
from posts.ranking import is_ranked, rank_settle
from posts.ranks import id_of as post_of
from posts.ranks import rung, rung_of
from posts.removal import post_restore
from posts.repository import keys, ranks
from posts.repository import posts as repository
from posts.repository.tags import query_tag
from posts.selectors import post_counts
from posts.services import like_create, like_delete, post_clear_deleted, post_delete
from posts.tags import tags_change, tags_enter
from posts.text.parse import tags_of
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db
POSTS, LIKERS = 3, [UserId(next_id()) for _liker in range(4)]
Work = Callable[[], object]


class World:
    """Some posts of one author, two hashtags, and what workers have yet to do."""

    def __init__(self) -> None:
        self.author = a_user()
        self.tags = [f"wave{next_id()}", f"foam{next_id()}"]
        self.ids = [a_post(by=self.author, text=f"#{self.tags[0]}").id for _post in range(POSTS)]
        self.waiting: list[Work] = [partial(tags_enter, post_id=post_id) for post_id in self.ids]

    def stored(self, post_id: PostId) -> Post:
        post = repository.get_post(post_id)
        assert post
        return post

    def do(self, action: str, number: int, choice: int) -> None:
        """One thing that somebody does, and what the stream queues for it."""
        post_id = self.ids[number]
        before = self.stored(post_id)
        if action in {"like", "unlike"}:
            if action == "like" and is_ranked(before):
                like_create(user_id=LIKERS[choice], post_id=post_id)
            else:
                like_delete(user_id=LIKERS[choice], post_id=post_id)
        elif action == "delete":
            post_delete(user_id=before.author_id, post_id=post_id)
            self.waiting.append(partial(post_clear_deleted, post_id=post_id))
        elif action == "restore":
            post_restore(user_id=before.author_id, post_id=post_id)
            self.waiting.append(partial(tags_enter, post_id=post_id))
        elif action == "spread":
            tag_heat.spread(self.tags[choice % 2], from_ms=0)
        elif not before.deleted:
            self.edit(before, choice)
        self.waiting.append(partial(rank_settle, post_id=post_id))

    def edit(self, before: Post, choice: int) -> None:
        """Another tag, both, or none; now and then for its author alone."""
        text = "A wave. " + " ".join(f"#{tag}" for bit, tag in enumerate(self.tags) if choice >> bit & 1)
        audience = "only_me" if choice == 0 else "everyone"
        post_edit(
            user_id=before.author_id, post_id=before.id, version=before.version, text=text, audience=audience
        )
        gone = tags_of(before.shown_facets)
        self.waiting.append(partial(tags_change, post_id=before.id, before=gone))

    def work(self, position: int) -> None:
        """A worker takes any of what waits."""
        if self.waiting:
            self.waiting.pop(position % len(self.waiting))()

    def check(self) -> None:
        """The index says of each post what the post and its likes say, and every entry the same."""
        top = self.index(keys.top_of_author(id_of(self.author)))
        for post_id in self.ids:
            post, likes = self.stored(post_id), post_counts(post_id).likes
            if not is_ranked(post) or (likes == 0 and post_id not in top):
                assert post_id not in top
            else:
                assert rung(likes) <= rung_of(top[post_id]) <= rung(likes) + 1
        for tag in self.tags:
            tagged = {i for i in self.ids if self.stored(i).is_listed and tag in self.tags_of(i)}
            assert set(query_tag(tag, before=None, limit=9, lists=tag_heat.SHARDS)) == tagged
            assert self.index(keys.top_of_tag(tag)) == {i: top[i] for i in tagged if i in top}

    def tags_of(self, post_id: PostId) -> list[str]:
        return tags_of(self.stored(post_id).shown_facets)

    def index(self, partition: str) -> dict[PostId, int]:
        found: dict[PostId, int] = {}
        for rank in ranks.query_top(partition, below=None, limit=20):
            assert found.setdefault(PostId(post_of(rank)), rank) == rank  # two entries of a post say the same
        return found


ACTIONS = ("like", "like", "unlike", "delete", "restore", "edit", "edit", "spread")
steps = st.tuples(
    st.sampled_from(ACTIONS),
    st.integers(0, POSTS - 1),
    st.integers(0, 3),
    st.lists(st.integers(0, 9), max_size=3),
)


@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=4, max_size=25), st.randoms(use_true_random=False))
def test_in_any_order(happened: list[tuple[str, int, int, list[int]]], order: Random) -> None:
    world = World()
    for action, number, choice, worked in happened:
        world.do(action, number, choice)
        for position in worked:
            world.work(position)
    while world.waiting:
        world.work(order.randrange(100))
    world.check()
