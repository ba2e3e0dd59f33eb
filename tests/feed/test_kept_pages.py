"""Who looks again asks DynamoDB nothing, and sees at once whatever has changed."""

import time
from collections.abc import Callable

import pytest

from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import PostId
from config.ids import next_id
from feed import repository
from feed.entities import InboxItem
from feed.selectors import home_page
from graph.blocks import block_create
from graph.mutes import mute_create
from graph.services import follow_create, follow_delete
from posts.entities import Audience, Post
from posts.repository.posts import put_post
from posts.services import like_create, like_delete, post_create, post_delete
from posts.shelving import post_archive
from tests.feed.factory import a_person, home_of, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
Settle = Callable[[], None]


def test_a_page_that_is_kept_costs_nothing_and_shows_every_change_at_once(settle: Settle) -> None:
    ana, bob, eve, cem = (a_person(name) for name in ("ana", "bob", "eve", "cem"))
    for followee in (bob, eve, cem):
        follows(ana, followee)
    shown = [posted(by=by) for by in (bob, eve, cem)][::-1]
    for _ in range(2):
        settle()
        home_page(id_of(ana), limit=3)
    with assert_dynamodb_calls(
        0
    ):  # a page that is not full goes on to the end of everything, which is not kept
        assert [card.post.id for card in home_page(id_of(ana), limit=3).items] == shown
    assert [card.post.id for card in home_page(id_of(ana), limit=2).items] == shown[:2], "of another length"

    def liked() -> list[bool]:
        return [card.liked for card in home_page(id_of(ana)).items]

    like_create(user_id=id_of(ana), post_id=shown[1])
    assert liked() == [False, True, False]
    like_delete(user_id=id_of(ana), post_id=shown[1])
    assert liked() == [False, False, False]
    own = post_create(author_id=id_of(ana), text="mine").id
    shown = [own, *shown]
    assert home_of(ana) == shown, "before the stream has told of it"
    silent = PostId(next_id())  # pushed, and never heard of
    put_post(Post(silent, id_of(bob), "back", (), Audience.EVERYONE, time.time_ns() // 10**6))
    assert home_of(ana) == shown
    repository.inbox_put([id_of(ana)], [InboxItem(silent, id_of(bob))])
    shown = [silent, *shown]
    assert home_of(ana) == shown
    for archived in (True, False, True):
        post_archive(user_id=id_of(ana), post_id=own, archived=archived)
        assert home_of(ana) == [post for post in shown if post != own or not archived]
    post_archive(user_id=id_of(ana), post_id=own, archived=False)
    post_delete(user_id=id_of(ana), post_id=own)
    shown.remove(own)
    assert home_of(ana) == shown
    mute_create(muter_id=id_of(ana), muted_id=id_of(eve))
    follow_delete(follower_id=id_of(ana), followee_id=id_of(cem))
    assert home_of(ana) == [silent, shown[-1]]
    block_create(blocker_id=id_of(bob), blocked_id=id_of(ana))
    assert home_of(ana) == []
    follow_create(follower_id=id_of(ana), followee_id=id_of(cem))
    settle()
    assert home_of(ana) == [post for post in shown if post not in {silent, shown[-1], shown[-2]}]
