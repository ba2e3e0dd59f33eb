"""Settings, the theme, drawn avatars, and what holds on every page."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts import selectors
from accounts.models import ApiToken, Profile, User
from config.entities import UserId
from tests.accounts.factory import a_user
from tests.accounts.pictures import a_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
CLOSED = ["/settings/", "/settings/account/", "/settings/tokens/", "/settings/email/", "/settings/password/"]
OPEN = ["/signup/", "/login/", "/password/reset/", "/password/reset/done/", "/confirm-email/x/"]


@pytest.fixture
def ana(client: Client) -> User:
    user = a_user(bio="Perches.")
    client.force_login(user)
    return user


class StrictPage(HTMLParser):
    """Collects what our policy or good manners forbid."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        for name in given:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"<{tag} {name}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline <{tag}>")
        if tag == "img" and "alt" not in given:
            self.faults.append("<img> without alt")
        for address in (given.get("src"), given.get("href") if tag == "link" else None):
            if address and address.startswith(("http", "//")):
                self.faults.append(f"<{tag}> from elsewhere: {address}")


def checked(html: str) -> StrictPage:
    page = StrictPage()
    page.feed(html)
    return page


@pytest.mark.parametrize("path", [*OPEN, *CLOSED])
def test_no_page_needs_anything_that_the_policy_forbids(client: Client, ana: User, path: str) -> None:
    answer = (Client() if path in OPEN else client).get(path)
    assert answer.status_code == 200
    page = checked(answer.content.decode())
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert "'unsafe" not in answer["Content-Security-Policy"]


def test_the_landing_page_too() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    html = render_to_string("landing.html", {}, request)
    assert checked(html).faults == []
    assert 'href="/signup/"' in html


@pytest.mark.parametrize("path", CLOSED)
def test_settings_are_closed_to_others(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/login/?next=")


def test_a_profile_is_saved_and_said_so(client: Client, ana: User) -> None:
    given = {"name": "Ana Horvat", "bio": "Tide\r\npools", "is_private": "on", "avatar": a_picture()}
    answer = client.post("/settings/", given, follow=True)
    assert "Your profile is saved." in answer.content.decode()
    profile = Profile.objects.get(pk=ana.pk)
    assert (profile.name, profile.bio, profile.is_private) == ("Ana Horvat", "Tide\npools", True)
    assert selectors.card_of(profile).avatar_url in answer.content.decode().replace("320.webp", "128.webp")
    client.post("/settings/", {"name": "Ana", "remove_avatar": "on"})
    profile.refresh_from_db()
    assert (profile.avatar, profile.is_private) == ("", False)


def test_a_bad_picture_is_explained_at_its_field(client: Client, ana: User) -> None:
    answer = client.post("/settings/", {"name": "Other", "avatar": a_picture(kind="BMP")})
    assert answer.status_code == 422
    assert "not a picture" in str(answer.context["form"].errors["avatar"])
    assert Profile.objects.get(pk=ana.pk).name == "Ana"


def test_a_token_is_shown_once(client: Client, ana: User) -> None:
    answer = client.post("/settings/tokens/", {"label": "Backup", "days": "30"})
    text = re.search(r"roost_[0-9a-f]{20,}", answer.content.decode())
    assert text
    assert "no-store" in answer["Cache-Control"]
    assert text.group() not in client.get("/settings/tokens/").content.decode()
    token = ApiToken.objects.get(user=ana)
    me = Client().get("/api/v1/me/", headers={"Authorization": f"Token {text.group()}"})
    assert me.json()["handle"] == ana.username
    client.post(f"/settings/tokens/{token.public_id}/delete/")
    assert not ApiToken.objects.filter(user=ana).exists()


def test_a_lifetime_that_is_not_offered_is_refused(client: Client, ana: User) -> None:
    assert client.post("/settings/tokens/", {"label": "x", "days": "99999"}).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "kept"), [("dark", "dark"), ("light", "light"), ("auto", ""), ("<x>", "")]
)
def test_the_appearance_is_kept_in_a_cookie(client: Client, wanted: str, kept: str) -> None:
    answer = client.post("/theme/", {"theme": wanted, "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert answer.cookies["theme"].value == kept
    html = client.get("/login/").content.decode()
    assert (f'data-theme="{kept}"' in html) if kept else ("data-theme=" not in html)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_theme_form_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_a_cookie_can_not_write_into_the_page(client: Client) -> None:
    client.cookies["theme"] = 'dark" onload="alert(1)'
    assert "onload" not in client.get("/login/").content.decode()


@pytest.mark.parametrize("letters", ["A", "AH", "由", "نن", "ß"])
def test_a_drawn_avatar(client: Client, letters: str) -> None:
    answer = client.get(f"/avatars/3/{letters}.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert letters in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]


def test_a_drawn_avatar_draws_letters_only(client: Client) -> None:
    assert b"<b" not in client.get("/avatars/3/%3Cb%3E.svg").content
    assert client.get("/avatars/24/A.svg").status_code == 404
    assert client.get("/avatars/3/ABCDEFG.svg").status_code == 404


def test_the_shell_has_its_landmarks(client: Client, ana: User) -> None:
    html = client.get("/settings/").content.decode()
    for part in (
        'lang="en"',
        'dir="ltr"',
        'href="#main"',
        '<main id="main"',
        'aria-current="page"',
        'id="toasts"',
    ):
        assert part in html


def test_the_card_of_a_user_without_a_profile_row_is_made(client: Client) -> None:
    user: Any = a_user()
    Profile.objects.filter(pk=user.pk).delete()
    client.force_login(user)
    assert client.get("/settings/").status_code == 200
    assert UserId(user.pk) in selectors.profiles_by_ids([UserId(user.pk)])
