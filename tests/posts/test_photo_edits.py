"""Photos added, taken out and moved in an edit: by service, API and page; the history; what becomes of their files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb import get_item, put_item
from config.streams import start
from posts import photo_edits
from posts.editing import post_edit, versions_seen
from posts.entities import Post
from posts.errors import EmptyPost
from posts.media.choosing import Chosen
from posts.media.errors import MediumNotFound, MediumUsed, TooManyPhotos
from posts.media.names import rendition_names
from posts.media.services import medium_render
from posts.photo_edits import Kept
from posts.removal import deleted_sweep
from posts.repository import edits, keys
from posts.repository import posts as repository
from posts.repository.items import item_of_post
from posts.repository.media import get_medium, query_unused
from posts.selectors import post_by_id
from posts.services import post_delete
from posts.tables import POSTS
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.drafting import a_draft, a_medium, kept
from tests.posts.factory import a_photo, a_post, bury_body, with_renditions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def a_post_with(by: User, *alts: str, **said: Any) -> Post:
    """A post with a photo for each description, rendered."""
    media = [a_medium(by=by, alt=alt) for alt in alts]
    return with_renditions(a_post(by=by, photos=[Chosen(medium.id) for medium in media], **said))


def edited(post: Post, **changes: Any) -> Post:
    version = changes.pop("version", post_by_id(post.id).version)
    return post_edit(user_id=post.author_id, post_id=post.id, version=version, **changes)


def alts_of(post: Post) -> list[str]:
    return [photo.alt for photo in post.photos]


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def chosen(post: Post, *places: int) -> list[Any]:
    """The photos at these places, by their ids."""
    return [Chosen(post.photos[place].id) for place in places]  # type: ignore[arg-type]


def test_photos_come_go_and_move_and_the_history_shows_them() -> None:
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    new = a_medium(by=ana, alt="Gull", rendered=True)
    now = edited(post, photos=[Chosen(new.id), *chosen(post, 1), Chosen(post.photos[0].id, "The pier")])  # type: ignore[arg-type]
    assert alts_of(now) == ["Gull", "Boat", "The pier"]
    assert (kept(new.id).post_id, query_unused(id_of(ana), limit=9)) == (post.id, [])
    assert now.edited_at_ms
    fewer = edited(post, photos=chosen(now, 2))
    only_text = edited(post, text="Another text.")
    assert alts_of(only_text) == ["The pier"]
    versions = versions_seen(None, only_text)
    assert [alts_of(version.post) for version in versions] == [
        ["The pier"],
        ["Gull", "Boat", "The pier"],
        ["Pier", "Boat"],
    ]
    assert fewer.photos[0].renditions == post.photos[0].renditions
    html = Client().get(f"/p/{post.id}/history/").content.decode()
    assert html.count('loading="lazy"') >= 6
    assert 'alt="Gull"' in html


def test_the_order_alone_is_an_edit_and_the_same_photos_are_none() -> None:
    post = a_post_with(a_user(), "Pier", "Boat")
    assert edited(post, photos=chosen(post, 0, 1)).version == 1
    moved = edited(post, photos=chosen(post, 1, 0))
    assert (alts_of(moved), moved.version) == (["Boat", "Pier"], 2)
    again = edited(post, photos=chosen(post, 1, 0), version=1)
    assert again.version == 2


def test_photos_of_a_version_are_for_whom_it_was() -> None:
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    gone = versions_seen(None, edited(post, photos=chosen(post, 1)))[0].post.photos[0]
    (version,) = APIClient().get(f"/api/v1/posts/{post.id}/versions/").json()
    url = version["photos"][0]["renditions"][0]["url"]
    assert b"".join(APIClient().get(url).streaming_content)[8:12] == b"WEBP"
    assert gone.id == post.photos[0].id
    edited(post, audience="only_me")
    assert APIClient().get(url).status_code == 404
    assert b"".join(client_of(ana).get(url).streaming_content)[8:12] == b"WEBP"
    hidden = a_post_with(ana, "Secret", "Boat", audience="only_me")
    edited(hidden, photos=chosen(hidden, 1))
    edited(hidden, audience="everyone", text="Nothing to see.")
    own = client_of(ana).get(f"/api/v1/posts/{hidden.id}/versions/").json()
    secret = next(one for one in own if one["alts"] == ["Secret", "Boat"])["photos"][0]["renditions"][0][
        "url"
    ]
    assert APIClient().get(f"/api/v1/posts/{hidden.id}/versions/").json() == []
    assert APIClient().get(secret).status_code == 404
    assert b"".join(client_of(ana).get(secret).streaming_content)[8:12] == b"WEBP"


def test_what_is_not_there_or_not_free_is_refused() -> None:
    ana, eve = a_user(), a_user("eve")
    post, other = a_post_with(ana, "Pier"), a_post_with(ana, "Boat")
    theirs = a_medium(by=eve)
    with pytest.raises(MediumNotFound):
        edited(post, photos=[Chosen(theirs.id)])
    with pytest.raises(MediumUsed):
        edited(post, photos=chosen(other, 0))
    with pytest.raises(MediumNotFound):
        edited(post, photos=[*chosen(post, 0), *chosen(post, 0)])
    with pytest.raises(MediumNotFound):
        edited(post, photos=[Kept(4)])
    with pytest.raises(TooManyPhotos):
        edited(post, photos=[Kept(0)] * 21)
    assert post_by_id(post.id).version == 1
    edited(post, text="")
    with pytest.raises(EmptyPost):
        edited(post, photos=[])
    text_only = edited(edited(post, text="Words."), photos=[])
    assert text_only.photos == ()
    assert "photos" not in (get_item(POSTS, keys.meta(post.id)) or {})


def test_a_photo_of_a_draft_may_come_and_a_first_one_too() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    draft = a_draft(by=ana, photos=[medium])
    post = a_post(by=ana)
    now = edited(post, photos=[Chosen(medium.id, "Pier")])
    assert alts_of(now) == ["Pier"]
    assert (kept(medium.id).post_id, kept(medium.id).draft_ids) == (post.id, ())
    assert draft.medium_ids == (medium.id,)
    assert not now.photos[0].renditions
    medium_render(medium_id=medium.id)
    bury_body(post)
    assert post_by_id(post.id).photos[0].renditions


def test_a_photo_of_before_media_is_named_by_its_place() -> None:
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    legacy = replace(post, photos=tuple(replace(photo, id=None) for photo in post.photos))
    item = item_of_post(legacy)
    put_item(POSTS, {**{name: item[name] for name in item if name != "photos"}, "photo": item["photos"][0]})
    bury_body(post)
    assert alts_of(post_by_id(post.id)) == ["Pier"]
    new = a_medium(by=ana, alt="Gull")
    now = edited(post, photos=[Chosen(new.id), Kept(0, "The pier")])
    assert alts_of(now) == ["Gull", "The pier"]
    assert edited(post, photos=[]).photos == ()
    bury_body(post)
    assert post_by_id(post.id).photos == ()
    assert [alts_of(version.post) for version in versions_seen(None, post_by_id(post.id))] == [
        ["Gull", "The pier"],
        ["Pier"],
    ]


def test_files_go_with_the_last_version_that_shows_them(
    settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start()
    monkeypatch.setattr(edits, "VERSIONS_KEPT", 2)
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    gone, stays = post.photos
    edited(post, photos=chosen(post, 1))
    edited(post, text="Second.")
    settle()
    assert all((tmp_path / name).exists() for name in rendition_names(gone))
    edited(post, text="Third.")
    settle()
    assert get_medium(gone.id) is None  # type: ignore[arg-type]
    assert not any((tmp_path / name).exists() for name in rendition_names(gone))
    assert all((tmp_path / name).exists() for name in rendition_names(stays))
    assert alts_of(post_by_id(post.id)) == ["Boat"]


def test_files_of_earlier_versions_go_with_the_post(settle: Callable[[], None], tmp_path: Path) -> None:
    start()
    post = a_post_with(a_user(), "Pier", "Boat")
    edited(post, photos=chosen(post, 1))
    post_delete(user_id=post.author_id, post_id=post.id)
    deleted_sweep(now_ms=(repository.get_post(post.id).purge_at_ms or 0) + 1)  # type: ignore[union-attr]
    settle()
    assert [get_medium(photo.id) for photo in post.photos] == [None, None]  # type: ignore[arg-type]
    assert not [path for path in tmp_path.rglob("*.*") if path.is_file()]


def test_a_version_that_goes_twice_takes_nothing_more() -> None:
    post = a_post_with(a_user(), "Pier", "Boat")
    edited(post, photos=chosen(post, 1))
    ids = [photo.id for photo in post.photos if photo.id]
    assert photo_edits.version_photos_clear(post_id=post.id, medium_ids=ids, folders=[]) == 0
    assert all(get_medium(medium_id) for medium_id in ids)


def test_photos_are_edited_by_the_api() -> None:
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    new = a_medium(by=ana, alt="Gull")
    client, address = client_of(ana), f"/api/v1/posts/{post.id}/"
    first, second = (str(photo.id) for photo in post.photos)
    media = [{"id": second}, {"id": str(new.id), "alt": "A gull"}, {"place": 1, "alt": "The pier"}]
    now = client.patch(address, {"version": 1, "media": media}, format="json").json()
    assert [(photo["id"], photo["alt"]) for photo in now["photos"]] == [
        (second, "Boat"),
        (str(new.id), "A gull"),
        (first, "The pier"),
    ]
    for wrong in ([{"alt": "x"}], [{"id": first, "place": 1}], [{"id": first}] * 21):
        assert client.patch(address, {"version": 2, "media": wrong}, format="json").status_code == 422
    late = client.patch(address, {"version": 1, "media": [{"id": first}]}, format="json")
    assert late.json()["code"] == "post_changed"
    (older,) = client.get(f"{address}versions/").json()
    assert [photo["id"] for photo in older["photos"]] == [first, second]


def test_photos_are_edited_by_the_page_without_script() -> None:
    ana = a_user()
    post = a_post_with(ana, "Pier", "Boat")
    first, second = (photo.id for photo in post.photos)
    client = Client()
    client.force_login(ana)
    address = f"/p/{post.id}/edit/"
    page = client.get(address).content.decode()
    assert f'name="place_{second}" value="2"' in page
    sent = {
        "text": post.text,
        "audience": "everyone",
        "commenting": "everyone",
        "version": 1,
        "has_photos": "True",
        "media_ids": [str(first), str(second)],
        f"alt_{first}": "Pier",
        f"alt_{second}": "A boat",
        f"place_{first}": "1",
        f"place_{second}": "1",
        "photo": a_photo(80, 60),
        "alt": "A gull",
    }
    assert client.post(address, sent).status_code == 302
    now = post_by_id(post.id)
    assert alts_of(now) == ["A boat", "Pier", "A gull"]
    third = now.photos[2].id
    fewer = {**sent, "version": 2, "media_ids": [str(first), str(third)], f"drop_{third}": "1"}
    fewer.pop("photo")
    late = client.post(address, {**fewer, "version": 1})
    assert late.status_code == 409
    assert f'value="{third}"' not in late.content.decode()
    assert f'value="{first}"' in late.content.decode()
    assert client.post(address, fewer).status_code == 302
    assert alts_of(post_by_id(post.id)) == ["Pier"]
    refused = client.post(address, {**fewer, "version": 3, "media_ids": ["nonsense"]})
    assert refused.status_code == 422
    assert "not there any more" in refused.content.decode()
