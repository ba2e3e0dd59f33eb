"""Saved posts and collections: for their owner alone, as far as the posts may be seen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import PostId, UserId
from posts import departures, mark_exports
from posts.editing import post_edit
from posts.entities import Post
from posts.errors import PostNotFound, TextTooLong
from posts.saves import repository, services
from posts.saves.entities import CollectionId
from posts.saves.errors import CollectionNotFound, EmptyName, TooManyCollections, TooManyForPost
from posts.saves.selectors import collection_cards, collections_of, saved_page
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_photo, a_post, with_renditions
from tests.posts.shelving import api_of, client_of, delete

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def saves(user: User, post: Post) -> None:
    services.post_save(user_id=id_of(user), post_id=post.id)


def kept_by(user: User, collection_id: CollectionId | None = None) -> tuple[list[PostId], int]:
    page = saved_page(id_of(user), collection_id=collection_id)
    return [post.id for post in page.posts], page.hidden


def a_collection(user: User, name: str = "Lighthouses") -> CollectionId:
    return services.collection_create(user_id=id_of(user), name=name).id


def puts(user: User, post: Post, collection_id: CollectionId) -> None:
    services.collection_add(user_id=id_of(user), post_id=post.id, collection_id=collection_id)


def sizes(user: User) -> dict[str, int]:
    return {it.name: it.posts for it in collections_of(id_of(user))}


def test_the_last_saved_comes_first_and_once() -> None:
    ana, bob = a_user(), a_user("bob")
    older, newer = a_post(by=ana), a_post(by=ana)
    for post in (newer, older, newer):
        saves(bob, post)
    assert kept_by(bob) == ([older.id, newer.id], 0)
    assert kept_by(ana) == ([], 0)
    for _twice in range(2):
        services.post_unsave(user_id=id_of(bob), post_id=older.id)
    assert kept_by(bob) == ([newer.id], 0)


def test_a_hidden_post_is_counted_and_comes_back() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    saves(bob, post)
    post_edit(user_id=id_of(ana), post_id=post.id, version=1, audience="only_me")
    assert kept_by(bob) == ([], 1)
    with pytest.raises(PostNotFound):
        saves(a_user("eve"), post)
    assert "1 saved post is not available at present." in client_of(bob).get("/saved/").content.decode()
    post_edit(user_id=id_of(ana), post_id=post.id, version=2, audience="everyone")
    assert kept_by(bob) == ([post.id], 0)
    delete(post)
    assert kept_by(bob) == ([], 1)
    services.post_unsave(user_id=id_of(bob), post_id=post.id)  # open all the same
    assert kept_by(bob) == ([], 0)


def test_pages_are_full_and_go_on() -> None:
    ana, bob = a_user(), a_user("bob")
    made = [a_post(by=ana) for _ in range(7)]
    for post in made:
        saves(bob, post)
    delete(made[5])
    first = saved_page(id_of(bob), limit=4)
    assert [post.id for post in first.posts] == [made[n].id for n in (6, 4, 3, 2)]
    assert first.hidden == 1
    last = saved_page(id_of(bob), limit=4, cursor=first.next_cursor)
    assert ([post.id for post in last.posts], last.next_cursor) == ([made[1].id, made[0].id], None)


def test_collections_hold_what_is_put_in() -> None:
    ana, bob = a_user(), a_user("bob")
    one, two = a_post(by=ana), a_post(by=ana)
    sea, land = a_collection(bob, "Sea"), a_collection(bob, "Land")
    for post, collection_id in ((one, sea), (two, sea), (two, land), (two, land)):
        puts(bob, post, collection_id)
    assert (sizes(bob), kept_by(bob, sea), kept_by(bob)) == (
        {"Land": 1, "Sea": 2},
        ([two.id, one.id], 0),
        ([two.id, one.id], 0),
    )
    services.collection_take(user_id=id_of(bob), post_id=two.id, collection_id=sea)
    assert (sizes(bob), kept_by(bob)) == ({"Land": 1, "Sea": 1}, ([two.id, one.id], 0))
    services.collections_set(user_id=id_of(bob), post_id=two.id, collection_ids=[sea])
    assert sizes(bob) == {"Land": 0, "Sea": 2}
    services.post_unsave(user_id=id_of(bob), post_id=two.id)
    assert (sizes(bob), kept_by(bob, sea)) == ({"Land": 0, "Sea": 1}, ([one.id], 0))
    with pytest.raises(CollectionNotFound):
        puts(ana, one, sea)  # another's


def test_a_deleted_collection_leaves_its_posts_saved(settle: Callable[[], None]) -> None:
    ana, bob = a_user(), a_user("bob")
    post, gone, kept = a_post(by=ana), a_collection(bob, "Gone"), a_collection(bob, "Kept")
    puts(bob, post, gone)
    puts(bob, post, kept)
    services.collection_delete(user_id=id_of(bob), collection_id=gone)
    settle()
    save = repository.get_save(id_of(bob), post.id)
    assert save
    assert save.collections == (kept,)
    assert repository.query_entries(id_of(bob), gone, before=None, limit=5) == []
    assert (sizes(bob), kept_by(bob)) == ({"Kept": 1}, ([post.id], 0))
    with pytest.raises(CollectionNotFound):
        puts(bob, post, gone)
    other = a_collection(bob, "Other")
    puts(bob, post, other)
    services.collection_delete(user_id=id_of(bob), collection_id=other)
    services.post_unsave(user_id=id_of(bob), post_id=post.id)  # before the stream has said so
    settle()
    assert repository.query_entries(id_of(bob), other, before=None, limit=5) == []


def test_names_and_numbers_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = a_user("bob")
    with pytest.raises(EmptyName):
        a_collection(bob, " \u200b ")
    with pytest.raises(TextTooLong):
        a_collection(bob, "x" * 51)
    mine = a_collection(bob, "  Old \n name ")
    assert sizes(bob) == {"Old name": 0}
    services.collection_rename(user_id=id_of(bob), collection_id=mine, name="灯台")
    assert sizes(bob) == {"灯台": 0}
    with pytest.raises(CollectionNotFound):
        services.collection_rename(user_id=id_of(a_user()), collection_id=mine, name="Stolen")
    monkeypatch.setattr(services, "COLLECTIONS_AT_MOST", 2)
    monkeypatch.setattr(services, "COLLECTIONS_A_POST", 1)
    second = a_collection(bob, "Second")
    with pytest.raises(TooManyCollections):
        a_collection(bob, "Third")
    with pytest.raises(TooManyForPost):
        services.collections_set(user_id=id_of(bob), post_id=a_post(by=bob).id, collection_ids=[mine, second])


def test_a_cover_is_the_last_photo_put_in(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    bob = a_user("bob")
    first, last, words = (
        with_renditions(a_post(by=bob, photo=a_photo(400, 300), alt="Fog")),
        with_renditions(a_post(by=bob, photo=a_photo(300, 400), alt="Sun")),
        a_post(by=bob),
    )
    mine = a_collection(bob)

    def cover() -> str:
        (card,) = collection_cards(id_of(bob), collections_of(id_of(bob)))
        return card.cover.photo.alt if card.cover else ""

    for post in (first, last, words):
        puts(bob, post, mine)
    assert cover() == "Sun"
    services.post_unsave(user_id=id_of(bob), post_id=last.id)
    assert cover() == "Fog"
    post_edit(user_id=id_of(bob), post_id=first.id, version=1, warning="Fog")
    assert cover() == ""


def test_saving_by_page_and_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Low tide.")
    client = client_of(bob)
    html = client.get(f"/p/{post.id}/").content.decode()
    assert f'action="/p/{post.id}/save/"' in html
    answer = client.post(f"/p/{post.id}/save/", {"next": "/"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in answer
    assert f'href="/p/{post.id}/collections/"' in answer
    assert client.get(f"/p/{post.id}/save/").status_code == 405
    page = client.get(f"/p/{post.id}/collections/").content.decode()
    assert "New collection" in page
    assert client.post(f"/p/{post.id}/collections/", {"name": "Tides"})["Location"] == f"/p/{post.id}/"
    (mine,) = collections_of(id_of(bob))
    assert (mine.name, mine.posts) == ("Tides", 1)
    page = client.get(f"/p/{post.id}/collections/").content.decode()
    assert re.search(rf'value="{mine.id}"[^>]* checked', page)
    for view in ("", "?view=list"):
        assert "Low tide." in client.get(f"/saved/{mine.id}/{view}").content.decode()
    assert "Tides" in client.get("/saved/").content.decode()
    assert client_of(ana).get(f"/saved/{mine.id}/").status_code == 404
    assert client_of(None).get("/saved/").status_code == 302
    refused = client.post("/saved/collections/", {"name": "x" * 51})
    assert (refused.status_code, "up to 50 characters" in refused.content.decode()) == (422, True)
    assert client.post(f"/saved/{mine.id}/", {"name": "Low tides"}).status_code == 302
    assert sizes(bob) == {"Low tides": 1}
    assert client.post(f"/p/{post.id}/collections/", {"chosen": []}).status_code == 302
    assert sizes(bob) == {"Low tides": 0}
    assert "Its posts stay saved." in client.get(f"/saved/{mine.id}/delete/").content.decode()
    assert client.post(f"/saved/{mine.id}/delete/")["Location"] == "/saved/"
    assert client.post(f"/p/{post.id}/unsave/", {"next": "/saved/"})["Location"] == "/saved/"
    assert kept_by(bob) == ([], 0)


def test_saving_by_the_api() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    api = api_of(bob)
    for _twice in range(2):
        assert api.put(f"/api/v1/posts/{post.id}/save/").json() == {"saved": True, "collections": []}
    assert api.get(f"/api/v1/posts/{post.id}/").json()["saved"] is True
    assert api_of(ana).get(f"/api/v1/posts/{post.id}/").json()["saved"] is False
    made = api.post("/api/v1/me/collections/", {"name": "Tides"})
    assert (made.status_code, made.json()["post_count"], made.json()["cover"]) == (201, 0, None)
    address = f"/api/v1/me/collections/{made.json()['id']}/"
    for _twice in range(2):
        assert api.put(f"{address}posts/{post.id}/").json()["collections"] == [made.json()["id"]]
    assert api.patch(address, {"name": "Low tides"}).json()["name"] == "Low tides"
    assert [it["post_count"] for it in api.get("/api/v1/me/collections/").json()] == [1]
    for query in ("", f"?collection={made.json()['id']}"):
        page = api.get(f"/api/v1/me/saved/{query}").json()
        assert ([it["id"] for it in page["items"]], page["hidden"], page["next"]) == ([str(post.id)], 0, None)
    assert api_of(ana).get(f"/api/v1/me/saved/?collection={made.json()['id']}").status_code == 404
    assert api_of(ana).put(f"{address}posts/{post.id}/").json()["code"] == "collection_not_found"
    assert api.post("/api/v1/me/collections/", {"name": " "}).json()["code"] == "empty_name"
    assert api.delete(f"{address}posts/{post.id}/").status_code == 204
    for _twice in range(2):
        assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
    assert api.delete(f"/api/v1/posts/{post.id}/save/").json() == {"saved": False, "collections": []}
    assert APIClient().put(f"/api/v1/posts/{post.id}/save/").status_code == 401


def test_exports_and_departures_have_all_of_it() -> None:
    ana, bob = a_user(), a_user("bob")
    post, mine = a_post(by=ana), a_collection(bob, "Tides")
    puts(bob, post, mine)
    (record,) = mark_exports.saved(id_of(bob), None).records
    assert (record["post_id"], record["post_by"], record["collections"]) == (
        str(post.id),
        ana.username,
        ["Tides"],
    )
    assert [it["name"] for it in mark_exports.collections(id_of(bob), None).records] == ["Tides"]
    assert departures.saves_remove(UserId(bob.pk), None).cursor is None
    assert (kept_by(bob), sizes(bob)) == (([], 0), {})
    assert repository.query_entries(id_of(bob), mine, before=None, limit=5) == []
