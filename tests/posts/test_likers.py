"""Who likes a post: in order, paged, also of a hot post, and only for whom it is."""

import pytest
from django.test import Client, TestCase
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb import put_item
from config.dynamodb.metering import metered
from config.dynamodb.metering import rounds as rounds_of
from config.entities import UserId
from config.errors import InvalidCursor
from config.ids import next_id
from graph.blocks import block_create
from posts.entities import Post
from posts.likers import likers_page
from posts.repository import likes as repository
from posts.repository.likers import query_likers
from posts.selectors import post_by_id
from posts.services import like_create, like_delete
from posts.tables import COUNT_SHARDS, POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_post, likes
from tests.posts.shelving import api_of, client_of
from tests.posts.test_spread import a_hot_post

pytestmark = pytest.mark.django_db


def walked(viewer: User | None, post: Post, limit: int) -> list[UserId]:
    """All pages."""
    found: list[UserId] = []
    cursor = None
    while True:
        page = likers_page(None if viewer is None else id_of(viewer), post, cursor=cursor, limit=limit)
        found += [person.profile.id for person in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("is_hot", [False, True])
def test_newest_first_and_each_once_whatever_the_page(is_hot: bool) -> None:
    post = a_hot_post() if is_hot else a_post(by=a_user())
    people = [a_user(f"liker{number}") for number in range(11)]
    for person in people:
        likes(person, post)
    like_delete(user_id=id_of(people[4]), post_id=post.id)
    expected = [id_of(person) for person in people[::-1] if person is not people[4]]
    for limit in (1, 3, 10, 50):
        assert walked(None, post, limit) == expected


def test_equal_ids_of_two_likes_hide_neither() -> None:
    post, same = a_post(by=a_user()), next_id()
    people = [a_user(f"liker{number}") for number in range(4)]
    likes(people[0], post)
    for person in people[1:3]:
        item = repository.like_item(
            post.id, id_of(person), author_id=post.author_id, mark_id=same, created_at_ms=1
        )
        put_item(POSTS, item)
    likes(people[3], post)
    for limit in (1, 2, 3):
        assert sorted(walked(None, post, limit)) == sorted(map(id_of, people))


def test_who_is_gone_or_hidden_by_a_block_is_left_out_and_the_page_filled_up() -> None:
    post, viewer = a_post(by=a_user()), a_user("viewer")
    people = [a_user(f"liker{number}") for number in range(8)]
    for person in people:
        likes(person, post)
    block_create(blocker_id=id_of(viewer), blocked_id=id_of(people[7]))
    block_create(blocker_id=id_of(people[6]), blocked_id=id_of(viewer))
    people[5].is_active = False
    with TestCase.captureOnCommitCallbacks(execute=True):  # as a commit does
        people[5].save()
    page = likers_page(id_of(viewer), post, limit=3)
    assert [person.profile.handle for person in page.items] == [it.username for it in people[4:1:-1]]
    assert walked(viewer, post, 3) == [id_of(it) for it in people[4::-1]]
    assert id_of(people[7]) in walked(None, post, 3)
    assert post_by_id(post.id).like_count == 8


def test_a_page_costs_one_round_more_than_its_people() -> None:
    post, viewer = a_post(by=a_user()), a_user("viewer")
    for number in range(20):
        likes(a_user(f"liker{number}"), post)
    with metered() as calls:
        assert len(likers_page(id_of(viewer), post).items) == 20
    assert (rounds_of(calls), sum(call.read_units for call in calls)) == (2, 20.5)
    hot = a_hot_post()
    for number in range(20):
        likes(a_user(f"liker{number}"), hot)
    with metered() as calls:
        assert len(query_likers(hot.id, shards=COUNT_SHARDS, before=None, limit=20)[0]) == 20
    assert rounds_of(calls) == 1
    assert sum(call.read_units for call in calls) <= 0.5 * (COUNT_SHARDS + 1)


def test_by_page_and_by_the_api_with_a_button_to_follow() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    client, api = client_of(eve), api_of(eve)
    assert "Nobody yet" in client.get(f"/p/{post.id}/likes/").content.decode()
    likes(bob, post)
    page = client.get(f"/p/{post.id}/likes/").content.decode()
    assert "@bob" in page
    assert f'action="/follows/{bob.pk}/"' in page
    assert f'href="/p/{post.id}/likes/"' in client.get(f"/p/{post.id}/").content.decode()
    (row,) = api.get(f"/api/v1/posts/{post.id}/likes/").json()["items"]
    assert (row["id"], row["handle"], row["relationship"]["following"]) == (str(bob.pk), bob.username, False)
    (row,) = APIClient().get(f"/api/v1/posts/{post.id}/likes/").json()["items"]
    assert row["relationship"] is None
    likes(eve, post)
    rows = api.get(f"/api/v1/posts/{post.id}/likes/").json()["items"]
    assert [row["handle"] for row in rows] == [eve.username, bob.username]
    assert rows[0]["relationship"] is None


def test_the_next_page_is_a_piece_for_htmx_and_a_page_for_all_others() -> None:
    post = a_post(by=a_user())
    for number in range(21):
        likes(a_user(f"liker{number}"), post)
    client = Client()
    first = client.get(f"/p/{post.id}/likes/").content.decode()
    more = first.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert first.count('class="person"') == 20
    piece = client.get(more, headers={"HX-Request": "true"}).content.decode()
    assert piece.count('class="person"') == 1
    assert "<h1" not in piece
    assert client.get(more).content.decode().count("<h1") == 1
    with pytest.raises(InvalidCursor):
        likers_page(None, a_post(by=a_user()), cursor=more.split("cursor=", 1)[1])


def test_it_is_for_whoever_sees_the_post() -> None:
    ana, fan, eve = a_user(), a_user("fan"), a_user("eve")
    post = a_post(by=ana, audience="followers")
    follows(fan, ana)
    like_create(user_id=id_of(fan), post_id=post.id)
    for path in (f"/p/{post.id}/likes/", f"/api/v1/posts/{post.id}/likes/"):
        assert client_of(fan).get(path).status_code == 200
        assert client_of(eve).get(path).status_code == 404
        assert Client().get(path).status_code == 404
