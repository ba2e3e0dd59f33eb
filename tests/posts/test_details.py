"""A content warning, the language and a place: by page, by the API, and in posts of before."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, TestCase
from rest_framework.test import APIClient

from accounts.models import User
from accounts.selectors import profile_by_id
from config.dynamodb import get_item, put_item
from config.entities import UserId
from config.languages import InvalidLanguage
from posts.details import NOTHING_SAID, Details
from posts.errors import TextTooLong
from posts.repository import keys
from posts.selectors import post_by_id, recent_post_ids
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post, bury_body, with_renditions

pytestmark = pytest.mark.django_db
SAID = {"warning": "A storm, \n  in detail", "language": "PT-br", "location": "Cais  do Sodré"}
KEPT = Details("A storm, in detail", "pt-BR", "Cais do Sodré")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_said_of_a_post_comes_back() -> None:
    post = a_post(by=a_user(), **SAID)
    assert post.details == KEPT
    for _from_database_then_cache in range(2):
        assert post_by_id(post.id) == post


def test_a_post_of_before_has_nothing_said() -> None:
    post = a_post(by=a_user(), **SAID)
    item = get_item(POSTS, keys.meta(post.id)) or {}
    put_item(
        POSTS, {name: value for name, value in item.items() if name not in {"warning", "lang", "location"}}
    )
    bury_body(post)
    assert post_by_id(post.id).details == NOTHING_SAID


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"warning": "я" * 201}, TextTooLong),
        ({"location": "я" * 101}, TextTooLong),
        ({"language": "Klingon, please"}, InvalidLanguage),
    ],
)
def test_what_is_too_long_or_no_language_is_refused(said: dict[str, str], refusal: type[Exception]) -> None:
    ana = a_user()
    with pytest.raises(refusal):
        a_post(by=ana, **said)
    assert recent_post_ids(UserId(ana.pk), limit=1) == []
    answer = APIClient()
    answer.force_authenticate(ana)
    assert answer.post("/api/v1/posts/", {"text": "x", **said}).status_code == 422
    assert signed_in(ana).post("/posts/", {"text": "x", "audience": "everyone", **said}).status_code == 422


def test_a_key_stands_for_what_is_said_too() -> None:
    ana = a_user()
    client = APIClient()
    client.force_authenticate(ana)
    codes = [
        client.post(
            "/api/v1/posts/", {"text": "x", "warning": warning}, headers={"Idempotency-Key": "k"}
        ).status_code
        for warning in ("Spoilers", "Spoilers", "")
    ]
    assert codes == [201, 201, 422]


def test_text_and_photos_are_behind_the_warning() -> None:
    ana = a_user()
    content = {"text": "O farol caiu.", "audience": "everyone", "photo": a_photo(), "alt": "O farol", **SAID}
    page = signed_in(ana).post("/posts/", content)["Location"]
    with_renditions(post_by_id(recent_post_ids(UserId(ana.pk), limit=1)[0]))
    html = Client().get(page).content.decode()
    hidden = re.search(
        r'<details class="post-warning">\s*<summary>(.*?)</summary>(.*?)</details>', html, re.DOTALL
    )
    assert hidden
    assert "A storm, in detail" in hidden[1]
    assert '<div class="post-text" dir="auto" lang="pt-BR">O farol caiu.</div>' in hidden[2]
    assert 'alt="O farol"' in hidden[2]
    outside = html.replace(hidden[2], "")
    assert "O farol" not in outside
    assert '<meta name="description" content="A storm, in detail">' in outside
    assert "<bdi>Cais do Sodré</bdi>" in outside
    tiles = Client().get(f"/@{ana.username}/?tab=photos").content.decode()
    assert "320w" not in tiles
    assert "/media/posts/" not in tiles
    assert 'alt="A storm, in detail"' in tiles


def test_without_a_warning_all_is_shown_at_once() -> None:
    html = Client().get(f"/p/{a_post(by=a_user(), text='Calm.').id}/").content.decode()
    assert "post-warning" not in html
    assert "lang=" not in html.partition("post-text")[2].partition("</div>")[0]
    assert "post-marks" not in html


def test_the_api_gives_all_of_it() -> None:
    ana = a_user()
    client = APIClient()
    client.force_authenticate(ana)
    made = client.post("/api/v1/posts/", {"text": "Fog", **SAID}).json()
    shown = APIClient().get(f"/api/v1/posts/{made['id']}/").json()
    assert (shown["warning"], shown["language"], shown["location"]) == (
        KEPT.warning,
        KEPT.language,
        KEPT.location,
    )


def test_the_language_of_the_settings_is_where_a_post_begins() -> None:
    ana = a_user()
    assert 'value="" selected' in signed_in(ana).get("/posts/new/").content.decode()
    saved = signed_in(ana).post("/settings/", {"name": "Ana", "language": "sr-Latn"})
    assert saved.status_code == 302
    ana.profile.refresh_from_db()
    assert ana.profile.language == "sr-Latn"
    client = APIClient()
    client.force_authenticate(ana)
    with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does: the cached card changes
        answer = client.patch("/api/v1/me/", {"language": "UK"})
    assert client.get("/api/v1/me/").json()["language"] == "uk"
    assert answer.status_code == 200
    assert client.patch("/api/v1/me/", {"language": "no language"}).status_code == 422
    assert 'value="uk" selected' in signed_in(ana).get("/posts/new/").content.decode()
    assert client.post("/api/v1/posts/", {"text": "Туман"}).json()["language"] == "uk"
    assert client.post("/api/v1/posts/", {"text": "Fog", "language": ""}).json()["language"] == ""
    assert profile_by_id(UserId(ana.pk)).language == "uk"
