"""What reposts, quotes, saves and shares cost, in write units and in round trips."""

import pytest

from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from posts.reposting import repost_create, repost_delete
from posts.saves import services
from posts.selectors import post_by_id, posts_by_ids
from posts.sharing import post_share
from posts.visibility import visible_posts
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


def test_writes_cost_what_is_written() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    bob_id = id_of(bob)
    with assert_units(write=8):
        repost_create(user_id=bob_id, post_id=post.id)
    with assert_units(write=11):
        repost_delete(user_id=bob_id, post_id=post.id)
    with assert_units(write=7):
        a_post(by=bob, quote_of=post.id)
    with assert_units(write=2):
        services.post_save(user_id=bob_id, post_id=post.id)
    mine = services.collection_create(user_id=bob_id, name="Tides").id
    with assert_units(write=6):
        services.collection_add(user_id=bob_id, post_id=post.id, collection_id=mine)
    with assert_units(write=4):
        post_share(user_id=bob_id, post_id=post.id)


def test_a_page_with_reposts_and_quotes_asks_once_more_for_each_layer() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    targets = [a_post(by=ana) for _ in range(3)]
    plain = [a_post(by=bob) for _ in range(3)]
    repeated = [repost_create(user_id=id_of(bob), post_id=post.id) for post in targets]
    quoting = [a_post(by=bob, quote_of=post.id) for post in targets]
    everything = posts_by_ids([post.id for post in [*plain, *repeated, *quoting]])
    for post in targets:
        post_by_id(post.id)  # in the cache, as of any page that was looked at
    with assert_dynamodb_calls(1):
        assert len(visible_posts(id_of(eve), [everything[post.id] for post in plain])) == 3
    with assert_dynamodb_calls(3):  # each layer asks whether its authors and the viewer block each other
        assert len(visible_posts(id_of(eve), everything.values())) == 9
