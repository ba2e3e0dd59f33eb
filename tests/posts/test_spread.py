"""A hot post: changes of its counts go into shards, and whoever adds up all of them gets the exact number."""

import random

import pytest
from rest_framework.test import APIClient

from config.dynamodb import batch_get, query, transact
from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.entities import UserId
from config.ids import next_id
from posts import cache, selectors
from posts.entities import Post
from posts.errors import PostNotFound
from posts.mark_entities import MarkKind
from posts.removal import deleted_sweep, post_restore
from posts.repository import counts, keys, likes
from posts.services import like_create, like_delete, post_delete
from posts.spread import HOT, QUIET, counts_change, spread_of, with_own_like
from posts.tables import COUNT_SHARDS, POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.factory import a_post
from tests.posts.test_removal import after_its_time

pytestmark = pytest.mark.django_db


def a_hot_post(**fields: object) -> Post:
    """A post whose counts are spread, as everybody knows by now."""
    post = a_post(by=a_user(), **fields)
    assert counts.set_spread(post.id)
    cache.forget_counts(post.id)
    return selectors.post_by_id(post.id)


def in_all(post: Post, name: str = "likes") -> int:
    return sum((item or {}).get(name, 0) for item in counts.get_all(post.id))


def test_likes_of_a_hot_post_go_into_shards_and_are_folded() -> None:
    post = a_hot_post()
    people = [UserId(next_id()) for _ in range(40)]
    for person in people:
        like_create(user_id=person, post_id=post.id)
    first, *shards = counts.get_all(post.id)
    assert first
    assert "likes" not in first
    assert sum(item is not None for item in shards) > COUNT_SHARDS // 3
    assert in_all(post) == 40
    folded = counts.fold(post.id)
    assert folded
    assert (folded.likes, folded.spread) == (40, COUNT_SHARDS)
    assert selectors.post_counts(post.id).likes == 40
    for person in people[:15]:
        like_delete(user_id=person, post_id=post.id)
    for _however_often in range(3):
        counts.fold(post.id)
    assert selectors.post_counts(post.id).likes == in_all(post) == 25


def test_who_has_just_liked_sees_it_counted_before_anybody_has_folded() -> None:
    post, bob = a_hot_post(), a_user("bob")
    client = APIClient()
    client.force_authenticate(bob)
    assert client.put(f"/api/v1/posts/{post.id}/like/").json() == {"liked": True, "like_count": 1}
    assert client.put(f"/api/v1/posts/{post.id}/like/").json()["like_count"] in {0, 1}  # in another shard
    assert client.get(f"/api/v1/posts/{post.id}/").json()["like_count"] == 1
    assert selectors.post_by_id(post.id).like_count == 0
    folded = counts.fold(post.id)
    assert folded
    cache.set_counts(post.id, folded)
    assert client.get(f"/api/v1/posts/{post.id}/").json()["like_count"] == 1
    assert client.delete(f"/api/v1/posts/{post.id}/like/").json() == {"liked": False, "like_count": 0}


def test_a_like_that_is_summed_up_or_old_is_not_counted_twice() -> None:
    post = a_hot_post()
    assert with_own_like(post, None) == post
    assert with_own_like(post, 1).like_count == 0
    folded = counts.fold(post.id)
    assert folded
    assert folded.folded_at_ms
    known = cache.with_counts(post, folded)
    assert with_own_like(known, folded.folded_at_ms).like_count == 0
    assert with_own_like(known, folded.folded_at_ms + 1).like_count == 1


def test_whoever_has_not_heard_writes_where_it_always_was_and_is_right() -> None:
    post, person = a_hot_post(), UserId(next_id())
    assert likes.put_like(post.id, person, author_id=post.author_id)
    assert likes.delete_like(post.id, person, shard=3)
    assert in_all(post) == 0
    assert likes.put_like(post.id, person, author_id=post.author_id, shard=5)
    assert likes.delete_like(post.id, person)
    counts.fold(post.id)
    assert selectors.post_counts(post.id).likes == in_all(post) == 0


def test_the_cache_tells_writers_and_a_quiet_post_costs_what_it_did() -> None:
    post = a_hot_post()
    assert spread_of(post.id) == HOT
    quiet = a_post(by=a_user())
    assert spread_of(quiet.id) == QUIET
    with assert_dynamodb_calls(1), assert_units(write=2):
        transact([counts_change(quiet.id, QUIET, add={"shares": 1})])
    assert selectors.post_counts(quiet.id).shares == 1
    with assert_dynamodb_calls(1), assert_units(read=2):
        selectors.post_counts(post.id, shard=3)
    with assert_dynamodb_calls(1), assert_units(write=5):
        likes.put_like(post.id, UserId(next_id()), author_id=post.author_id, shard=3)
    with assert_dynamodb_calls(3), assert_units(read=18, write=1):
        counts.fold(post.id)


def test_a_deletion_closes_every_shard_and_its_undo_opens_them() -> None:
    post, bob = a_hot_post(), id_of(a_user("bob"))
    like_create(user_id=bob, post_id=post.id)
    post_delete(user_id=post.author_id, post_id=post.id)
    for shard in (None, *range(COUNT_SHARDS)):
        with pytest.raises(PostNotFound):
            likes.put_like(post.id, UserId(next_id()), author_id=post.author_id, shard=shard)
    assert counts.set_spread(post.id) is False
    post_restore(user_id=post.author_id, post_id=post.id)
    for shard in (None, *range(COUNT_SHARDS)):
        assert likes.put_like(post.id, UserId(next_id()), author_id=post.author_id, shard=shard)
    counts.fold(post.id)
    assert selectors.post_counts(post.id).likes == COUNT_SHARDS + 2


def test_a_deleted_post_is_not_spread_and_a_quiet_one_has_nothing_to_fold() -> None:
    post = a_post(by=a_user())
    assert counts.fold(post.id) is None
    post_delete(user_id=post.author_id, post_id=post.id)
    assert not counts.set_spread(post.id)
    assert counts.fold(post.id) is None


def test_a_hot_post_goes_with_its_shards_and_everybodys_likes() -> None:
    post, people = a_hot_post(), [UserId(next_id()) for _ in range(30)]
    for person in people:
        like_create(user_id=person, post_id=post.id)
    post_delete(user_id=post.author_id, post_id=post.id)
    assert deleted_sweep(now_ms=after_its_time(post)) >= 1
    assert query(POSTS, keys.partition(post.id), limit=9, consistent=True).items == []
    assert counts.get_all(post.id) == [None] * (COUNT_SHARDS + 1)
    left = batch_get(
        [(POSTS, keys.mark(person, post.id, MarkKind.LIKED)) for person in people], consistent=True
    )
    assert left == [None] * len(people)


def test_folds_and_likes_at_once_end_in_the_exact_number() -> None:
    post, people = a_hot_post(), [UserId(next_id()) for _ in range(60)]

    def toggle(seed: int) -> None:
        choose = random.Random(seed)
        for person in choose.sample(people, 25):
            shard = choose.choice((None, *range(COUNT_SHARDS)))
            if choose.random() < 0.6:
                likes.put_like(post.id, person, author_id=post.author_id, shard=shard)
            else:
                likes.delete_like(post.id, person, shard=shard)
            if choose.random() < 0.3:
                counts.fold(post.id)

    with Hands(6) as threads:
        list(threads.map(toggle, range(6)))
    counts.fold(post.id)
    liked = sum(bool(selectors.liked_among(person, [post.id])) for person in people)
    assert selectors.post_counts(post.id).likes == in_all(post) == liked
