"""Posts: what is stored is what was written, and what each step costs."""

from dataclasses import replace

import pytest
from django.core.cache import cache as shared

from config.cache import forget_local
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered
from config.entities import UserId
from posts.cache import BODIES, warm_new
from posts.editing import post_edit
from posts.entities import Audience
from posts.errors import EmptyPost, IdempotencyKeyReused, NotYours, PostNotFound, TextTooLong
from posts.repository import posts as repository
from posts.selectors import post_by_id, posts_by_ids, posts_of_author, recent_post_ids
from posts.services import post_create, post_delete
from tests.accounts.factory import a_user
from tests.hands import Hands
from tests.posts.factory import a_photo, a_post, likes, read_before

pytestmark = pytest.mark.django_db

TEXTS = [
    "Low tide at the old pier.",
    "Первый снег.\n\nТихо во дворе.",
    "夕焼けの港 🌇",
    "صباح الخير من الميناء",
    "नमस्ते दुनिया",
    "👩‍👩‍👧‍👦 a family, e\u0301 as two characters",
    '<script>alert(1)</script> & "quotes"',
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_written(text: str) -> None:
    ana = a_user()
    written = a_post(by=ana, text=text)
    for _from_cache_then_database in range(2):
        read = post_by_id(written.id)
        assert read == written
        assert (read.text, read.author_id, read.audience) == (text, ana.pk, Audience.EVERYONE)
        BODIES.forget(written.id)


def test_what_cannot_be_stored_or_seen_is_taken_out() -> None:
    assert a_post(by=a_user(), text=" \x00a\r\nb\x07\ud800 \n").text == "a\nb"


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\x00"])
def test_nothing_to_see_is_no_post(text: str) -> None:
    with pytest.raises(EmptyPost):
        a_post(by=a_user(), text=text)


def test_a_text_of_4096_characters_fits_and_one_more_does_not() -> None:
    ana = a_user()
    assert len(post_by_id(a_post(by=ana, text="я" * 4096).id).text) == 4096
    with pytest.raises(TextTooLong):
        a_post(by=ana, text="я" * 4096 + "a")


def test_creating_is_one_put_of_two_units() -> None:
    ana = a_user()
    with assert_dynamodb_calls(1), assert_units(read=0, write=2):
        a_post(by=ana)


def test_creating_with_a_key_is_one_transaction() -> None:
    ana = a_user()
    with assert_dynamodb_calls(1), metered() as calls:
        a_post(by=ana, idempotency_key="k1")
    assert sum(call.write_units for call in calls) <= 6


def test_the_same_key_gives_the_same_post() -> None:
    ana, bob = a_user(), a_user("bob")
    first = a_post(by=ana, idempotency_key="k")
    assert a_post(by=ana, idempotency_key="k") == first
    assert a_post(by=bob, idempotency_key="k").id != first.id
    assert recent_post_ids(UserId(ana.pk), limit=10) == [first.id]
    with pytest.raises(IdempotencyKeyReused):
        a_post(by=ana, text="Another thought.", idempotency_key="k")


def test_eight_threads_with_one_key_make_one_post() -> None:
    ana = a_user()

    def create(_number: int) -> int:
        return post_create(author_id=UserId(ana.pk), text="Once.", idempotency_key="together").id

    with Hands(8) as threads:
        made = set(threads.map(create, range(8)))
    assert list(made) == recent_post_ids(UserId(ana.pk), limit=10)


def test_an_id_that_is_taken_is_never_overwritten() -> None:
    post = a_post(by=a_user())
    thief = replace(post, text="Another's, under the same id.")
    assert not repository.put_post(thief)
    assert repository.put_post_once(thief, key="free", content="c") is None
    assert post_by_id(post.id) == post


def test_reading_many_is_one_batch_and_then_none(empty_cache: None) -> None:
    ana = a_user()
    made = [a_post(by=ana, text=f"Number {n}.") for n in range(20)]
    for post in made:
        likes(ana, post)  # for a post that nobody has touched has no counts to be charged for by every engine
    shared.clear()
    with assert_dynamodb_calls(1), assert_units(read=20):
        found = posts_by_ids([post.id for post in made])
    assert list(found.values()) == [replace(post, like_count=1) for post in made]
    with assert_dynamodb_calls(0):
        assert posts_by_ids([post.id for post in made]) == found


def test_what_was_just_posted_is_nowhere_read(empty_cache: None) -> None:
    ana = a_user()
    post = a_post(by=ana, text="See **this**, #everybody.")
    with assert_dynamodb_calls(0):
        assert posts_by_ids([post.id]) == {post.id: post}
    shared.clear()
    forget_local()
    assert posts_by_ids([post.id]) == {post.id: post}, "as it is stored"


def test_a_new_post_does_not_hide_what_has_become_of_it(empty_cache: None) -> None:
    ana = a_user()
    edited, deleted, liked = (a_post(by=ana, text=f"Number {n}.") for n in range(3))
    post_edit(user_id=UserId(ana.pk), post_id=edited.id, version=edited.version, text="Another.")
    post_delete(user_id=UserId(ana.pk), post_id=deleted.id)
    likes(ana, liked)
    for post in (edited, deleted, liked):
        warm_new(post)  # its author's request comes to this only now
    found = posts_by_ids([edited.id, deleted.id, liked.id])
    assert found.keys() == {edited.id, liked.id}
    assert found[edited.id].text == "Another."
    assert found[liked.id].like_count == 1


def test_an_author_is_listed_newest_first_in_full_pages() -> None:
    ana = a_user()
    made = [a_post(by=ana, text=f"Number {n}.") for n in range(7)][::-1]
    first = posts_of_author(UserId(ana.pk), limit=3)
    second = posts_of_author(UserId(ana.pk), limit=3, cursor=first.next_cursor)
    third = posts_of_author(UserId(ana.pk), limit=3, cursor=second.next_cursor)
    assert first.items + second.items + third.items == made
    assert third.next_cursor is None


def test_a_deleted_post_is_gone_on_the_next_request() -> None:
    ana = a_user()
    post = a_post(by=ana)
    assert post_by_id(post.id)  # and now it is in the cache
    with assert_dynamodb_calls(2), metered() as calls:
        post_delete(user_id=UserId(ana.pk), post_id=post.id)
    assert sum(call.write_units for call in calls) <= 8
    with pytest.raises(PostNotFound):
        post_by_id(post.id)
    assert recent_post_ids(UserId(ana.pk), limit=5) == []
    post_delete(user_id=UserId(ana.pk), post_id=post.id)  # again: harmless


def test_a_late_fill_does_not_bring_a_deleted_post_back() -> None:
    ana = a_user()
    post = a_post(by=ana)
    late = read_before(post)
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    late.keep()
    with pytest.raises(PostNotFound):
        post_by_id(post.id)


def test_only_the_author_deletes() -> None:
    post, hidden = a_post(by=a_user()), a_post(by=a_user(), audience="only_me")
    bob = UserId(a_user("bob").pk)
    with pytest.raises(NotYours):
        post_delete(user_id=bob, post_id=post.id)
    with pytest.raises(PostNotFound):
        post_delete(user_id=bob, post_id=hidden.id)
    assert post_by_id(post.id) == post


def test_a_photo_alone_is_a_post() -> None:
    post = a_post(by=a_user(), text="", photo=a_photo(), alt="A pier at low tide")
    assert post_by_id(post.id) == post
    assert post.photo is not None
    assert post.photo.alt == "A pier at low tide"
