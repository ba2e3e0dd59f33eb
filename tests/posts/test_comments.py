"""Comments: oldest first, one Query a page, counted with the write."""

from dataclasses import replace

import pytest

from config.dynamodb.metering import assert_dynamodb_calls, metered
from config.entities import PostId, UserId
from config.errors import InvalidCursor
from config.ids import next_id
from posts import selectors
from posts.errors import CommentNotFound, EmptyPost, NotYours, PostNotFound, TextTooLong
from posts.services import post_delete
from posts.thread_selectors import Order, comments_of_post
from posts.threads import comment_delete
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_post
from tests.posts.test_post import TEXTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", TEXTS)
def test_a_comment_comes_back_as_it_was_written(text: str) -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    comment = a_comment(by=bob, on=post, text=text)
    assert comments_of_post(post.id).items == [comment]
    assert (comment.text, comment.author_id) == (text, bob.pk)
    assert selectors.post_by_id(post.id) == replace(post, comment_count=1)


def test_pages_are_full_oldest_first_and_one_query_each() -> None:
    ana = a_user()
    post = a_post(by=ana)
    written = [a_comment(by=ana, on=post, text=f"Comment {n}") for n in range(7)]
    read, cursor = [], None
    for size in (3, 3, 1):
        with assert_dynamodb_calls(1):
            page = comments_of_post(post.id, cursor=cursor, limit=3)
        assert len(page.items) == size
        read, cursor = read + page.items, page.next_cursor
    assert (read, cursor) == (written, None)
    newest = comments_of_post(post.id, limit=3, order=Order.NEWEST)
    assert newest.items == written[:3:-1]
    with pytest.raises(InvalidCursor):
        comments_of_post(PostId(post.id + 1), cursor=newest.next_cursor)


def test_writing_and_deleting_are_one_transaction_each() -> None:
    ana = a_user()
    post = a_post(by=ana)
    selectors.post_by_id(post.id)
    with metered() as calls:
        comment = a_comment(by=ana, on=post)
    assert [(call.operation, call.write_units) for call in calls if call.write_units] == [
        ("transact_write_items", 6)
    ]
    with metered() as calls:
        comment_delete(user_id=UserId(ana.pk), ref=comment.ref)
    assert [(call.operation, call.write_units) for call in calls if call.write_units] == [
        ("transact_write_items", 6)
    ]


def test_limits() -> None:
    ana = a_user()
    post = a_post(by=ana)
    assert len(a_comment(by=ana, on=post, text="字" * 2000).text) == 2000
    with pytest.raises(TextTooLong):
        a_comment(by=ana, on=post, text="字" * 2001)
    with pytest.raises(EmptyPost):
        a_comment(by=ana, on=post, text=" \n ")
    assert selectors.post_counts(post.id).comments == 1


def test_its_author_and_the_posts_author_delete_it_and_nobody_else() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    for who in (ana, bob):
        comment = a_comment(by=bob, on=post)
        with pytest.raises(NotYours):
            comment_delete(user_id=UserId(eve.pk), ref=comment.ref)
        comment_delete(user_id=UserId(who.pk), ref=comment.ref)
        with pytest.raises(CommentNotFound):
            comment_delete(user_id=UserId(who.pk), ref=comment.ref)
    assert selectors.post_counts(post.id).comments == 0
    assert comments_of_post(post.id).items == []


def test_missing_and_deleted_posts_take_no_comments() -> None:
    ana = a_user()
    post = a_post(by=ana)
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    for gone in (post, replace(post, id=PostId(next_id()))):
        with pytest.raises(PostNotFound):
            a_comment(by=ana, on=gone)
