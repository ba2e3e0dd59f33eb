"""A repost or its end, done on both sides: the rule that the machines of posts and of the feed have in common."""

from typing import Any

from posts.entities import Post
from posts.reposting import repost_create, repost_delete
from tests.flows.posts_model import Posted


def repost_or_end(machine: Any, person: int, post: Posted, weather: Any, *, done: bool) -> None:
    """Somebody reposts, or takes their repost back, whether it is there or not."""
    if not done:
        machine.do(weather, repost_delete, user_id=person, post_id=post.shown.id)
        machine.room.unrepost(person, post.shown)
        machine.touch(person)
        return
    answer = machine.do(weather, repost_create, user_id=person, post_id=post.id)
    expected = machine.room.repost(person, post)
    if isinstance(expected, Posted):
        assert isinstance(answer, Post)
        assert expected.id in {0, answer.id}, "a repost that was there already"
        expected.id = answer.id
    machine.agree(person, None if isinstance(expected, Posted) else expected, answer)
