"""Edits: what changes and what stays, versions and who reads them, two editors, what follows from the stream."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from config.cache import leases
from config.dynamodb.metering import metered
from config.entities import UserId
from config.ids import next_id
from config.streams import start
from feed.selectors import home_page
from posts.cache import BODIES
from posts.details import Commenting
from posts.editing import post_edit, versions_seen
from posts.entities import Audience, Post
from posts.errors import AltsDiffer, EmptyPost, NotYours, PostChanged, PostNotFound, TextTooLong
from posts.repository import posts as repository
from posts.repository.edits import VERSIONS_KEPT, put_edit, query_versions
from posts.selectors import post_by_id
from posts.services import post_delete
from posts.tags import visible_posts_of_tag
from posts.text.facets import FacetKind
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.hands import Hands
from tests.posts.factory import a_photo, a_post, read_before, with_renditions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def edited(post: Post, **changes: Any) -> Post:
    """The author edits the post as it is now."""
    version = changes.pop("version", post_by_id(post.id).version)
    return post_edit(user_id=post.author_id, post_id=post.id, version=version, **changes)


def texts_seen(viewer: User | None, post: Post) -> list[str]:
    found = versions_seen(id_of(viewer) if viewer else None, post_by_id(post.id))
    return [version.post.text for version in found]


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_an_edit_is_there_at_the_next_read_and_the_rest_stays() -> None:
    bob = a_user("bob")
    post = a_post(by=a_user(), text="Low #tide", warning="Water", location="Pier", audience="followers")
    assert (post_by_id(post.id).version, post.edited_at_ms) == (1, None)  # and now it is in the cache
    now = edited(post, text=f"High #water, @{bob.username}", location="")
    assert now == post_by_id(post.id)
    assert (now.version, now.audience, now.created_at_ms) == (2, Audience.FOLLOWERS, post.created_at_ms)
    assert (now.details.warning, now.details.location) == ("Water", "")
    assert [facet.value for facet in now.shown_facets] == ["water", bob.username]
    assert {facet.user_id for facet in now.shown_facets if facet.kind is FacetKind.MENTION} == {bob.pk}
    assert now.edited_at_ms


def test_descriptions_change_with_their_photos() -> None:
    post = with_renditions(a_post(by=a_user(), photo=a_photo(), alt="A piir"))
    now = edited(post, alts=["A pier"])
    assert [photo.alt for photo in now.photos] == ["A pier"]
    assert now.photos[0].renditions == post.photos[0].renditions
    assert [version.alts for version in query_versions(now)] == [("A piir",)]
    with pytest.raises(AltsDiffer):
        edited(post, alts=["A pier", "Another"])
    assert edited(post, text="").text == ""
    with pytest.raises(EmptyPost):
        edited(a_post(by=a_user()), text=" ")


def test_renditions_that_come_during_an_edit_stay() -> None:
    post = a_post(by=a_user(), photo=a_photo(), alt="A piir")
    read = repository.get_post(post.id)
    assert read
    with_renditions(post)  # the worker is faster than the editor who has read
    photos = (replace(read.photos[0], alt="A pier"),)
    assert not put_edit(read, replace(read, photos=photos, version=2), keep=True)
    now = edited(post, alts=["A pier"])
    assert now.photos[0].renditions
    assert now.photos[0].alt == "A pier"


def test_what_changes_nothing_is_no_version() -> None:
    post = a_post(by=a_user(), text="Calm.")
    now = edited(post, text="Calm.\n", audience="everyone")
    assert (now.version, now.edited_at_ms, query_versions(now)) == (1, None, [])
    twice = [edited(post, text="Wind.", version=1) for _repeated in range(2)]
    assert [one.version for one in twice] == [2, 2]


def test_whom_it_is_for_is_a_version_but_no_edit() -> None:
    ana = a_user()
    post = a_post(by=ana)
    narrowed = edited(post, audience="only_me")
    assert (narrowed.version, narrowed.edited_at_ms) == (2, None)
    assert Client().get(f"/p/{post.id}/").status_code == 404
    closed = edited(post, audience="everyone", commenting="nobody")
    assert closed.details.commenting is Commenting.NOBODY
    assert "Edited" not in Client().get(f"/p/{post.id}/").content.decode()
    assert [version.post.audience.value for version in versions_seen(id_of(ana), closed)] == [
        "only_me",
        "everyone",
    ]
    assert versions_seen(None, closed) == []
    assert edited(post, commenting="everyone").version == 4
    assert len(query_versions(closed)) == 2


def test_of_two_editors_one_is_told_to_look_again() -> None:
    post = a_post(by=a_user())

    def save(number: int) -> str:
        try:
            return edited(post, text=f"By editor {number}.", version=1).text
        except PostChanged:
            return ""

    with Hands(6) as editors:
        saved = [text for text in editors.map(save, range(6)) if text]
    assert saved == [post_by_id(post.id).text]
    assert post_by_id(post.id).version == 2


def test_only_its_author_edits_and_only_what_is_there() -> None:
    post, hidden = a_post(by=a_user()), a_post(by=a_user(), audience="only_me")
    bob = id_of(a_user("bob"))
    with pytest.raises(NotYours):
        post_edit(user_id=bob, post_id=post.id, version=1, text="Mine.")
    with pytest.raises(PostNotFound):
        post_edit(user_id=bob, post_id=hidden.id, version=1, text="Mine.")
    with pytest.raises(TextTooLong):
        edited(post, text="я" * 4097)
    post_delete(user_id=post.author_id, post_id=post.id)
    with pytest.raises(PostNotFound):
        post_edit(user_id=post.author_id, post_id=post.id, version=1, text="Back.")
    with pytest.raises(PostNotFound):
        post_by_id(post.id)


def test_versions_are_for_whom_they_were_when_they_were_shown() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, text="For me.", audience="only_me")
    edited(post, text="For followers.", audience="followers")
    edited(post, text="For all.", audience="everyone")
    edited(post, text="For all, again.")
    assert texts_seen(None, post) == ["For all."]
    assert texts_seen(fan, post) == ["For all.", "For followers."]
    assert texts_seen(ana, post) == ["For all.", "For followers.", "For me."]
    edited(post, audience="followers")
    assert Client().get(f"/p/{post.id}/history/").status_code == 404
    assert APIClient().get(f"/api/v1/posts/{post.id}/versions/").status_code == 404
    listed = client_of(fan).get(f"/api/v1/posts/{post.id}/versions/").json()
    assert [(one["text"], one["audience"]) for one in listed] == [
        ("For all.", None),
        ("For followers.", None),
    ]


def test_the_last_fifty_versions_are_kept() -> None:
    post = a_post(by=a_user(), text="Version 1")
    for number in range(2, VERSIONS_KEPT + 5):
        edited(post, text=f"Version {number}", version=number - 1)
    kept = [version.post.text for version in query_versions(post)]
    assert kept == [f"Version {number}" for number in range(VERSIONS_KEPT + 3, 3, -1)]


def test_an_edit_is_two_requests_of_a_few_units() -> None:
    post = a_post(by=a_user())
    with metered() as calls:
        edited(post, text="A short post.", version=1)
    writes = [call for call in calls if call.write_units]
    assert len(writes) == 1
    assert writes[0].write_units <= 4


def test_a_late_fill_does_not_bring_the_old_text_back() -> None:
    post = a_post(by=a_user(), text="Old.")
    late = read_before(post)
    edited(post, text="New.")
    late.keep()
    assert post_by_id(post.id).text == "New."


def test_the_stream_leaves_what_its_author_has_read_since_and_takes_what_is_older(
    settle: Callable[[], None],
) -> None:
    start()
    post = with_renditions(a_post(by=a_user(), text="Low #tide", photo=a_photo(), warning="Water"))
    settle()
    edited(post, text="High #tide")
    (kept,) = leases.ask([BODIES.name(post.id)])
    settle()
    assert leases.ask([BODIES.name(post.id)]) == [kept]
    edited(post, text="Slack #tide")
    BODIES.put({post.id: post})  # as if the editor had ended before the cache was told
    settle()
    assert post_by_id(post.id).text == "Slack #tide"


def test_tags_follow_the_text(settle: Callable[[], None]) -> None:
    start()
    left, kept, new = (f"{word}{next_id()}" for word in ("left", "kept", "new"))
    post = a_post(by=a_user(), text=f"#{left} #{kept}")
    settle()
    edited(post, text=f"#{kept} #{new}")
    settle()
    found = [[one.id for one in visible_posts_of_tag(None, tag).items] for tag in (left, kept, new)]
    assert found == [[], [post.id], [post.id]]
    edited(post, text=f"#{left}")
    edited(post, text="None.")
    settle()
    assert [visible_posts_of_tag(None, tag).items for tag in (left, kept, new)] == [[], [], []]


def test_a_post_that_is_opened_reaches_the_feeds(settle: Callable[[], None]) -> None:
    start()
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    settle()
    post = a_post(by=ana, audience="only_me")
    settle()
    assert home_page(UserId(fan.pk)).items == []
    edited(post, audience="followers")
    settle()
    assert [card.post.id for card in home_page(UserId(fan.pk)).items] == [post.id]
    edited(post, audience="only_me")
    assert home_page(UserId(fan.pk)).items == []


def test_editing_by_page() -> None:
    ana = a_user()
    post = with_renditions(a_post(by=ana, text="Low tide.", photo=a_photo(), alt="A piir", warning="Water"))
    client = Client()
    client.force_login(ana)
    address = f"/p/{post.id}/edit/"
    page = client.get(address).content.decode()
    assert "Low tide." in page
    assert 'value="A piir"' in page
    assert address in client.get(f"/p/{post.id}/").content.decode()
    sent = {
        "text": "High tide.",
        "alt_1": "A pier",
        "audience": "everyone",
        "commenting": "everyone",
        "version": 1,
    }
    assert client.post(address, {**sent, "text": "я" * 4097}).status_code == 422
    assert client.post(address, sent)["Location"] == f"/p/{post.id}/"
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert "High tide." in html
    assert f'<a href="/p/{post.id}/history/">Edited</a>' in html
    older = Client().get(f"/p/{post.id}/history/").content.decode()
    assert "Low tide." in older
    assert "A piir" in older
    assert 'class="post-warning"' in older
    late = client.post(address, {**sent, "text": "From another window."})
    shown = late.content.decode()
    assert late.status_code == 409
    assert "High tide." in shown
    assert "From another window." in shown
    assert 'name="version" value="2"' in shown
    eve = Client()
    eve.force_login(a_user("eve"))
    assert eve.get(address).status_code == 403
    assert eve.post(address, sent).status_code == 403


def test_editing_by_the_api() -> None:
    ana = a_user()
    client = client_of(ana)
    made = client.post("/api/v1/posts/", {"text": "Low tide."}).json()
    assert (made["version"], made["edited_at"]) == (1, None)
    address = f"/api/v1/posts/{made['id']}/"
    now = client.patch(address, {"version": 1, "text": "High tide.", "language": "en"}, format="json").json()
    assert (now["text"], now["version"], now["language"]) == ("High tide.", 2, "en")
    assert now["edited_at"]
    late = client.patch(address, {"version": 1, "text": "Ebb."}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "post_changed")
    assert client.patch(address, {"text": "Ebb."}, format="json").status_code == 422
    assert (
        client_of(a_user("eve")).patch(address, {"version": 2, "text": "Ebb."}, format="json").status_code
        == 403
    )
    (older,) = client.get(f"{address}versions/").json()
    assert (older["text"], older["version"], older["audience"]) == ("Low tide.", 1, "everyone")
