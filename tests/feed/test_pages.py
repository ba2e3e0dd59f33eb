"""Home, profile and the pill, as a browser gets them; the same by the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.admin_panels import panels_of_user
from accounts.models import User
from config.dynamodb.metering import metered
from feed import pulls
from graph.services import request_approve
from posts.entities import Audience
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_photo
from tests.posts.factory import a_post as a_whole_post

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]
HTMX = {"HX-Request": "true"}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_who_is_signed_out_sees_the_landing_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "landing.html" in {template.name for template in response.templates}


def test_a_profile_is_four_reads_and_asks_once_how_two_people_stand(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    posted(by=ana, text="shown to who follows", audience=Audience.FOLLOWERS)
    settle()
    browser = browser_of(bob)
    browser.get(f"/@{ana.username}/")
    with metered() as calls:
        page = text_of(browser.get(f"/@{ana.username}/"))
    assert "shown to who follows" in page
    assert "Following" in page
    assert sorted((call.operation, call.tables) for call in calls) == [
        ("batch_get_item", ("graph",)),
        ("batch_get_item", ("posts",)),
        ("query", ("posts",)),
        ("query", ("posts",)),
    ]


def test_the_end_says_so_of_posts_that_a_new_follow_is_bringing(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    follows(bob, ana)
    posted(by=ana)
    settle()
    browser = browser_of(bob)
    assert "That is everything" in text_of(browser.get("/"))
    settle()  # whom he follows is written down, and his page is kept
    assert "That is everything" in text_of(browser.get("/"))
    follows(bob, eve)
    assert "on their way" in text_of(browser.get("/"))
    settle()
    assert "That is everything" in text_of(browser.get("/"))


def test_home_has_a_composer_and_scrolls_to_an_end_that_says_so(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    posts = [posted(by=ana, text=f"word {number}") for number in range(23)]
    settle()
    browser = browser_of(bob)
    first = browser.get("/")
    assert 'id="composer"' in text_of(first)
    assert f"/home/new/?since={posts[-1]}" in text_of(first)
    assert [card.post.id for card in first.context["cards"]] == posts[:2:-1]
    assert "feed-end" not in text_of(first)
    more = first.context["more_url"]
    piece = browser.get(more, headers=HTMX)
    assert [card.post.id for card in piece.context["cards"]] == posts[2::-1]
    assert "<html" not in text_of(piece)
    assert "feed-end" in text_of(piece)
    whole = browser.get(more)
    assert "<html" in text_of(whole), "the link works without script"
    assert 'id="composer"' not in text_of(whole)
    assert "private" in first["Cache-Control"]
    assert "HX-Request" in first["Vary"]


def test_an_empty_home_says_what_to_do_and_names_people_with_followers(
    settle: Settle, empty_cache: None
) -> None:
    star, shy, bob = a_person("star"), a_person("shy", is_private=True), a_person("bob")
    for _ in range(3):
        follows(a_person("fan"), star)
    shown, few = posted(by=star), posted(by=star, audience=Audience.FOLLOWERS)
    posted(by=shy)
    page = browser_of(bob).get("/")
    popular = [card.post.id for card in page.context["popular"]]
    assert shown in popular
    assert few not in popular
    assert shy.pk not in {card.author.id for card in page.context["popular"]}
    assert "Popular on this site" in text_of(page)
    named = [shown.person.profile.id for shown in page.context["suggestions"]]
    assert star.pk in named
    assert shy.pk not in named
    assert bob.pk not in named
    assert f"/follows/{star.pk}/" in text_of(page)
    follows(bob, star)
    page = browser_of(bob).get("/")
    assert page.context["popular"] == []
    assert [card.post.id for card in page.context["cards"]] == [few, shown]
    assert star.pk not in [shown.person.profile.id for shown in page.context["suggestions"]]


def test_the_pill_is_empty_until_there_is_something(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    seen = posted(by=ana)
    settle()
    browser = browser_of(bob)
    browser.get("/")
    assert browser.get(f"/home/new/?since={seen}", headers=HTMX).status_code == 204
    posted(by=ana)
    settle()
    pill = browser.get(f"/home/new/?since={seen}", headers=HTMX)
    assert "1 new post" in text_of(pill)
    assert 'href="/"' in text_of(pill)
    assert browser.get("/home/new/?since=much").status_code == 422
    assert Client().get("/home/new/?since=1").status_code == 286, "who is signed out stops asking"


def test_a_profile_shows_counts_and_posts_and_photos(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    words = posted(by=ana, text="only words")
    photo = a_whole_post(by=ana, text="a gull", photo=a_photo(400, 300), alt="A gull on a post")
    secret = posted(by=ana, audience=Audience.ONLY_ME)
    settle()
    page = Client().get(f"/@{ana.username}/")
    assert [card.post.id for card in page.context["cards"]] == [photo.id, words]
    header = page.context["header"]
    assert (header.post_count, header.seen.counts.followers) == (3, 1)
    assert "/login/" in text_of(page), "a stranger is asked to sign in before following"
    photos = browser_of(bob).get(f"/@{ana.username}/?tab=photos")
    assert [card.post.id for card in photos.context["cards"]] == [photo.id]
    assert "A gull on a post" in text_of(photos)
    assert f"/follows/{ana.pk}/delete/" in text_of(photos)
    own = browser_of(ana).get(f"/@{ana.username}/")
    assert secret in [card.post.id for card in own.context["cards"]]
    assert "/settings/" in text_of(own)
    assert Client().get("/@nobody_at_all/").status_code == 404


def test_a_profile_pages_and_keeps_its_tab() -> None:
    ana = a_person("ana")
    posts = [posted(by=ana) for _ in range(22)]
    page = Client().get(f"/@{ana.username}/")
    piece = Client().get(page.context["more_url"], headers=HTMX)
    assert [card.post.id for card in piece.context["cards"]] == posts[1::-1]
    photos = Client().get(f"/@{ana.username}/?tab=photos")
    assert not photos.context["cards"]
    assert photos.context["tab"] == "photos"


def test_a_private_profile_is_for_its_followers() -> None:
    shy, bob = a_person("shy", is_private=True), a_person("bob")
    post = posted(by=shy, text="between us")
    follows(bob, shy)
    for browser in (Client(), browser_of(bob)):
        page = browser.get(f"/@{shy.username}/")
        assert "This account is private" in text_of(page)
        assert "between us" not in text_of(page)
    request_approve(follower_id=id_of(bob), followee_id=id_of(shy))
    page = browser_of(bob).get(f"/@{shy.username}/")
    assert [card.post.id for card in page.context["cards"]] == [post]


def test_the_api_gives_the_feed_by_pages(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(bob, ana)
    posts = [posted(by=ana) for _ in range(5)]
    settle()
    api = APIClient()
    assert api.get("/api/v1/feed/home/").status_code == 401
    api.force_authenticate(bob)
    first = api.get("/api/v1/feed/home/", {"limit": 3}).json()
    assert [item["id"] for item in first["items"]] == [str(post) for post in posts[:1:-1]]
    rest = api.get("/api/v1/feed/home/", {"limit": 3, "cursor": first["next"]}).json()
    assert [item["id"] for item in rest["items"]] == [str(post) for post in posts[1::-1]]
    assert rest["next"] is None
    assert api.get("/api/v1/feed/home/new/", {"since": str(posts[2])}).json() == {"count": 2}
    assert api.get("/api/v1/feed/home/new/").status_code == 422
    refused = api.get("/api/v1/feed/home/", {"cursor": "nothing"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_cursor")


def test_the_administration_shows_the_inbox_and_who_is_pulled(settle: Settle) -> None:
    ana, star, bob = a_person("ana"), a_person("star"), a_person("bob")
    pulls.author_register(id_of(star))
    follows(bob, ana)
    follows(bob, star)
    post = posted(by=ana)
    settle()
    panels = {panel.title: panel for panel in panels_of_user(id_of(bob))}
    assert [row[:2] for row in panels["Inbox, newest first"].rows] == [(f"@{ana.username}", str(post))]
    assert (f"@{star.username}", str(star.pk)) in panels["Push and pull"].rows
    assert (
        "pulled by"
        in {panel.title: panel for panel in panels_of_user(id_of(star))}["Push and pull"].rows[0][1]
    )
