"""Authors of what waits: what they are told on publishing, and what their page hears while it asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from posts.entities import Post
from posts.moderation.scanning import post_scan
from tests.accounts.factory import a_user
from tests.posts.drafting import a_draft
from tests.posts.factory import a_comment, a_post, a_reply
from tests.posts.moderation.conftest import a_rule
from tests.posts.shelving import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "rules_only")]


def asked(client: Client, address: str) -> Any:
    return client.get(address, headers={"HX-Request": "true"})


def asking_of(client: Client, post: Post) -> str:
    return client.get(f"/p/{post.id}/").content.decode()


@pytest.mark.parametrize("outcome", ["shown", "held", "rejected", "covered"])
def test_a_waiting_post_hears_what_became_of_it(newcomer: User, outcome: str) -> None:
    if outcome != "shown":
        a_rule("pier", outcome)
    post, client = a_post(by=newcomer), client_of(newcomer)
    address = f"/p/{post.id}/standing/"
    assert f'hx-get="{address}"' in asking_of(client, post)
    assert asked(client, address).status_code == 204
    assert client.get(address)["Location"] == f"/p/{post.id}/"
    for stranger in (client_of(a_user()), client_of(None)):
        assert asked(stranger, address).status_code == 404
    post_scan(post_id=post.id)
    answer = asked(client, address)
    told = answer.content.decode()
    assert answer.status_code == 200
    assert ("Not here, please." in told, told.strip() == "") == (outcome != "shown", outcome == "shown")
    assert "hx-get" not in told
    assert address not in asking_of(client, post)
    assert asked(client_of(None), address).status_code == 404, "it is its author's to know, shown or not"


@pytest.mark.parametrize("is_reply", [False, True])
def test_a_waiting_comment_hears_what_became_of_it(
    settle: Callable[[], None], newcomer: User, is_reply: bool
) -> None:
    a_rule("casino", "rejected")
    ana = a_user()
    client, post = client_of(newcomer), a_post(by=newcomer)
    post_scan(post_id=post.id)
    root = a_comment(by=newcomer, on=post)
    good, bad = (
        (a_reply(by=newcomer, to=root), a_reply(by=newcomer, to=root, text="casino"))
        if is_reply
        else (root, a_comment(by=newcomer, on=post, text="casino"))
    )
    addresses = [f"/p/{post.id}/comments/{comment.ref}/standing/" for comment in (good, bad)]
    page = client.get(f"/p/{post.id}/comments/{root.ref}/" if is_reply else f"/p/{post.id}/").content.decode()
    assert all(f'hx-get="{address}"' in page for address in addresses)
    assert [asked(client, address).status_code for address in addresses] == [204, 204]
    assert [asked(client_of(ana), address).status_code for address in addresses] == [404, 404]
    settle()
    passed, refused = (asked(client, address) for address in addresses)
    assert (passed.status_code, passed.content.strip()) == (200, b"")
    assert "Not here, please." in refused.content.decode()
    assert [asked(client_of(ana), address).status_code for address in addresses] == [404, 404]


@pytest.mark.parametrize(("hours", "said"), [(24, "Your post is being checked."), (0, "Your post is out.")])
def test_a_newcomer_is_told_that_it_is_checked_however_it_is_published(
    settings: Any, newcomer: User, hours: int, said: str
) -> None:
    settings.NEW_ACCOUNT_HOURS = hours
    client, draft = client_of(newcomer), a_draft(by=newcomer)
    content = {"text": "High tide.", "audience": "everyone", "commenting": "everyone"}
    assert client.post("/posts/", content).status_code == 302
    assert said in client.get("/").content.decode()
    answer = client.post(f"/posts/drafts/{draft.id}/publish/", {"version": draft.version})
    assert answer.status_code == 302
    assert said in client.get("/").content.decode()
