"""The graph through /api/v1/ alone."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls
from tests.accounts.factory import a_user
from tests.graph.factory import followers_of, follows

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def ids(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["items"]]


def test_following_and_leaving_are_one_request_each_and_may_be_repeated() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client, address = signed_in(ana), f"/api/v1/follows/{bob.pk}/"
    for _ in range(2):
        with assert_dynamodb_calls(1):
            answer = client.put(address)
        assert (answer.status_code, answer.json()) == (200, {"user_id": str(bob.pk), "state": "following"})
    assert client.get(address).json() == {"following": True, "followed_by": False, "requested": False}
    assert client.get(f"/api/v1/users/{bob.pk}/counts/").json() == {"followers": 1, "following": 0}
    for _ in range(2):
        with assert_dynamodb_calls(1):
            assert client.delete(address).status_code == 204
    assert client.get(address).json()["following"] is False


def test_lists_page_by_cursor_and_tell_how_the_caller_stands() -> None:
    ana, bob = a_user("ana", bio="Perches."), a_user("bob")
    fans = followers_of(bob, 5)
    follows(ana, fans[0])
    client, address = signed_in(ana), f"/api/v1/users/{bob.pk}/followers/"
    first = client.get(address, {"limit": 3}).json()
    rest = client.get(address, {"limit": 3, "cursor": first["next"]}).json()
    assert ids(first) + ids(rest) == [str(fan.pk) for fan in fans]
    assert rest["next"] is None
    assert first["items"][0] == {
        "id": str(fans[0].pk),
        "handle": fans[0].username,
        "name": fans[0].profile.name,
        "avatar_url": first["items"][0]["avatar_url"],
        "is_private": False,
        "since_ms": first["items"][0]["since_ms"],
        "relationship": {"following": True, "followed_by": False, "requested": False},
    }
    following = client.get(f"/api/v1/users/{ana.pk}/following/").json()
    assert (ids(following), following["next"]) == ([str(fans[0].pk)], None)
    own = signed_in(fans[0]).get(address).json()
    assert own["items"][0]["relationship"] is None


def test_refusals_are_problem_details_with_a_code() -> None:
    ana, private = a_user("ana"), a_user("private", is_private=True)
    client = signed_in(ana)
    for method, address, status, code in (
        ("put", f"/api/v1/follows/{ana.pk}/", 422, "follow_self"),
        ("put", "/api/v1/follows/5/", 404, "account_gone"),
        ("put", f"/api/v1/follows/{10**18 * 9 + 10**17 * 9}/", 404, None),
        ("put", f"/api/v1/follows/{10**30}/", 404, None),
        ("get", "/api/v1/users/5/followers/", 404, "account_gone"),
        ("get", f"/api/v1/users/{private.pk}/followers/", 403, "private_account"),
        ("get", f"/api/v1/users/{private.pk}/following/", 403, "private_account"),
        ("get", f"/api/v1/users/{ana.pk}/followers/?cursor=nonsense", 422, "invalid_cursor"),
        ("put", f"/api/v1/follow-requests/{private.pk}/approval/", 404, "follow_request_not_found"),
    ):
        answer = getattr(client, method)(address)
        assert answer.status_code == status, address
        assert code is None or answer.json()["code"] == code, address
    assert client.get(f"/api/v1/users/{private.pk}/counts/").status_code == 200


def test_only_who_is_signed_in_may_ask() -> None:
    bob = a_user("bob")
    for address in (f"follows/{bob.pk}/", f"users/{bob.pk}/followers/", "follow-requests/"):
        assert APIClient().get(f"/api/v1/{address}").status_code == 401
    assert APIClient().put(f"/api/v1/follows/{bob.pk}/").status_code == 401


def test_a_private_account_is_asked_and_decides() -> None:
    ana, eve, private = a_user("ana"), a_user("eve"), a_user("private", is_private=True)
    asker, owner = signed_in(ana), signed_in(private)
    assert asker.put(f"/api/v1/follows/{private.pk}/").json()["state"] == "requested"
    signed_in(eve).put(f"/api/v1/follows/{private.pk}/")
    assert ids(owner.get("/api/v1/follow-requests/").json()) == [str(eve.pk), str(ana.pk)]
    assert ids(asker.get("/api/v1/follow-requests/sent/").json()) == [str(private.pk)]
    for _ in range(2):
        assert owner.put(f"/api/v1/follow-requests/{ana.pk}/approval/").status_code == 204
    assert owner.delete(f"/api/v1/follow-requests/{eve.pk}/").status_code == 204
    assert owner.get("/api/v1/follow-requests/").json() == {"items": [], "next": None}
    assert ids(asker.get(f"/api/v1/users/{private.pk}/followers/").json()) == [str(ana.pk)]
    assert signed_in(eve).get(f"/api/v1/users/{private.pk}/followers/").status_code == 403


def test_a_request_can_be_taken_back() -> None:
    ana, private = a_user("ana"), a_user("private", is_private=True)
    client = signed_in(ana)
    client.put(f"/api/v1/follows/{private.pk}/")
    assert client.delete(f"/api/v1/follow-requests/sent/{private.pk}/").status_code == 204
    assert client.get(f"/api/v1/follows/{private.pk}/").json()["requested"] is False


def test_an_idempotency_key_makes_a_late_repeat_harmless() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client = signed_in(ana)
    follow, block = f"/api/v1/follows/{bob.pk}/", f"/api/v1/blocks/{bob.pk}/"

    def send(method: str, address: str, key: str) -> Any:
        return getattr(client, method)(address, headers={"Idempotency-Key": key})

    assert send("put", follow, "1").json()["state"] == "following"
    assert send("delete", follow, "2").status_code == 204
    assert send("put", follow, "1").json()["state"] == "none"
    assert send("put", block, "3").status_code == 204
    assert send("delete", block, "4").status_code == 204
    assert send("put", block, "3").status_code == 204
    assert send("put", follow, "5").json()["state"] == "following", "the late repeat has not blocked"
    too_long = send("put", follow, "k" * 256)
    assert (too_long.status_code, list(too_long.json()["errors"])) == (422, ["Idempotency-Key"])
    described = client.get("/api/schema/", headers={"Accept": "application/json"}).json()["paths"]
    for address, method in (
        ("follows/{user_id}", "put"),
        ("follows/{user_id}", "delete"),
        ("follow-requests/{user_id}/approval", "put"),
        ("followers/{user_id}", "delete"),
        ("blocks/{user_id}", "delete"),
    ):
        parameters = described[f"/api/v1/{address}/"][method]["parameters"]
        assert "Idempotency-Key" in [parameter["name"] for parameter in parameters]
