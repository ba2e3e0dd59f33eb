"""What counts say: the stored number, the same for everybody; what is hidden from a viewer is hidden in the list alone."""

import re

import pytest
from django.test import Client

from accounts.models import User
from graph.blocks import block_create
from posts.entities import Post
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def counted_on_page(viewer: User | None, post: Post) -> int:
    html = client_of(viewer).get(f"/p/{post.id}/").content.decode()
    found = re.search(r'<span class="count">(\d+)</span>\s*<span class="visually-hidden">comment', html)
    assert found is not None
    return int(found[1])


def test_a_count_of_comments_is_the_same_for_everybody_whoever_is_hidden_from_them() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    a_comment(by=bob, on=post, text="Bob was here.")
    a_comment(by=ana, on=post, text="So was Ana.")
    block_create(blocker_id=id_of(bob), blocked_id=id_of(eve))
    for viewer, shown in ((eve, 1), (bob, 2), (ana, 2)):
        client = client_of(viewer)
        assert client.get(f"/api/v1/posts/{post.id}/").json()["comment_count"] == 2
        assert len(client.get(f"/api/v1/posts/{post.id}/comments/").json()["items"]) == shown
        assert counted_on_page(viewer, post) == 2
    assert counted_on_page(None, post) == 2


def test_the_api_says_what_its_counts_count() -> None:
    schemas = Client().get("/api/schema/", headers={"Accept": "application/json"}).json()["components"]
    described = schemas["schemas"]["Post"]["properties"]["comment_count"]["description"]
    assert "the same for everybody" in described
