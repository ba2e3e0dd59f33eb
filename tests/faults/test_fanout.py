"""A post reaches every follower exactly once, whatever dies on its way: real processes, killed with SIGKILL.

An inbox item's key is reader and post, so a post can't be in an inbox twice; pages are read as well, for a page could
still repeat it. Missing is what these tests look for.
"""

from uuid import uuid4

import pytest

from accounts.models import User
from config.entities import PostId
from config.streams.consumer import GROUP
from config.streams.leases import leases_of
from config.streams.tail import ShardTail
from posts.tables import POSTS
from tests.faults.fan_out_stage import reached
from tests.feed.factory import a_person, home_of, posted
from tests.flows.api_client import Api
from tests.graph.factory import follows, id_of
from tests.stack import TestStack, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def is_unsaved(post: PostId) -> bool:
    """Whether a consumer that starts now would be given the post's record again."""
    tails = [
        ShardTail(POSTS, lease.stream_arn, lease.shard_id, lease.checkpoint)
        for lease in leases_of(GROUP, POSTS)
        if not lease.is_finished
    ]
    return any(
        change.keys == {"pk": f"POST#{post}", "sk": "META"} for tail in tails for change in tail.read()
    )


def post_handled_but_not_saved(stack: TestStack, author: User, fans: list[User]) -> list[PostId]:
    """Post until a record has been handled and its checkpoint is still to come, and kill the consumer there."""
    posts = []
    readers = [id_of(fan) for fan in fans]
    for _ in range(30):
        post = posted(by=author)
        posts.append(post)
        eventually(lambda post=post: reached(readers, post) == len(fans), every_seconds=0.01)
        if is_unsaved(post):
            stack.kill("consumer")
            if is_unsaved(post):
                return posts
            stack.start("consumer")
    raise AssertionError("the checkpoint always came before the kill")


def test_the_consumer_is_killed_between_handling_and_checkpoint(stack: TestStack) -> None:
    ana, fans = a_person("ana"), [a_person("fan") for _ in range(3)]
    for fan in fans:
        follows(fan, ana)
    posts = post_handled_but_not_saved(stack, ana, fans)
    again = posts[-1]
    posts.append(posted(by=ana))
    stack.start("consumer")
    eventually(lambda: all(home_of(fan) == posts[::-1] for fan in fans))
    eventually(lambda: not is_unsaved(again))
    assert all(home_of(fan) == posts[::-1] for fan in fans), "handled twice, there once"


def test_both_redis_are_away_while_posting(stack: TestStack) -> None:
    mark = uuid4().hex[:8]
    ana, bob = Api(stack.base_url), Api(stack.base_url)
    profile = ana.sign_up(f"ana_{mark}", "a-heron-at-low-tide")
    bob.sign_up(f"bob_{mark}", "a-heron-at-low-tide")
    bob.call("PUT", f"/follows/{profile['id']}/")
    first = ana.call("POST", "/posts/", {"text": "before"})
    eventually(lambda: [item["id"] for item in bob.home()] == [first["id"]])
    for redis in stack.redis.values():
        redis.kill()
    try:
        during = [ana.call("POST", "/posts/", {"text": f"without Redis {number}"}) for number in range(3)]
        shown = [item["id"] for item in ana.home()]
        assert shown == [post["id"] for post in [*during[::-1], first]], "the feed is read without a cache"
    finally:
        for redis in stack.redis.values():
            redis.restart()
    last = ana.call("POST", "/posts/", {"text": "after"})
    expected = [post["id"] for post in [last, *during[::-1], first]]
    eventually(lambda: [item["id"] for item in bob.home()] == expected)
    assert [item["id"] for item in ana.home()] == expected
