"""The archive and what is pinned: by service, page, API and stream."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config.entities import PostId, UserId
from config.ids import next_id
from config.streams import start
from feed.selectors import home_page
from posts import exports
from posts.errors import NotYours, PostArchived, TooManyPins
from posts.removal import post_restore
from posts.selectors import author_post_counts, post_by_id, recent_post_ids
from posts.shelving import archived_posts, pinned_posts, post_pin, post_unpin
from posts.tags import visible_posts_of_tag
from posts.visibility import can_view
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_post, likes
from tests.posts.shelving import api_of, archive, client_of, delete

pytestmark = pytest.mark.django_db


def test_the_archive_is_its_authors_alone() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, text="Put away.")
    likes(fan, post)
    assert can_view(id_of(fan), post_by_id(post.id))
    for _twice in range(2):
        archive(post)
    for viewer, seen in ((None, False), (fan, False), (ana, True)):
        viewer_id = id_of(viewer) if viewer else None
        assert can_view(viewer_id, post_by_id(post.id)) is seen
        assert client_of(viewer).get(f"/p/{post.id}/").status_code == (200 if seen else 404)
        assert client_of(viewer).get(f"/api/v1/posts/{post.id}/").status_code == (200 if seen else 404)
        assert "Put away." not in client_of(viewer).get(f"/@{ana.username}/").content.decode()
    assert recent_post_ids(post.author_id, limit=5) == []
    assert [one.id for one in archived_posts(post.author_id).items] == [post.id]
    assert archived_posts(id_of(fan)).items == []
    assert "Put away." in client_of(ana).get("/posts/archive/").content.decode()
    assert "Put away." not in client_of(fan).get("/posts/archive/").content.decode()
    archive(post, archived=False)
    back = post_by_id(post.id)
    assert (back.archived_at_ms, back.like_count) == (None, 1)
    assert recent_post_ids(post.author_id, limit=5) == [post.id]
    assert "Put away." in Client().get(f"/p/{post.id}/").content.decode()


def test_a_deleted_post_of_the_archive_comes_back_to_the_archive() -> None:
    post = a_post(by=a_user())
    archive(post)
    delete(post)
    assert archived_posts(post.author_id).items == []
    post_restore(user_id=post.author_id, post_id=post.id)
    assert [one.id for one in archived_posts(post.author_id).items] == [post.id]
    assert recent_post_ids(post.author_id, limit=5) == []
    assert not can_view(None, post_by_id(post.id))


def test_an_export_has_what_is_archived_and_what_is_said_of_posts() -> None:
    ana = a_user()
    shown, put_away = a_post(by=ana, text="Shown.", warning="Water"), a_post(by=ana, text="Away.")
    archive(put_away)
    listed, archived = (
        [(one["id"], one["text"]) for one in part(id_of(ana), None).records]
        for part in (exports.posts, exports.archived_posts)
    )
    assert (listed, archived) == ([(str(shown.id), "Shown.")], [(str(put_away.id), "Away.")])
    assert exports.posts(id_of(ana), None).records[0]["warning"] == "Water"


def test_archiving_by_page_and_by_the_api() -> None:
    ana, eve = a_user(), a_user("eve")
    post = a_post(by=ana)
    client, api = client_of(ana), api_of(ana)
    assert f'action="/p/{post.id}/archive/"' in client.get(f"/p/{post.id}/edit/").content.decode()
    assert client_of(eve).post(f"/p/{post.id}/archive/").status_code == 403
    assert client.post(f"/p/{post.id}/archive/").status_code == 302
    assert f'action="/p/{post.id}/unarchive/"' in client.get(f"/p/{post.id}/edit/").content.decode()
    assert [one["archived"] for one in api.get("/api/v1/me/archived-posts/").json()["items"]] == [True]
    assert client_of(eve).post(f"/p/{post.id}/unarchive/").status_code == 404
    assert api.delete(f"/api/v1/posts/{post.id}/archive/").json()["archived"] is False
    assert api.put(f"/api/v1/posts/{post.id}/archive/").json()["archived"] is True
    assert client.post(f"/p/{post.id}/unarchive/").status_code == 302
    assert APIClient().get(f"/api/v1/posts/{post.id}/").json()["archived"] is False


def test_counts_tags_and_feeds_follow(settle: Callable[[], None]) -> None:
    start()
    ana, fan, tag = a_user(), a_user("fan"), f"shelf{next_id()}"
    follows(fan, ana)
    settle()
    post = a_post(by=ana, text=f"#{tag}")
    settle()

    def shown() -> tuple[int, list[PostId], list[PostId]]:
        settle()
        at_home = [card.post.id for card in home_page(UserId(fan.pk)).items]
        tagged = [one.id for one in visible_posts_of_tag(id_of(fan), tag).items]
        return author_post_counts([post.author_id])[post.author_id], at_home, tagged

    there = (1, [post.id], [post.id])
    away: tuple[int, list[PostId], list[PostId]] = (0, [], [])
    assert shown() == there
    archive(post)
    assert [card.post.id for card in home_page(UserId(fan.pk)).items] == []  # at once
    assert shown() == away
    delete(post)
    assert shown() == away
    post_restore(user_id=post.author_id, post_id=post.id)
    assert shown() == away
    archive(post, archived=False)
    assert shown() == there
    delete(post)
    assert [card.post.id for card in home_page(UserId(fan.pk)).items] == []
    assert shown() == away
    post_restore(user_id=post.author_id, post_id=post.id)
    assert shown() == there
    delete(post)  # and back before anybody has heard of it
    post_restore(user_id=post.author_id, post_id=post.id)
    assert shown() == there


def test_three_posts_are_pinned_for_whom_they_are() -> None:
    ana = a_user()
    made = [a_post(by=ana, text=f"Number {n}") for n in range(4)] + [a_post(by=ana, audience="only_me")]
    for post in (made[0], made[1], made[1], made[4]):
        post_pin(user_id=post.author_id, post_id=post.id)
    author_id = made[0].author_id
    assert [post.id for post in pinned_posts(author_id, author_id)] == [made[4].id, made[1].id, made[0].id]
    assert [post.id for post in pinned_posts(None, author_id)] == [made[1].id, made[0].id]
    with pytest.raises(TooManyPins):
        post_pin(user_id=author_id, post_id=made[2].id)
    delete(made[0])  # its place is free
    post_pin(user_id=author_id, post_id=made[2].id)
    archive(made[2])
    assert [post.id for post in pinned_posts(None, author_id)] == [made[1].id]
    with pytest.raises(PostArchived):
        post_pin(user_id=author_id, post_id=made[2].id)
    for _twice in range(2):
        post_unpin(user_id=author_id, post_id=made[1].id)
    assert pinned_posts(None, author_id) == []
    with pytest.raises(NotYours):
        post_pin(user_id=id_of(a_user("eve")), post_id=made[3].id)


def test_a_profile_begins_with_what_is_pinned() -> None:
    ana = a_user()
    made = [a_post(by=ana, text=f"Number {n}") for n in range(3)]
    client = client_of(ana)
    assert client.post(f"/p/{made[0].id}/pin/").status_code == 302
    html = Client().get(f"/@{ana.username}/").content.decode()
    order = re.findall(r'<article class="post" id="post-(\d+)"', html)
    assert order == [str(post.id) for post in (made[0], made[2], made[1])]
    assert html.count("Pinned") == 1
    assert f'action="/p/{made[0].id}/unpin/"' in client.get(f"/p/{made[0].id}/edit/").content.decode()
    api = api_of(ana)
    assert [one["id"] for one in APIClient().get(f"/api/v1/users/{ana.pk}/pinned/").json()] == [
        str(made[0].id)
    ]
    assert api.put(f"/api/v1/posts/{made[1].id}/pin/").status_code == 204
    assert api.delete(f"/api/v1/posts/{made[0].id}/pin/").status_code == 204
    assert api.put(f"/api/v1/posts/{made[2].id}/pin/").status_code == 204
    assert api.put(f"/api/v1/posts/{made[0].id}/pin/").status_code == 204
    fourth = a_post(by=ana)
    refused = api.put(f"/api/v1/posts/{fourth.id}/pin/")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_pins")
    assert "Unpin one of them first." in client.post(f"/p/{fourth.id}/pin/", follow=True).content.decode()
