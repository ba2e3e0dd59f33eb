"""Comments and deleted posts of before the table change get the keys by which their person is found."""

import pytest

from config.dynamodb import Item, Update, get_item, update_item
from config.entities import UserId
from posts.index_keys import missing_person_key
from posts.mark_entities import MarkKind
from posts.repository import keys, traces
from posts.services import post_delete
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_post, likes

pytestmark = pytest.mark.django_db


def as_of_before(key: Item) -> Item:
    """The item without its keys in the index, as releases of before wrote it."""
    update_item(POSTS, key, Update(remove=("gpk", "gsk")))
    item = get_item(POSTS, key, consistent=True)
    assert item
    return item


def filled_in(item: Item) -> None:
    change = missing_person_key(item)
    assert change
    update_item(POSTS, POSTS.key_of(item), change.update, condition=change.condition)


def test_a_person_is_found_by_what_they_did_before() -> None:
    ana, bob = a_user(), a_user("bob")
    ana_id = UserId(ana.pk)
    liked, gone = a_post(by=bob), a_post(by=ana)
    comment = a_comment(by=ana, on=liked)
    post_delete(user_id=ana_id, post_id=gone.id)
    items = [as_of_before(key) for key in (keys.comment(comment.ref), keys.meta(gone.id))]
    assert traces.query_comments_of(ana_id, after=None, limit=9) == []
    for item in items:
        filled_in(item)
    assert traces.query_comments_of(ana_id, after=None, limit=9) == [comment.ref]
    assert traces.query_deleted_of(ana_id, after=None, limit=9) == [gone.id]


def test_what_has_its_keys_or_needs_none_is_left_alone() -> None:
    ana = a_user()
    post = a_post(by=ana)
    likes(ana, post)
    liked = keys.mark(UserId(ana.pk), post.id, MarkKind.LIKED)
    for key in (liked, keys.meta(post.id), keys.counts(post.id)):
        item = get_item(POSTS, key)
        assert item
        assert missing_person_key(item) is None
