"""Likes: counted exactly, repeated without effect, refused where the post is not to be seen."""

from dataclasses import replace

import pytest

from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.entities import PostId, UserId
from config.ids import next_id
from posts import selectors
from posts.errors import PostNotFound
from posts.repository import likes as repository
from posts.services import like_create, like_delete, post_delete
from tests.accounts.factory import a_user
from tests.hands import Hands
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


def test_a_like_is_counted_once_and_taken_back_once() -> None:
    ana, bob = a_user(), a_user("bob")
    post, bob_id = a_post(by=ana), UserId(bob.pk)
    for _twice in range(2):
        like_create(user_id=bob_id, post_id=post.id)
        assert selectors.post_by_id(post.id) == replace(post, like_count=1)
        assert selectors.liked_among(bob_id, [post.id]) == {post.id}
    for _twice in range(2):
        like_delete(user_id=bob_id, post_id=post.id)
        assert selectors.post_by_id(post.id) == post
        assert selectors.liked_among(bob_id, [post.id]) == set()


def test_an_author_may_like_their_own_post() -> None:
    ana = a_user()
    post = a_post(by=ana, audience="only_me")
    like_create(user_id=UserId(ana.pk), post_id=post.id)
    assert selectors.post_counts(post.id).likes == 1


def test_a_like_costs_one_transaction_whatever_the_size_of_the_post() -> None:
    ana = a_user()
    post, liker = a_post(by=ana, text="я" * 2000), UserId(next_id())
    repository.put_like(post.id, UserId(ana.pk), author_id=UserId(ana.pk))
    with assert_dynamodb_calls(1), assert_units(write=5):
        repository.put_like(post.id, liker, author_id=UserId(ana.pk))
    with assert_dynamodb_calls(1), assert_units(write=5):
        repository.delete_like(post.id, liker)


def test_which_of_twenty_i_like_is_one_batch() -> None:
    ana = a_user()
    ana_id, posts = UserId(ana.pk), [a_post(by=ana, text=f"Number {n}.") for n in range(20)]
    for post in posts[::3]:
        like_create(user_id=ana_id, post_id=post.id)
    with assert_dynamodb_calls(1):
        assert selectors.liked_among(ana_id, [post.id for post in posts]) == {post.id for post in posts[::3]}
    with assert_dynamodb_calls(0):
        assert selectors.liked_among(None, [post.id for post in posts]) == set()


def test_missing_and_deleted_posts_take_no_likes() -> None:
    ana = a_user()
    post, ana_id = a_post(by=ana), UserId(ana.pk)
    post_delete(user_id=ana_id, post_id=post.id)
    for post_id in (post.id, PostId(next_id())):
        with pytest.raises(PostNotFound):
            like_create(user_id=ana_id, post_id=post_id)
    with pytest.raises(PostNotFound):  # even for who has looked before it was deleted
        repository.put_like(post.id, ana_id, author_id=ana_id)
    assert selectors.post_counts(post.id).likes == 0


def test_a_like_on_a_post_that_is_deleted_can_be_taken_back() -> None:
    ana, bob = a_user(), UserId(a_user("bob").pk)
    post = a_post(by=ana)
    like_create(user_id=bob, post_id=post.id)
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    like_delete(user_id=bob, post_id=post.id)
    assert selectors.post_counts(post.id).likes == 0


def test_eight_threads_liking_and_unliking_leave_an_exact_count() -> None:
    post = a_post(by=a_user())
    people = [UserId(next_id()) for _ in range(12)]

    def toggle(seed: int) -> None:
        for step in range(12):
            person = people[(seed * 7 + step * 5) % len(people)]
            if (seed + step) % 3:
                repository.put_like(post.id, person, author_id=post.author_id)
            else:
                repository.delete_like(post.id, person)

    with Hands(8) as threads:
        list(threads.map(toggle, range(8)))
    liked = sum(bool(selectors.liked_among(person, [post.id])) for person in people)
    assert selectors.post_counts(post.id).likes == liked
