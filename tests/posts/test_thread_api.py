"""Threads in the API: replies by key, orders, hiding, tombstones; what is not for the caller is not there."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.django_db


def api_of(user: User | None) -> APIClient:
    api = APIClient()
    if user is not None:
        api.force_authenticate(user)
    return api


def texts(answer: Any) -> list[str]:
    return [item["text"] for item in answer.json()["items"]]


def test_replies_are_written_and_listed_by_key() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    comments = f"/api/v1/posts/{post.id}/comments/"
    root = api_of(bob).post(comments, {"text": "Where?"}).json()
    assert (root["key"], root["root_id"], root["parent_id"], root["answers"]) == (
        root["id"],
        None,
        None,
        None,
    )
    made = api_of(ana).post(comments, {"text": "There.", "reply_to": root["key"]})
    assert made.status_code == 201
    reply = made.json()
    assert reply["key"] == f"{root['id']}-{reply['id']}"
    assert (reply["root_id"], reply["parent_id"], reply["answers"]["handle"]) == (
        root["id"],
        root["id"],
        bob.username,
    )
    deeper = api_of(bob).post(comments, {"text": "Ah.", "reply_to": reply["key"]}).json()
    assert (deeper["root_id"], deeper["parent_id"]) == (root["id"], reply["id"])
    assert [item["reply_count"] for item in api_of(None).get(comments).json()["items"]] == [2]
    for key in (root["key"], deeper["key"]):
        thread = api_of(None).get(f"/api/v1/comments/{post.id}/{key}/replies/", {"limit": 1})
        assert texts(thread) == ["There."]
        rest = api_of(None).get(
            f"/api/v1/comments/{post.id}/{key}/replies/", {"cursor": thread.json()["next"]}
        )
        assert (texts(rest), rest.json()["next"]) == (["Ah."], None)
    assert api_of(None).get(f"/api/v1/comments/{post.id}/{deeper['key']}/").json()["text"] == "Ah."
    for nobody in ("17", f"{root['id']}-17", f"17-{reply['id']}"):
        assert api_of(ana).post(comments, {"text": "x", "reply_to": nobody}).status_code == 404
    assert api_of(ana).post(comments, {"text": "x", "reply_to": "../1"}).status_code == 422


def test_orders() -> None:
    ana = a_user()
    post = a_post(by=ana)
    for number in range(3):
        a_comment(by=ana, on=post, text=str(number))
    address = f"/api/v1/posts/{post.id}/comments/"
    assert texts(api_of(None).get(address)) == ["0", "1", "2"]
    first = api_of(None).get(address, {"order": "newest", "limit": 2})
    assert texts(first) == ["2", "1"]
    rest = api_of(None).get(address, {"order": "newest", "cursor": first.json()["next"]})
    assert texts(rest) == ["0"]
    assert api_of(None).get(address, {"cursor": first.json()["next"]}).status_code == 422
    assert api_of(None).get(address, {"order": "sideways"}).status_code == 422


def test_hiding_is_the_posts_authors() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text="Rude.")
    a_reply(by=bob, to=root, text="Ruder.")
    address = f"/api/v1/comments/{post.id}/{root.ref}/"
    assert api_of(eve).put(f"{address}hidden/").status_code == 403
    assert api_of(ana).put(f"{address}hidden/").json() == {"hidden": True}
    assert api_of(bob).get(address).json()["hidden"] is True
    assert api_of(ana).get(address).json()["can_hide"] is True
    for path in (address, f"{address}replies/"):
        assert api_of(bob).get(path).status_code == 200
        assert api_of(eve).get(path).status_code == api_of(None).get(path).status_code == 404
    assert api_of(eve).put(f"{address}hidden/").status_code == 404
    assert texts(api_of(eve).get(f"/api/v1/posts/{post.id}/comments/")) == []
    assert api_of(ana).delete(f"{address}hidden/").json() == {"hidden": False}
    assert texts(api_of(eve).get(f"{address}replies/")) == ["Ruder."]


def test_a_tombstone_says_nothing() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    root = a_comment(by=bob, on=post, text=f"Ask @{ana.username}.")
    a_reply(by=ana, to=root)
    address = f"/api/v1/comments/{post.id}/{root.ref}/"
    assert api_of(bob).delete(address).status_code == 204
    left = api_of(bob).get(address).json()
    assert (left["deleted"], left["text"], left["author"], left["facets"]) == (True, "", None, [])
    assert left["reply_count"] == 1
    assert api_of(bob).delete(address).status_code == 404
    assert api_of(ana).put(f"{address}hidden/").status_code == 404
