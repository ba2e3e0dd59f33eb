"""Mutes and close friends: for their owner alone."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from feed.ranking.candidates import FROM_THE_TOP, FeedQuery
from feed.ranking.following import FOLLOWING
from feed.selectors import home_page
from graph import mark_repository
from graph.close_friends import close_friend_add, close_friend_remove, is_close_friend
from graph.errors import MarkSelf
from graph.mark_repository import Mark, Marked
from graph.mutes import DAY_MS, mute_create, mute_delete, muted_among
from graph.people import marked_page
from posts.entities import Audience
from posts.visibility import can_view, visible_posts_of_author
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mutes(muter: User, muted: User, days: int | None = None) -> None:
    mute_create(muter_id=id_of(muter), muted_id=id_of(muted), days=days)


def an_ended_mute(muter: User, muted: User) -> None:
    """As DynamoDB keeps it for up to two days."""
    now_ms = time.time_ns() // 1_000_000
    mark_repository.mute_put(Marked(id_of(muter), id_of(muted), now_ms, until_ms=now_ms - 1))


def test_muted_authors_are_out_of_home_and_on_their_profile(settle: Callable[[], None]) -> None:
    ana, bob, cem = a_user("ana"), a_user("bob"), a_user("cem")
    follows(ana, bob)
    follows(ana, cem)
    of_bob, of_cem = a_post(by=bob), a_post(by=cem)
    settle()
    mutes(ana, bob, days=1)
    assert [card.post.id for card in home_page(id_of(ana)).items] == [of_cem.id]
    slate = FOLLOWING.page(FeedQuery(id_of(ana), FROM_THE_TOP, 20, time.time_ns() // 10**6))
    assert [(out.candidate.author_id, out.reason) for out in slate.removed] == [(id_of(bob), "author_muted")]
    assert visible_posts_of_author(id_of(ana), id_of(bob)).items == [of_bob]
    mute_delete(muter_id=id_of(ana), muted_id=id_of(bob))
    assert len(home_page(id_of(ana)).items) == 2


def test_a_mute_ends_by_the_clock_and_not_by_its_removal() -> None:
    ana, bob, cem = a_user("ana"), a_user("bob"), a_user("cem")
    an_ended_mute(ana, bob)
    mutes(ana, cem)
    assert muted_among(id_of(ana), [id_of(bob), id_of(cem)]) == {id_of(cem)}
    assert [row.profile.handle for row in marked_page(id_of(ana), Mark.MUTE).items] == [cem.username]
    mutes(ana, bob, days=7)
    (again,) = mark_repository.marks_get(Mark.MUTE, [(id_of(ana), id_of(bob))])
    assert again is not None
    assert again.until_ms is not None
    assert 0 <= time.time_ns() // 1_000_000 + 7 * DAY_MS - again.until_ms < 60_000


def test_nobody_marks_themselves() -> None:
    ana = a_user("ana")
    with pytest.raises(MarkSelf):
        mutes(ana, ana)
    with pytest.raises(MarkSelf):
        close_friend_add(owner_id=id_of(ana), member_id=id_of(ana))


def test_posts_to_close_friends_are_for_who_is_on_the_list_now(settle: Callable[[], None]) -> None:
    ana, friend, fan = a_user("ana"), a_user("friend"), a_user("fan")
    for person in (friend, fan):
        follows(person, ana)
    close_friend_add(owner_id=id_of(ana), member_id=id_of(friend))
    close_friend_add(owner_id=id_of(ana), member_id=id_of(friend))
    post = a_post(by=ana, audience="close_friends", text="For few.")
    settle()
    seen = {person: can_view(id_of(person), post) for person in (ana, friend, fan)}
    assert seen == {ana: True, friend: True, fan: False}
    assert not can_view(None, post)
    assert [card.post.id for card in home_page(id_of(friend)).items] == [post.id]
    assert home_page(id_of(fan)).items == []
    close_friend_remove(owner_id=id_of(ana), member_id=id_of(friend))
    assert not can_view(id_of(friend), post)
    assert home_page(id_of(friend)).items == []


def test_a_member_is_not_told_of_the_list() -> None:
    ana, friend = a_user("ana"), a_user("friend")
    close_friend_add(owner_id=id_of(ana), member_id=id_of(friend))
    assert is_close_friend(id_of(ana), id_of(friend))
    assert not is_close_friend(id_of(friend), id_of(ana))
    post = a_post(by=ana, audience="close_friends")
    shown = client_of(friend).get(f"/api/v1/posts/{post.id}/").json()
    assert shown["audience"] == Audience.FOLLOWERS
    assert "Close friends" not in client_of(friend).get(f"/p/{post.id}/").content.decode()
    assert client_of(ana).get(f"/api/v1/posts/{post.id}/").json()["audience"] == Audience.CLOSE_FRIENDS
    assert marked_page(id_of(friend), Mark.CLOSE).items == []


def test_pages_mute_and_befriend() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client, profile = client_of(ana), f"/@{bob.username}/"
    assert f"Mute @{bob.username}?" in client.get(f"/mutes/{bob.pk}/").content.decode()
    assert client.post(f"/mutes/{bob.pk}/", {"days": "1", "sent": "1"})["Location"] == profile
    assert client.post(f"/mutes/{bob.pk}/", {"days": "365", "sent": "1"}).status_code == 422
    assert "Unmute" in client.get(profile).content.decode()
    assert f"@{bob.username}" in client.get("/mutes/").content.decode()
    assert client.post(f"/mutes/{bob.pk}/delete/", {"next": profile})["Location"] == profile
    assert "Nobody is muted" in client.get("/mutes/").content.decode()
    assert client.post(f"/close-friends/{bob.pk}/", {"next": profile})["Location"] == profile
    assert "Remove from close friends" in client.get(profile).content.decode()
    assert f"@{bob.username}" in client.get("/close-friends/").content.decode()
    gone = client.post(f"/close-friends/{bob.pk}/delete/", headers={"HX-Request": "true"})
    assert (gone.status_code, gone.content) == (200, b"")
    assert "No close friends yet" in client.get("/close-friends/").content.decode()
    for path in ("/mutes/", "/close-friends/", "/blocks/"):
        assert Client().get(path).status_code == 302


def test_the_api_mutes_and_befriends() -> None:
    ana, people = a_user("ana"), [a_user(f"bob{number}") for number in range(3)]
    client = client_of(ana)
    for kind in ("mutes", "close-friends"):
        for person in people:
            assert client.put(f"/api/v1/{kind}/{person.pk}/").status_code == 204
        first = client.get(f"/api/v1/{kind}/?limit=2").json()
        rest = client.get(f"/api/v1/{kind}/?limit=2&cursor={first['next']}").json()
        assert [row["id"] for row in first["items"] + rest["items"]] == [str(p.pk) for p in people[::-1]]
        assert rest["next"] is None
        assert client.delete(f"/api/v1/{kind}/{people[0].pk}/").status_code == 204
        assert len(client.get(f"/api/v1/{kind}/").json()["items"]) == 2
        assert client.put(f"/api/v1/{kind}/5/").status_code == 404
    until = client.put(f"/api/v1/mutes/{people[0].pk}/", {"days": 7}, content_type="application/json")
    assert until.status_code == 204
    assert client.get("/api/v1/mutes/").json()["items"][0]["until_ms"] > time.time() * 1000
