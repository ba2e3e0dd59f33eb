"""What is left after a person has left for good, and what is not touched; hidden meanwhile, whole again after an undo."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.test import Client
from rest_framework.test import APIClient

from accounts import departure_services as departures
from accounts.departure_models import Departure
from accounts.departure_runs import departure_run
from accounts.departure_steps import cleanup_steps
from accounts.models import User
from accounts.selectors import profile_by_id
from accounts.services import profile_update, token_create
from config.celery import app
from graph import reconcile
from graph.approvals import requests_approve_all
from graph.entities import Side
from graph.people import people_page, requests_page
from graph.selectors import counts
from posts.selectors import post_by_id
from posts.visibility import visible_posts_of_author
from tests.accounts.factory import a_user
from tests.departure_world import World, a_world, leave, left_in_tables, others_in_tables
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_cache"),
    pytest.mark.timeout(300),
]
Settle = Callable[[], None]


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are queued, also outside of `settle`."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def quiet(_line: str) -> None:
    """A report that nobody reads."""


def clean_up(world: World) -> None:
    assert departure_run(user_id=world.gone_id, report=quiet, due_now=True)


def clean_up_repeating(world: World) -> None:
    """The steps as the run takes them, each page of each twice with the same cursor."""
    for step in cleanup_steps():
        cursor: str | None = None
        while True:
            first = step.run(world.gone_id, cursor or None)
            again = step.run(world.gone_id, cursor or None)
            assert again.done <= first.done, step.name
            if first.cursor is None:
                break
            cursor = first.cursor


def holds(world: World) -> None:
    """Nothing of `gone` is left, and everybody else's counts are right."""
    left = left_in_tables(world)
    assert [item for item in left if "gone" in item or "mine" in item] == []
    for name, user in world.people.items():
        if name != "gone":
            assert not reconcile.account_reconcile(user_id=id_of(user), repair=False).found, name
    bob, star = id_of(world.people["bob"]), id_of(world.people["star"])
    assert (counts(bob).following, counts(bob).followers) == (1, 0)
    assert counts(star).followers == 1
    for name, (likes, comments) in {"bobs0": (1, 1), "bobs1": (0, 0)}.items():
        post = post_by_id(world.posts[name].id)
        assert (post.like_count, post.comment_count) == (likes, comments), name
    assert [name for name in world.files if default_storage.exists(name)] == []
    assert not User.objects.filter(pk=world.gone_id).exists()
    assert not any(
        row.get_decoded().get("_auth_user_id") == str(world.gone_id) for row in Session.objects.all()
    )


def test_nothing_is_left_and_repeating_every_page_changes_nothing(settle: Settle) -> None:
    one, twin = a_world(), a_world()
    settle()
    assert others_in_tables(one) == others_in_tables(twin)
    leave(one)
    leave(twin)
    clean_up(one)
    clean_up_repeating(twin)
    settle()
    holds(one)
    holds(twin)
    assert left_in_tables(one) == left_in_tables(twin)
    counted = Departure.objects.get(pk=one.gone_id).counts
    assert (counted["graph.followers"], counted["graph.requests"]) == (10, 1)
    assert counted["posts.likes"] == 9


def test_undone_in_time_everything_is_as_it_was(settle: Settle) -> None:
    world = a_world()
    settle()
    before = left_in_tables(world)
    departures.account_delete(user_id=world.gone_id, absolute=lambda path: f"http://testserver{path}")
    assert visible_posts_of_author(id_of(world.people["bob"]), world.gone_id).items == []
    departures.account_restore(user_id=world.gone_id)
    settle()
    assert left_in_tables(world) == before
    gone = world.people["gone"]
    page = visible_posts_of_author(id_of(world.people["bob"]), id_of(gone))
    assert {post.id for post in page.items} >= {world.posts["theirs0"].id, world.posts["pictured"].id}


def test_while_away_a_person_is_on_no_surface() -> None:
    ana, bob, cat = a_user("ana"), a_user("bob"), a_user("cat", is_private=True)
    follows(ana, bob)
    follows(bob, ana)
    follows(ana, cat)
    bobs, anas = a_post(by=bob), a_post(by=ana, text="words of hers")
    a_comment(by=ana, on=bobs, text="a remark of hers")
    client, api = Client(), APIClient()
    client.force_login(bob)
    _token, text = token_create(user_id=id_of(bob))
    api.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    pages = [f"/@{ana.username}/", f"/p/{anas.id}/"]
    lists = [f"/@{bob.username}/followers/", f"/@{bob.username}/following/", f"/p/{bobs.id}/", "/"]
    addresses = [f"/api/v1/profiles/{ana.username}/", f"/api/v1/posts/{anas.id}/"]
    lists_of_api = [
        f"/api/v1/users/{bob.pk}/followers/",
        f"/api/v1/users/{bob.pk}/following/",
        f"/api/v1/posts/{bobs.id}/comments/",
        "/api/v1/feed/home/",
    ]
    seen = [client.get(path).content.decode() for path in lists]
    assert all(ana.username in html for html in seen[:3])
    departures.account_deactivate(user_id=id_of(ana))
    assert [client.get(path).status_code for path in pages] == [404, 404]
    assert [api.get(path).status_code for path in addresses] == [404, 404]
    for path in lists:
        html = client.get(path).content.decode()
        assert ana.username not in html, path
        assert "of hers" not in html, path
    for path in lists_of_api:
        assert str(ana.pk) not in api.get(path).content.decode(), path
    departures.account_restore(user_id=id_of(ana))
    assert [client.get(path).status_code for path in pages] == [200, 200]
    again = [client.get(path).content.decode() for path in lists]
    assert all(ana.username in html for html in again[:3])


def test_the_request_of_who_left_comes_back_with_them(settle: Settle) -> None:
    ana, cat = a_user("ana"), a_user("cat", is_private=True)
    follows(ana, cat)
    assert [person.profile.id for person in requests_page(id_of(cat), Side.REQUEST_IN).items] == [ana.pk]
    departures.account_deactivate(user_id=id_of(ana))
    assert requests_page(id_of(cat), Side.REQUEST_IN).items == []
    requests_approve_all(owner_id=id_of(cat))
    settle()
    assert counts(id_of(cat)).followers == 0
    departures.account_restore(user_id=id_of(ana))
    assert [person.profile.id for person in requests_page(id_of(cat), Side.REQUEST_IN).items] == [ana.pk]


def test_a_request_to_who_became_public_meanwhile_is_a_follow_on_return(settle: Settle, eager: None) -> None:
    ana, cat = a_user("ana"), a_user("cat", is_private=True)
    follows(ana, cat)
    departures.account_deactivate(user_id=id_of(ana))
    profile_update(user_id=id_of(cat), is_private=False)
    settle()
    assert counts(id_of(cat)).followers == 0
    departures.account_restore(user_id=id_of(ana))
    assert [
        person.profile.id for person in people_page(None, profile_by_id(id_of(cat)), Side.FOLLOWER).items
    ] == [ana.pk]


def test_comments_of_who_left_are_not_shown_until_they_are_back() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    post = a_post(by=bob)
    a_comment(by=ana, on=post)
    departures.account_deactivate(user_id=id_of(ana))
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert "Lovely light." not in html
    departures.account_restore(user_id=id_of(ana))
    assert "Lovely light." in Client().get(f"/p/{post.id}/").content.decode()
