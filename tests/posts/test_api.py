"""Posts through /api/v1/."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import PostId, UserId
from posts.selectors import post_by_id, recent_post_ids
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_photo_with_text_there_and_back() -> None:
    ana = a_user()
    client = client_of(ana)
    sent = {"text": "Fog 🌫", "photo": a_photo(), "alt": "Fog", "audience": "followers"}
    made = client.post("/api/v1/posts/", sent, format="multipart")
    assert made.status_code == 201
    assert made.json()["photo"]["state"] == "waiting"
    with_renditions(post_by_id(PostId(int(made.json()["id"]))))
    post = client.get(f"/api/v1/posts/{made.json()['id']}/").json()
    assert post["photos"] == [post["photo"]]
    assert isinstance(post["id"], str)
    assert post["author"]["handle"] == ana.username
    assert (post["text"], post["audience"], post["like_count"], post["liked"]) == (
        "Fog 🌫",
        "followers",
        0,
        False,
    )
    assert [(file["width"], file["height"]) for file in post["photo"]["renditions"]] == [
        (320, 240),
        (640, 480),
        (1280, 960),
        (1600, 1200),
    ]
    assert post["photo"]["alt"] == "Fog"
    assert post["created_at"].endswith("Z")
    for file in post["photo"]["renditions"] + post["photo"]["avif"]:
        served = client.get(file["url"])
        assert served.status_code == 200
        served.close()


def test_a_key_makes_one_post() -> None:
    ana = a_user()
    client = client_of(ana)
    answers = [
        client.post("/api/v1/posts/", {"text": "Once."}, headers={"Idempotency-Key": "order-1"})
        for _ in range(3)
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["id"] for answer in answers} == {
        str(i) for i in recent_post_ids(UserId(ana.pk), limit=9)
    }
    reused = client.post("/api/v1/posts/", {"text": "Other."}, headers={"Idempotency-Key": "order-1"})
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    too_long = client.post("/api/v1/posts/", {"text": "Other."}, headers={"Idempotency-Key": "k" * 300})
    assert too_long.status_code == 422


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "empty"),
        ({"text": "\u200b"}, "empty"),
        ({"text": "字" * 4097}, "text_too_long"),
        ({"text": "x", "alt": "a" * 1001}, "text_too_long"),
    ],
)
def test_what_is_refused(content: dict[str, str], code: str) -> None:
    answer = client_of(a_user()).post("/api/v1/posts/", content)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def test_a_bad_photo_is_a_problem() -> None:
    file = a_photo()
    file.truncate(500)
    answer = client_of(a_user()).post("/api/v1/posts/", {"photo": file}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (422, "image_invalid")


def test_likes_are_harmless_to_repeat() -> None:
    post, client = a_post(by=a_user()), client_of(a_user("bob"))
    for _twice in range(2):
        assert client.put(f"/api/v1/posts/{post.id}/like/").json() == {"liked": True, "like_count": 1}
    assert client.get(f"/api/v1/posts/{post.id}/").json()["liked"] is True
    for _twice in range(2):
        assert client.delete(f"/api/v1/posts/{post.id}/like/").json() == {"liked": False, "like_count": 0}


def test_comments_page_by_cursor_and_are_deleted() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    made = [str(a_comment(by=bob, on=post, text=f"{n}").id) for n in range(5)]
    client, url = client_of(bob), f"/api/v1/posts/{post.id}/comments/"
    first = client.get(url, {"limit": 3}).json()
    second = client.get(url, {"limit": 3, "cursor": first["next"]}).json()
    assert [comment["id"] for comment in first["items"] + second["items"]] == made
    assert second["next"] is None
    written = client.post(url, {"text": "Sixth"}).json()
    assert written["can_delete"] is True
    assert client.delete(f"/api/v1/comments/{post.id}/{written['id']}/").status_code == 204
    assert client.delete(f"/api/v1/comments/{post.id}/{written['id']}/").status_code == 404
    assert client_of(a_user("eve")).delete(f"/api/v1/comments/{post.id}/{made[0]}/").status_code == 403
    assert client.get(url, {"cursor": "forged"}).status_code == 422


def test_deleting_is_harmless_to_repeat_for_its_author_alone() -> None:
    ana = a_user()
    post, eve = a_post(by=ana), client_of(a_user("eve"))
    assert eve.delete(f"/api/v1/posts/{post.id}/").status_code == 403
    for _twice in range(2):
        assert client_of(ana).delete(f"/api/v1/posts/{post.id}/").status_code == 204
    assert eve.delete(f"/api/v1/posts/{post.id}/").status_code == 404
    assert client_of(ana).get(f"/api/v1/posts/{post.id}/").status_code == 404


def test_an_author_is_listed() -> None:
    ana = a_user()
    made = [str(a_post(by=ana, text=f"{n}").id) for n in range(3)][::-1]
    url = f"/api/v1/users/{ana.pk}/posts/"
    first = APIClient().get(url, {"limit": 2}).json()
    second = APIClient().get(url, {"limit": 2, "cursor": first["next"]}).json()
    assert [post["id"] for post in first["items"] + second["items"]] == made
