"""The administration of users: sign-in, bounded search, panels of other rooms, changes that are heard of."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import admin_panels
from accounts.models import Profile, User
from accounts.services import token_create
from accounts.signals import privacy_changed
from config.entities import UserId
from config.errors import Unavailable
from tests.accounts.factory import PASSWORD, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("the.boss", "boss@example.org", PASSWORD)


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def panels() -> Iterator[None]:
    before = list(admin_panels._registry)
    yield
    admin_panels._registry[:] = before


def test_a_moderator_signs_in_by_password(boss: User) -> None:
    client = Client()
    answer = client.post("/admin/login/?next=/admin/", {"username": boss.username, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_others_do_not_get_in() -> None:
    client = Client()
    client.force_login(a_user())
    assert client.get("/admin/accounts/user/")["Location"].startswith("/admin/login/")


def test_the_list_is_bounded(desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        a_user()
    with django_assert_max_num_queries(8):
        assert desk.get("/admin/accounts/user/").status_code == 200


def test_search_is_by_beginning_address_and_id(desk: Client) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    for term, found in (
        (ana.username[:6], ana),
        (ana.email.upper(), ana),
        (str(bob.pk), bob),
        ("@BOB_", bob),
    ):
        html = desk.get("/admin/accounts/user/", {"q": term}).content.decode()
        assert f"/user/{found.pk}/" in html, term
    html = desk.get("/admin/accounts/user/", {"q": "nobody.here"}).content.decode()
    assert f"/user/{ana.pk}/" not in html


@pytest.mark.usefixtures("panels")
def test_other_rooms_show_what_they_know(desk: Client) -> None:
    ana = a_user()

    def away(_user_id: UserId) -> list[tuple[str, int]]:
        raise Unavailable

    admin_panels.register_panel("Nest", lambda user_id: [("Eggs of", user_id), ("<b>", 2)])
    admin_panels.register_panel("Away", away)
    answer = desk.get(f"/admin/accounts/user/{ana.pk}/change/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f"<td>{ana.pk}</td>" in html
    assert "&lt;b&gt;" in html
    assert str(Unavailable()) in html.replace("&#x27;", "'")
    assert " style=" not in html


def test_a_change_of_privacy_is_heard_of(desk: Client, django_capture_on_commit_callbacks: object) -> None:
    ana, heard = a_user(), []

    def listener(user_id: int, is_private: bool, **_: object) -> None:
        heard.append((user_id, is_private))

    privacy_changed.connect(listener)
    given = {
        "username": ana.username,
        "email": ana.email,
        "is_active": "on",
        "profile-TOTAL_FORMS": "1",
        "profile-INITIAL_FORMS": "1",
        "profile-0-user": str(ana.pk),
        "profile-0-name": "Ana Changed",
        "profile-0-bio": "",
        "profile-0-is_private": "on",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(f"/admin/accounts/user/{ana.pk}/change/", given)
    privacy_changed.disconnect(listener)
    assert answer.status_code == 302, answer.content.decode()
    assert Profile.objects.get(pk=ana.pk).name == "Ana Changed"
    assert heard == [(ana.pk, True)]


def test_a_user_made_here_has_a_profile(desk: Client) -> None:
    given = {
        "username": "made.here",
        "email": "made@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert desk.post("/admin/accounts/user/add/", given).status_code == 302
    assert User.objects.get(username="made.here").profile.name == ""


def test_accounts_are_switched_off_and_on(desk: Client, boss: User) -> None:
    ana = a_user()
    for action, is_active in (("switch_off", False), ("switch_on", True)):
        desk.post("/admin/accounts/user/", {"action": action, "_selected_action": [ana.pk, boss.pk]})
        ana.refresh_from_db()
        boss.refresh_from_db()
        assert ana.is_active is is_active
        assert boss.is_active  # nobody locks themselves out


def test_tokens_are_seen_and_not_made(desk: Client) -> None:
    token, text = token_create(user_id=UserId(a_user().pk), label="Backup")
    html = desk.get("/admin/accounts/apitoken/").content.decode()
    assert token.token_key in html
    assert text not in html
    assert desk.get("/admin/accounts/apitoken/add/").status_code == 403
