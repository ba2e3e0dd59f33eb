"""Accounts through /api/v1/."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import account_switch
from config.entities import UserId
from tests.accounts.factory import PASSWORD, a_user
from tests.accounts.pictures import a_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def with_token(login: str) -> APIClient:
    answer = APIClient().post("/api/v1/tokens/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 201, answer.json()
    return APIClient(headers={"Authorization": f"Token {answer.json()['token']}"})


def test_an_account_its_token_and_its_end(api: APIClient) -> None:
    made = api.post(
        "/api/v1/accounts/",
        {"handle": "Api.Bird", "email": "api@example.org", "password": PASSWORD, "name": "Api Bird"},
    )
    assert made.status_code == 201
    assert made.json() | {"id": "", "avatar_url": ""} == {
        "id": "",
        "handle": "api.bird",
        "name": "Api Bird",
        "bio": "",
        "avatar_url": "",
        "is_private": False,
    }
    assert made.json()["id"] == str(User.objects.get(username="api.bird").pk)
    signed_in = api.post(
        "/api/v1/tokens/", {"login": "API@example.org", "password": PASSWORD, "name": "Test"}
    )
    assert signed_in.json()["expires_at"] > "2024"
    assert signed_in.json()["profile"] == made.json()
    api.credentials(HTTP_AUTHORIZATION=f"Token {signed_in.json()['token']}")
    assert api.get("/api/v1/me/").json() == {**made.json(), "email": "api@example.org", "language": ""}
    assert api.delete("/api/v1/tokens/current/").status_code == 204
    assert api.get("/api/v1/me/").status_code == 401


def test_refusals_name_their_fields(api: APIClient) -> None:
    ana = a_user()
    answer = api.post("/api/v1/accounts/", {"handle": ana.username, "email": "x", "password": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "account_invalid"
    assert set(answer.json()["errors"]) == {"handle", "email", "password"}


@pytest.mark.parametrize(
    "body", [{}, {"handle": "x\x00y", "email": "a@b.cc", "password": "p" * 2000}, [], "x"]
)
def test_bodies_that_make_no_sense(api: APIClient, body: object) -> None:
    assert api.post("/api/v1/accounts/", body).status_code == 422


@pytest.mark.parametrize("login", ["{0}", "@{0}", "{0}@example.org"])
def test_signing_in_by_handle_or_address(login: str) -> None:
    ana = a_user()
    assert with_token(login.format(ana.username)).get("/api/v1/me/").json()["id"] == str(ana.pk)


def test_wrong_passwords_are_refused_alike_and_slowed_down(api: APIClient) -> None:
    ana = a_user()
    unknown = api.post("/api/v1/tokens/", {"login": "nobody.here", "password": "wrong"})
    wrong = [api.post("/api/v1/tokens/", {"login": ana.username, "password": "wrong"}) for _ in range(6)]
    assert unknown.json()["code"] == wrong[0].json()["code"] == "sign_in_failed"
    assert (unknown.status_code, wrong[-1].status_code) == (401, 429)
    assert int(wrong[-1]["Retry-After"]) > 0
    right = api.post("/api/v1/tokens/", {"login": ana.username, "password": PASSWORD})
    assert right.status_code == 429


def test_a_switched_off_account_gets_no_token(api: APIClient) -> None:
    ana = a_user()
    account_switch(user_id=UserId(ana.pk), is_active=False)
    answer = api.post("/api/v1/tokens/", {"login": ana.username, "password": PASSWORD})
    assert answer.status_code == 401
    assert api.get(f"/api/v1/profiles/{ana.username}/").status_code == 404


def test_changing_oneself() -> None:
    ana = a_user(bio="Perches.")
    api = with_token(ana.username)
    changed = api.patch("/api/v1/me/", {"name": "Ana Horvat", "is_private": True})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["bio"]) == ("Ana Horvat", "Perches.")
    assert changed.json()["is_private"] is True
    pictured = api.patch("/api/v1/me/", {"avatar": a_picture()}, format="multipart")
    assert pictured.json()["avatar_url"].endswith("/128.webp")
    assert pictured.json()["is_private"] is True  # a form without the box leaves it alone
    assert api.patch("/api/v1/me/", {"remove_avatar": True}).json()["avatar_url"].endswith(".svg")


def test_bad_changes_are_refused() -> None:
    api = with_token(a_user().username)
    assert api.patch("/api/v1/me/", {"bio": "x" * 281}).status_code == 422
    refused = api.patch("/api/v1/me/", {"avatar": a_picture(kind="BMP")}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "image_invalid")


def test_anybody_may_look_people_up_and_sees_no_address(api: APIClient) -> None:
    ana = a_user()
    seen = api.get(f"/api/v1/profiles/{ana.username.upper()}/").json()
    assert seen["id"] == str(ana.pk)
    assert ana.email not in str(seen)
    assert api.get("/api/v1/profiles/nobody.here/").json()["code"] == "profile_not_found"


def test_oneself_needs_a_token(api: APIClient) -> None:
    assert api.get("/api/v1/me/").status_code == 401
    api.credentials(HTTP_AUTHORIZATION="Token roost_0000")
    assert api.get("/api/v1/me/").status_code == 401
