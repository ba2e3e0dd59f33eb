"""The page, the bell, the settings, and the same by the API."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import UserId
from config.ids import next_id
from feed.notifications import services
from feed.notifications.entities import Happening, Kind
from posts.entities import Post
from tests.feed.factory import a_person
from tests.graph.factory import id_of
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def told_of_like(reader: User, actor: User, post: Post) -> None:
    actor_id: UserId = id_of(actor)
    made = next_id()
    services.note(
        Happening(id_of(reader), Kind.LIKE, post.id, actor_id, actor_id, made, made, post_id=post.id)
    )


def test_the_page_shows_lines_and_reading_them_empties_the_bell() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    told_of_like(ana, bob, a_post(by=ana, text="Low <b>tide</b>"))
    browser = browser_of(ana)
    assert ">1</span>" in browser.get("/notifications/bell/").content.decode()
    page = browser.get("/notifications/")
    text = page.content.decode()
    assert f'href="/@{bob.username}/" dir="auto">{bob.username}</a> likes your post' in text
    assert "Low &lt;b&gt;tide&lt;/b&gt;" in text
    assert "is-unread" in text
    read = browser.post("/notifications/read/", {"up_to": page.context["read_up_to"]})
    assert read["Location"] == "/notifications/"
    assert "badge" not in browser.get("/notifications/bell/").content.decode()
    assert "is-unread" not in browser.get("/notifications/").content.decode()
    assert browser.post("/notifications/read/", {"up_to": "x"}).status_code == 422
    assert "Nothing yet" in browser_of(bob).get("/notifications/").content.decode()
    assert Client().get("/notifications/bell/").status_code == 286
    assert Client().get("/notifications/").status_code == 302


def test_an_id_of_the_future_does_not_silence_the_bell() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    services.read_up_to(reader_id=id_of(ana), noted_id=2**63 - 1)
    told_of_like(ana, bob, a_post(by=ana))
    assert program_of(ana).get("/api/v1/notifications/unread/").json() == {"count": 1}


def test_switches_by_page_and_by_program() -> None:
    ana = a_person("ana")
    browser, program = browser_of(ana), program_of(ana)
    assert browser.get("/settings/notifications/").content.decode().count(" checked") == len(Kind)
    browser.post("/settings/notifications/save/", {"like": "on", "mention": "on"})
    assert program.get("/api/v1/notifications/settings/").json() == {"kinds": ["like", "mention"]}
    put = program.put("/api/v1/notifications/settings/", {"kinds": ["follow"]}, format="json")
    assert put.json() == {"kinds": ["follow"]}
    assert browser.get("/settings/notifications/").content.decode().count(" checked") == 1
    refused = program.put("/api/v1/notifications/settings/", {"kinds": ["gossip"]}, format="json")
    assert refused.status_code == 422


def test_by_program() -> None:
    ana, bob = a_person("ana"), a_person("bob")
    post = a_post(by=ana, text="Low tide")
    told_of_like(ana, bob, post)
    program = program_of(ana)
    page = program.get("/api/v1/notifications/").json()
    assert page["next"] is None
    (line,) = page["items"]
    assert [person["handle"] for person in line.pop("people")] == [bob.username]
    noted_id, at_ms = line.pop("id"), line.pop("at_ms")
    assert line == {
        "kind": "like",
        "text": f"{bob.username} likes your post",
        "excerpt": "Low tide",
        "others": 0,
        "is_more": False,
        "is_unread": True,
        "post_id": str(post.id),
        "comment": None,
        "url": f"/p/{post.id}/",
    }
    assert at_ms > post.created_at_ms - 1
    assert program.post("/api/v1/notifications/read/", {"up_to": noted_id}, format="json").status_code == 204
    assert not program.get("/api/v1/notifications/").json()["items"][0]["is_unread"]
    assert APIClient().get("/api/v1/notifications/").status_code == 401
