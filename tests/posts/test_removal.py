"""Deleted posts that come back or are swept: by service, page and API."""

import re
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.dynamodb import query
from config.dynamodb.metering import metered
from posts.editing import post_edit
from posts.entities import Post
from posts.errors import NotYours, PostNotFound, TooLateToRestore
from posts.media.services import medium_render
from posts.removal import deleted_posts, deleted_sweep, post_restore
from posts.repository import keys, shelves
from posts.repository import posts as repository
from posts.selectors import post_by_id, recent_post_ids
from posts.services import UNDO_MS, post_clear_deleted
from posts.tables import POSTS
from posts.thread_selectors import comments_of_post
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_photo, a_post, likes, with_renditions
from tests.posts.shelving import api_of, client_of, delete

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def after_its_time(post: Post) -> int:
    """A moment at which the post can't be had back."""
    stored = repository.get_post(post.id)
    assert stored
    assert stored.purge_at_ms
    return stored.purge_at_ms + 1


def test_a_deletion_is_taken_back_whole() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Back soon.")
    likes(bob, post)
    a_comment(by=bob, on=post, text="Stay.")
    before = post_by_id(post.id)
    delete(post)
    assert [gone.id for gone in deleted_posts(post.author_id).items] == [post.id]
    with pytest.raises(PostNotFound):
        a_comment(by=bob, on=post)
    for _twice in range(2):
        assert post_restore(user_id=post.author_id, post_id=post.id) == before
    assert recent_post_ids(post.author_id, limit=5) == [post.id]
    assert deleted_posts(post.author_id).items == []
    a_comment(by=bob, on=post, text="Stayed.")
    assert [comment.text for comment in comments_of_post(post.id).items] == ["Stay.", "Stayed."]
    delete(post)
    with pytest.raises(PostNotFound):
        post_by_id(post.id)


def test_only_the_author_takes_a_deletion_back() -> None:
    post, bob = a_post(by=a_user()), id_of(a_user("bob"))
    with pytest.raises(NotYours):
        post_restore(user_id=bob, post_id=post.id)
    delete(post)
    with pytest.raises(PostNotFound):
        post_restore(user_id=bob, post_id=post.id)
    with pytest.raises(PostNotFound):
        post_by_id(post.id)


def test_after_thirty_days_everything_of_it_goes(media_folder: Path) -> None:
    ana, bob = a_user(), a_user("bob")
    post = with_renditions(a_post(by=ana, photo=a_photo()))
    likes(bob, post)
    a_comment(by=bob, on=post)
    post_edit(user_id=post.author_id, post_id=post.id, version=1, text="Other words.")
    delete(post)
    when = after_its_time(post)
    assert deleted_sweep(now_ms=when - 2) == 0 or repository.get_post(post.id)
    assert list(media_folder.rglob("*.webp"))
    assert deleted_sweep(now_ms=when) >= 1
    assert query(POSTS, keys.partition(post.id), limit=10, consistent=True).items == []
    assert list(media_folder.rglob("*.webp")) == []
    assert deleted_sweep(now_ms=when) == 0
    with pytest.raises(PostNotFound):
        post_restore(user_id=post.author_id, post_id=post.id)


def test_a_sweep_leaves_alone_what_came_back() -> None:
    post = a_post(by=a_user())
    delete(post)
    when = after_its_time(post)
    post_restore(user_id=post.author_id, post_id=post.id)
    deleted_sweep(now_ms=when)
    assert post_by_id(post.id).text == post.text


def test_what_a_sweep_has_begun_can_not_come_back() -> None:
    post = a_post(by=a_user())
    delete(post)
    when = after_its_time(post)
    read = repository.get_post(post.id)
    assert read
    assert not shelves.claim_purge(post.id, now_ms=when - UNDO_MS)
    assert shelves.claim_purge(post.id, now_ms=when)  # and here the sweep is killed
    assert not shelves.unmark_deleted(read)
    with pytest.raises(TooLateToRestore):
        post_restore(user_id=post.author_id, post_id=post.id)
    assert deleted_posts(post.author_id).items == []
    assert deleted_sweep(now_ms=when) >= 1
    assert repository.get_post(post.id) is None


def test_photos_made_while_a_post_is_deleted_are_there_when_it_is_back() -> None:
    post = a_post(by=a_user(), photo=a_photo())
    delete(post)
    for photo in post.photos:
        assert photo.id
        medium_render(medium_id=photo.id)
    back = post_restore(user_id=post.author_id, post_id=post.id)
    assert back.photos[0].renditions


def test_undo_by_page_and_by_the_api() -> None:
    ana, eve = a_user(), a_user("eve")
    post = a_post(by=ana, text="Oops.")
    client = client_of(ana)
    assert "30 days" in client.get(f"/p/{post.id}/delete/").content.decode()
    answer = client.post(f"/p/{post.id}/delete/", follow=True).content.decode()
    assert re.search(rf'<form method="post" action="/p/{post.id}/restore/">.*?Undo', answer, re.DOTALL)
    assert "Oops." in client.get("/posts/deleted/").content.decode()
    assert "30 days." in client.get("/posts/deleted/").content.decode()
    assert "Oops." not in client_of(eve).get("/posts/deleted/").content.decode()
    assert client_of(eve).post(f"/p/{post.id}/restore/").status_code == 404
    assert client.get(f"/p/{post.id}/").status_code == 404
    assert client.post(f"/p/{post.id}/restore/")["Location"] == f"/p/{post.id}/"
    assert "Oops." in client.get(f"/p/{post.id}/").content.decode()
    api = api_of(ana)
    api.delete(f"/api/v1/posts/{post.id}/")
    assert [one["id"] for one in api.get("/api/v1/me/deleted-posts/").json()["items"]] == [str(post.id)]
    assert api_of(eve).post(f"/api/v1/posts/{post.id}/restore/").status_code == 404
    assert api.post(f"/api/v1/posts/{post.id}/restore/").json()["text"] == "Oops."
    assert APIClient().get("/api/v1/me/deleted-posts/").status_code == 401


def test_a_late_clean_up_buries_nothing_that_is_back() -> None:
    post = a_post(by=a_user())
    delete(post)
    post_restore(user_id=post.author_id, post_id=post.id)
    post_clear_deleted(post_id=post.id)
    assert post_by_id(post.id).id == post.id


def test_a_deletion_and_its_undo_cost_a_transaction_each() -> None:
    post = a_post(by=a_user())
    for act in (delete, lambda it: post_restore(user_id=it.author_id, post_id=it.id)):
        with metered() as calls:
            act(post)
        writes = [call for call in calls if call.write_units]
        assert len(writes) == 1
        assert writes[0].write_units <= 8
