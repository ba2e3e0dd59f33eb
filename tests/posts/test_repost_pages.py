"""Reposts and quotes: pages with and without script, and the API."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config.entities import UserId
from posts.reposting import repost_create
from posts.selectors import post_by_id, recent_post_ids
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_post
from tests.posts.shelving import api_of, client_of, delete

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_reposting_by_form_and_by_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Low tide.")
    client = client_of(bob)
    assert f'action="/p/{post.id}/repost/"' in client.get(f"/p/{post.id}/").content.decode()
    answer = client.post(f"/p/{post.id}/repost/", {"next": "/"}, headers=HTMX).content.decode()
    assert f'action="/p/{post.id}/unrepost/"' in answer
    assert '<span class="count">1</span>' in answer
    profile = client_of(None).get(f"/@{bob.username}/").content.decode()
    assert re.search(r"<bdi>Bob</bdi> reposted", profile)
    assert "Low tide." in profile
    (repost_id,) = recent_post_ids(UserId(bob.pk), limit=2)
    assert client.get(f"/p/{repost_id}/")["Location"] == f"/p/{post.id}/"
    assert client.get(f"/p/{repost_id}/edit/").status_code == 409
    assert "@" + bob.username in client.get(f"/p/{post.id}/reposts/").content.decode()
    assert client.post(f"/p/{post.id}/unrepost/", {"next": "/p/1/"})["Location"] == "/p/1/"
    assert post_by_id(post.id).repost_count == 0
    assert "Low tide." not in client_of(None).get(f"/@{bob.username}/").content.decode()
    assert client_of(None).post(f"/p/{post.id}/repost/", {"next": "/p/1/"}).status_code == 302


def test_quoting_without_script() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Low tide.", warning="Water")
    client = client_of(bob)
    page = client.get(f"/posts/new/?quote={post.id}").content.decode()
    assert f'name="quote" value="{post.id}"' in page
    assert "Low tide." in page
    content = {"text": " ", "audience": "everyone", "quote": str(post.id)}
    refused = client.post("/posts/", content)
    assert (refused.status_code, "Low tide." in refused.content.decode()) == (422, True)
    made = client.post("/posts/", content | {"text": "Go and see."})
    html = Client().get(made["Location"]).content.decode()
    assert "Go and see." in html
    assert "Low tide." in html
    assert html.count("Water") == 1
    assert "Go and see." in client.get(f"/p/{post.id}/quotes/").content.decode()
    delete(post)
    html = Client().get(made["Location"]).content.decode()
    assert "This post isn’t available." in html
    assert "Low tide." not in html
    assert client.get(f"/posts/new/?quote={post.id}").status_code == 404
    gone = client.post("/posts/", content | {"text": "Too late."})
    assert (gone.status_code, "isn’t available" in gone.content.decode()) == (422, True)


def test_what_is_for_few_can_not_be_quoted_by_others() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, audience="followers")
    client = client_of(fan)
    html = client.get(f"/p/{post.id}/").content.decode()
    assert "Only what is for everyone can be reposted." in html
    assert f"?quote={post.id}" not in html
    assert client.get(f"/posts/new/?quote={post.id}").status_code == 403
    assert client.post(f"/p/{post.id}/repost/").status_code == 403
    own = client_of(ana).get(f"/posts/new/?quote={post.id}").content.decode()
    assert '<option value="followers" selected>' in own


def test_reposts_and_quotes_by_the_api() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Low tide.")
    api = api_of(bob)
    for _twice in range(2):
        assert api.put(f"/api/v1/posts/{post.id}/repost/").json() == {"reposted": True, "repost_count": 1}
    (item,) = APIClient().get(f"/api/v1/users/{bob.pk}/posts/").json()["items"]
    assert (item["id"], item["text"], item["repost"]["by"]["id"]) == (str(post.id), "Low tide.", str(bob.pk))
    assert api.get(f"/api/v1/posts/{post.id}/").json()["reposted"] is True
    quote = api.post("/api/v1/posts/", {"text": "See.", "quote_of": str(post.id)}, format="json")
    assert quote.status_code == 201
    assert quote.json()["quoted"]["text"] == "Low tide."
    (line,) = APIClient().get(f"/api/v1/posts/{post.id}/reposts/").json()["items"]
    assert line["by"]["handle"] == bob.username
    (quoting,) = APIClient().get(f"/api/v1/posts/{post.id}/quotes/").json()["items"]
    assert quoting["id"] == quote.json()["id"]
    assert (quoting["repost"], quoting["quoted"]["available"]) == (None, True)
    own = api_of(ana).get(f"/api/v1/posts/{post.id}/").json()
    assert (own["repost_count"], own["quote_count"], own["quoted"]) == (1, 1, None)
    for _twice in range(2):
        assert api.delete(f"/api/v1/posts/{post.id}/repost/").json() == {"reposted": False, "repost_count": 0}
    only_me = a_post(by=ana, audience="only_me")
    assert api_of(ana).put(f"/api/v1/posts/{only_me.id}/repost/").json()["code"] == "not_shareable"
    wide = {"text": "See.", "quote_of": str(a_post(by=ana, audience="followers").id)}
    assert api_of(ana).post("/api/v1/posts/", wide, format="json").json()["code"] == "audience_too_wide"
    assert api.post("/api/v1/posts/", {"text": "x", "quote_of": "1"}, format="json").status_code == 404
    delete(post)
    quoting = api.get(f"/api/v1/posts/{quote.json()['id']}/").json()
    assert quoting["quoted"] == {"available": False}
    assert api.get(f"/api/v1/posts/{post.id}/reposts/").status_code == 404


def test_a_list_of_reposts_goes_on() -> None:
    ana = a_user()
    post = a_post(by=ana)
    fans = [a_user(f"fan{n}") for n in range(3)]
    for fan in fans:
        repost_create(user_id=id_of(fan), post_id=post.id)
    first = APIClient().get(f"/api/v1/posts/{post.id}/reposts/?limit=2").json()
    rest = APIClient().get(f"/api/v1/posts/{post.id}/reposts/?limit=2&cursor={first['next']}").json()
    names = [line["by"]["handle"] for line in first["items"] + rest["items"]]
    assert (names, rest["next"]) == ([fan.username for fan in fans[::-1]], None)
