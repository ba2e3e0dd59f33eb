"""Pages of hashtags: entered by a worker, newest first, each viewer their own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from config.dynamodb.metering import assert_dynamodb_calls, metered, rounds
from config.entities import UserId
from config.ids import next_id
from graph.blocks import block_create
from graph.services import follow_create
from posts.marks_beside import MarksBeside
from posts.repository import tags as repository
from posts.selectors import post_cards
from posts.services import like_create, post_delete
from posts.tags import tags_enter, tags_leave, visible_posts_of_tag
from posts.text.parse import tags_of
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db


def a_tag() -> str:
    return f"tide{next_id()}"


def tagged(tag: str, *, by: Any, **fields: Any) -> Any:
    post = a_post(by=by, text=f"Look #{tag}", **fields)
    tags_enter(post_id=post.id)
    return post


def ids_on_page(viewer: Any, tag: str, **query: Any) -> list[int]:
    return [
        post.id for post in visible_posts_of_tag(UserId(viewer.pk) if viewer else None, tag, **query).items
    ]


def test_the_stream_enters_a_post_and_its_deletion_takes_it_out(settle: Callable[[], None]) -> None:
    ana, tag = a_user(), a_tag()
    post = a_post(by=ana, text=f"#{tag} and ＃{tag.upper()} and #{tag}b")
    a_post(by=ana, text=tag)
    settle()
    assert ids_on_page(None, tag) == ids_on_page(None, f"{tag}b") == [post.id]
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    assert ids_on_page(None, tag) == []
    assert repository.query_tag(tag, before=None, limit=5) == [post.id]  # hidden already, entered still
    settle()
    assert repository.query_tag(tag, before=None, limit=5) == []


def test_pages_are_newest_first_and_full() -> None:
    ana, tag = a_user(), a_tag()
    made = [tagged(tag, by=ana, audience="only_me" if n % 3 == 1 else "everyone") for n in range(12)][::-1]
    public = [post.id for post in made if post.audience == "everyone"]
    first = visible_posts_of_tag(None, tag, limit=5)
    second = visible_posts_of_tag(None, tag, limit=5, cursor=first.next_cursor)
    assert [post.id for post in first.items + second.items] == public
    assert second.next_cursor is None
    assert ids_on_page(ana, tag) == [post.id for post in made]


def test_each_viewer_sees_what_they_may() -> None:
    ana, bob, private, tag = a_user("ana"), a_user("bob"), a_user("cleo", is_private=True), a_tag()
    posts = {
        "everyone": tagged(tag, by=ana).id,
        "followers": tagged(tag, by=ana, audience="followers").id,
        "close": tagged(tag, by=ana, audience="close_friends").id,
        "me": tagged(tag, by=ana, audience="only_me").id,
        "private": tagged(tag, by=private).id,
    }
    assert ids_on_page(None, tag) == ids_on_page(bob, tag) == [posts["everyone"]]
    follow_create(follower_id=UserId(bob.pk), followee_id=UserId(ana.pk))
    assert ids_on_page(bob, tag) == [posts["followers"], posts["everyone"]]
    block_create(blocker_id=UserId(ana.pk), blocked_id=UserId(bob.pk))
    assert ids_on_page(bob, tag) == []
    assert ids_on_page(private, tag) == [posts["private"], posts["everyone"]]


def test_a_worker_that_was_late_leaves_no_entry_of_a_deleted_post() -> None:
    ana, tag = a_user(), a_tag()
    post = a_post(by=ana, text=f"#{tag}")
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    tags_enter(post_id=post.id)
    assert repository.query_tag(tag, before=None, limit=5) == []


def test_entering_and_leaving_again_change_nothing() -> None:
    post = tagged(tag := a_tag(), by=a_user())
    tags_enter(post_id=post.id)
    assert repository.query_tag(tag, before=None, limit=5) == [post.id]
    for _again in range(2):
        tags_leave(post)
    assert repository.query_tag(tag, before=None, limit=5) == []


def test_a_page_of_twenty_costs_one_query_once_posts_are_cached() -> None:
    ana, tag = a_user(), a_tag()
    for _number in range(20):
        tagged(tag, by=ana)
    ids_on_page(None, tag)
    with assert_dynamodb_calls(1), metered() as calls:
        assert len(ids_on_page(None, tag)) == 20
    assert sum(call.read_units for call in calls) == 0.5


def test_a_readers_page_is_two_rounds_though_some_of_its_posts_are_hidden() -> None:
    ana, bob, tag = a_user(), a_user("bob"), a_tag()
    made = [tagged(tag, by=ana, audience="only_me" if n in {1, 4, 7} else "everyone") for n in range(9)]
    like_create(user_id=UserId(bob.pk), post_id=made[0].id)
    ids_on_page(None, tag)
    with metered() as calls:
        marks = MarksBeside(UserId(bob.pk))
        page = visible_posts_of_tag(UserId(bob.pk), tag, limit=6, marks=marks)
        cards = post_cards(UserId(bob.pk), page.items, known=marks.known)
    assert [card.post.id for card in cards] == [post.id for post in made[::-1] if post.audience == "everyone"]
    assert [card.liked for card in cards] == [False] * 5 + [True]
    assert rounds(calls) == 2, "the list; whom the viewer follows, beside what the viewer likes"
    assert page.next_cursor is None


@pytest.mark.parametrize("tag", ["夜景{}", "море{}", "straße{}", "שקיעה{}"])
def test_the_page_and_the_api_in_any_script(client: Client, tag: str) -> None:
    tag = tag.format(next_id())
    post = tagged(tag, by=a_user())
    (name,) = tags_of(post.facets)
    page = client.get(f"/tags/{quote(name)}/")
    assert page.status_code == 200
    assert f'id="post-{post.id}"' in page.content.decode()
    assert f'href="/tags/{quote(name)}/"' in page.content.decode()
    listed = client.get(f"/api/v1/tags/{quote(tag.upper())}/posts/").json()
    assert [item["id"] for item in listed["items"]] == [str(post.id)]
    (facet,) = listed["items"][0]["facets"]
    assert facet == {"kind": "tag", "start": 5, "end": 6 + len(tag), "value": name, "user_id": None}


def test_a_cursor_that_is_none_leads_to_the_top_of_its_list(client: Client) -> None:
    page = client.get("/tags/tide/?cursor=zzz&order=top")
    assert page.status_code == 422
    assert 'class="button button-primary" href="/tags/tide/"' in page.content.decode()
    assert "saved" not in page.content.decode()


def test_one_address_a_tag(client: Client) -> None:
    assert client.get("/tags/ＴＩＤＥ/").headers["Location"] == "/tags/tide/"
    assert client.get("/tags/%23Tide/").headers["Location"] == "/tags/tide/"
    for none in ("42", "a b", "_", "x" * 700):
        assert client.get(f"/tags/{quote(none)}/").status_code == 404
        assert client.get(f"/api/v1/tags/{quote(none)}/posts/").json()["items"] == []
    assert "that you may see appear here" in client.get(f"/tags/{a_tag()}/").content.decode()


def test_the_next_posts_alone_by_htmx(client: Client) -> None:
    ana, tag = a_user(), a_tag()
    made = [tagged(tag, by=ana) for _number in range(21)]
    html = client.get(f"/tags/{tag}/").content.decode()
    more = html.partition('class="more"')[2].partition('hx-get="')[2].partition('"')[0]
    piece = client.get(more.replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert f'id="post-{made[0].id}"' in piece
    assert "<html" not in piece
    assert client.get(f"/tags/{a_tag()}/?cursor={more.partition('cursor=')[2]}").status_code == 422


def test_mentions_are_of_people_who_exist(client: Client) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    text = f"@{bob.username} and @nobody.{next_id() % 10**9}"
    post = a_post(by=ana, text=text)
    (facet,) = post.facets
    assert (facet.value, facet.user_id) == (bob.username, bob.pk)
    html = client.get(f"/p/{post.id}/").content.decode()
    assert f'href="/@{bob.username}/"' in html
    assert 'href="/@nobody' not in html
    assert client.get(f"/api/v1/posts/{post.id}/").json()["facets"][0]["user_id"] == str(bob.pk)
    comment = a_comment(by=ana, on=post, text=text)
    assert [found.user_id for found in comment.facets] == [bob.pk]


def test_a_text_of_before_facets_is_read_as_it_is_shown() -> None:
    post = a_post(by=a_user(), text="#tag @ana")
    old = type(post)(**{**{name: getattr(post, name) for name in post.__slots__}, "facets": None})
    assert [facet.value for facet in old.shown_facets] == ["tag", "ana"]
