"""Who may comment: everyone who sees the post, followers, the mentioned, nobody; by service, page and API."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls
from posts.details import Commenting
from posts.errors import CommentsClosed
from posts.selectors import post_by_id, post_cards
from posts.thread_selectors import comments_of_post
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db
PEOPLE = ("owner", "follower", "mentioned", "stranger")
MAY = {
    "everyone": PEOPLE,
    "followers": ("owner", "follower"),
    "mentioned": ("owner", "mentioned"),
    "nobody": ("owner",),
}
WORDS = {
    "followers": "Only followers of the author can comment.",
    "mentioned": "Only people whom the post mentions can comment.",
    "nobody": "The author has turned comments off.",
}


def a_scene(commenting: str) -> tuple[dict[str, User], int]:
    people = {name: a_user(name) for name in PEOPLE}
    follows(people["follower"], people["owner"])
    text = f"Ask @{people['mentioned'].username}, not me."
    return people, a_post(by=people["owner"], text=text, commenting=commenting).id


@pytest.mark.parametrize("commenting", MAY)
def test_who_may_comment(commenting: str) -> None:
    people, post_id = a_scene(commenting)
    post = post_by_id(post_id)  # type: ignore[arg-type]
    assert post.details.commenting is Commenting(commenting)
    for name, person in people.items():
        may = name in MAY[commenting]
        client, api = Client(), APIClient()
        client.force_login(person)
        api.force_authenticate(person)
        page = client.get(f"/p/{post_id}/").content.decode()
        assert (f'action="/p/{post_id}/comments/"' in page) is may
        shown = api.get(f"/api/v1/posts/{post_id}/").json()
        assert (shown["commenting"], shown["can_comment"]) == (commenting, may)
        answers: list[Any] = [
            api.post(f"/api/v1/posts/{post_id}/comments/", {"text": "By the API."}),
            client.post(f"/p/{post_id}/comments/", {"text": "By the page."}),
            client.post(f"/p/{post_id}/comments/", {"text": "By htmx."}, headers={"HX-Request": "true"}),
        ]
        assert [answer.status_code for answer in answers] == ([201, 302, 200] if may else [403, 403, 422])
        if not may:
            refusal = answers[0].json()
            assert (refusal["code"], refusal["commenting"]) == ("comments_closed", commenting)
            assert refusal["detail"] == WORDS[commenting]
            for html in (page, answers[1].content.decode(), answers[2].content.decode()):
                assert WORDS[commenting] in html
        written = {
            comment.text for comment in comments_of_post(post.id).items if comment.author_id == person.pk
        }
        assert len(written) == 3 * may


def test_who_is_signed_out_hears_only_that_nobody_may() -> None:
    owner = a_user()
    for commenting, words in (("followers", "Log in to comment"), ("nobody", WORDS["nobody"])):
        html = Client().get(f"/p/{a_post(by=owner, commenting=commenting).id}/").content.decode()
        assert words in html


def test_comments_of_before_stay() -> None:
    owner, bob = a_user(), a_user("bob")
    post = a_post(by=owner, commenting="nobody")
    a_comment(by=owner, on=post, text="Mine.")
    with pytest.raises(CommentsClosed):
        a_comment(by=bob, on=post)
    assert "Mine." in Client().get(f"/p/{post.id}/").content.decode()


def test_cards_ask_once_and_only_for_followers_comments() -> None:
    viewer = a_user("viewer")
    owners = [a_user(f"owner{n}") for n in range(4)]
    follows(viewer, owners[0])
    closed = [a_post(by=owner, commenting="followers") for owner in owners]
    opened = [a_post(by=owner) for owner in owners]
    post_cards(id_of(viewer), closed + opened)
    with assert_dynamodb_calls(1):  # what is liked
        assert all(card.can_comment for card in post_cards(id_of(viewer), opened))
    with assert_dynamodb_calls(2):
        assert [card.can_comment for card in post_cards(id_of(viewer), closed)] == [True, False, False, False]


def test_the_composer_asks_who() -> None:
    ana = a_user()
    client = Client()
    client.force_login(ana)
    address = client.post("/posts/", {"text": "Quiet.", "audience": "everyone", "commenting": "nobody"})[
        "Location"
    ]
    assert WORDS["nobody"] in Client().get(address).content.decode()
    assert client.post("/posts/", {"text": "x", "audience": "everyone", "commenting": "x"}).status_code == 422
