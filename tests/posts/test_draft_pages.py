"""Pages of drafts, without script: saved by the composer's button, opened, scheduled, posted, deleted and had back."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from posts.drafts.entities import Draft
from posts.drafts.selectors import drafts_of, scheduled_drafts
from posts.drafts.services import draft_save
from posts.media.services import medium_render
from posts.repository.media import query_unused
from posts.selectors import post_by_id, recent_post_ids
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.drafting import a_draft, a_medium, in_seconds
from tests.posts.factory import a_photo

pytestmark = pytest.mark.django_db
BLANK = {"text": "", "audience": "everyone", "commenting": "everyone"}
PIECE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def the_draft(user: User) -> Draft:
    (draft,) = drafts_of(id_of(user)).items
    return draft


def fields_of(page: str) -> dict[str, Any]:
    """What a browser without script would send of the composer's photos and draft."""
    inputs = re.findall(r"<input[^>]*>", page)
    named = [
        (re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one), 'type="checkbox"' in one)
        for one in inputs
    ]
    fields: dict[str, Any] = {}
    for name, value, is_checkbox in named:
        if name and name[1] == "media_ids":
            fields.setdefault("media_ids", []).append(value[1] if value else "")
        elif name and not is_checkbox and name[1].startswith(("alt_", "place_", "draft")):
            fields[name[1]] = value[1] if value else ""
    return fields


def test_a_draft_from_the_composer_to_a_post_without_script() -> None:
    ana = a_user()
    client = signed_in(ana)
    sent = {
        **BLANK,
        "text": "Low tide.",
        "photo": [a_photo(90, 60), a_photo(60, 90)],
        "alt": "A pier\nA boat",
    }
    assert client.post("/posts/drafts/save/", sent)["Location"] == "/posts/drafts/"
    draft = the_draft(ana)
    assert [photo.alt for photo in draft.content.photos] == ["A pier", "A boat"]
    assert query_unused(id_of(ana), limit=9) == []
    listed = client.get("/posts/drafts/").content.decode()
    assert "Low tide." in listed
    assert 'alt="A pier"' in listed
    for medium_id in draft.medium_ids:
        medium_render(medium_id=medium_id)
    assert "/media/unused/" in client.get("/posts/drafts/").content.decode()

    page = client.get(f"/posts/drafts/{draft.id}/").content.decode()
    fields = fields_of(page)
    assert fields["media_ids"] == [str(medium_id) for medium_id in draft.medium_ids]
    first, second = draft.medium_ids
    moved = {**BLANK, **fields, "text": "High tide.", f"place_{second}": "1", f"alt_{first}": "The pier"}
    assert client.post("/posts/drafts/save/", moved).status_code == 302
    saved = the_draft(ana)
    assert (saved.id, saved.version, saved.content.text) == (draft.id, 2, "High tide.")
    assert [(photo.id, photo.alt) for photo in saved.content.photos] == [
        (second, "A boat"),
        (first, "The pier"),
    ]

    fields = fields_of(client.get(f"/posts/drafts/{draft.id}/").content.decode())
    answer = client.post("/posts/", {**BLANK, **fields, "text": "Out.", f"drop_{first}": "1"})
    assert answer.status_code == 302
    (post_id,) = recent_post_ids(id_of(ana), limit=9)
    assert [photo.id for photo in post_by_id(post_id).photos] == [second]
    assert drafts_of(id_of(ana)).items == []
    assert query_unused(id_of(ana), limit=9) == [first]


def test_posting_twice_by_a_hurried_finger_is_one_post() -> None:
    ana = a_user()
    client = signed_in(ana)
    draft = a_draft(by=ana)
    sent = {**BLANK, "text": "Out.", "key": "k", "draft": str(draft.id), "draft_version": "1"}
    assert [client.post("/posts/", sent).status_code for _twice in range(2)] == [302, 302]
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1


def test_what_was_changed_elsewhere_is_kept_beside_the_composers() -> None:
    ana = a_user()
    client = signed_in(ana)
    draft = a_draft(by=ana, text="One.")
    draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text="Elsewhere.")
    stale = {**BLANK, "text": "Here.", "draft": str(draft.id), "draft_version": "1"}
    piece = client.post("/posts/drafts/save/", stale, headers=PIECE).content.decode()
    assert "changed elsewhere" in piece
    assert 'name="draft" id=' in piece
    assert [one.content.text for one in drafts_of(id_of(ana)).items] == ["Here.", "Elsewhere."]
    client.post("/posts/", {**stale, "text": "Posted."})
    assert len(drafts_of(id_of(ana)).items) == 2


def test_what_is_refused_is_shown_again() -> None:
    ana = a_user()
    client = signed_in(ana)
    answer = client.post("/posts/drafts/save/", {**BLANK, "text": "Kept.", "warning": "я" * 201})
    assert answer.status_code == 422
    assert "Kept." in answer.content.decode()
    assert drafts_of(id_of(ana)).items == []


def test_a_time_is_chosen_changed_and_given_up() -> None:
    ana = a_user()
    client = signed_in(ana)
    to_time = client.post("/posts/drafts/save/", {**BLANK, "text": "Soon.", "time": "1"})
    draft = the_draft(ana)
    address = f"/posts/drafts/{draft.id}/time/"
    assert to_time["Location"] == address
    assert "Europe/Lisbon" in client.get(address).content.decode()
    past = client.post(address, {"publish_at": "2020-01-01T10:00", "zone": "UTC", "version": 1})
    assert past.status_code == 422
    assert "from now on" in past.content.decode()
    year = int(in_seconds(0).due_at_ms or 0) // 31_556_952_000 + 1970
    chosen = {"publish_at": f"{year}-12-31T23:30", "zone": "Europe/Lisbon", "version": 1}
    answer = client.post(address, chosen, follow=True)
    assert "23:30" in answer.content.decode()
    assert "Europe/Lisbon" in answer.content.decode()
    assert client.cookies["zone"].value == "Europe/Lisbon"
    assert [one.id for one in scheduled_drafts(id_of(ana))] == [draft.id]
    again = client.get(address).content.decode()
    assert f'value="{year}-12-31T23:30"' in again
    assert '<option value="Europe/Lisbon" selected>' in again
    stale = client.post(address, {**chosen, "version": 1, "publish_at": f"{year}-12-31T22:00"})
    assert stale.status_code == 422
    assert "changed" in stale.content.decode()
    assert client.post(f"/posts/drafts/{draft.id}/cancel/", {"version": 2}).status_code == 302
    assert scheduled_drafts(id_of(ana)) == []
    other = a_draft(by=ana)
    begin = client.get(f"/posts/drafts/{other.id}/time/").content.decode()
    assert '<option value="Europe/Lisbon" selected>' in begin


def test_posted_now_or_kept_with_the_reason() -> None:
    ana = a_user()
    client = signed_in(ana)
    draft, long = a_draft(by=ana, timing=in_seconds(3600)), a_draft(by=ana, text="я" * 5000)
    out = client.post(f"/posts/drafts/{draft.id}/publish/", {"version": 1})
    (post_id,) = recent_post_ids(id_of(ana), limit=9)
    assert out["Location"] == f"/p/{post_id}/"
    refused = client.post(f"/posts/drafts/{long.id}/publish/", {"version": 1}, follow=True)
    assert "4096 characters" in refused.content.decode()
    assert client.post(f"/posts/drafts/{long.id}/publish/", {"version": 9}).status_code == 302
    assert client.post(f"/posts/drafts/{long.id}/publish/").status_code == 302
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1


def test_deleted_and_had_back_by_the_message() -> None:
    ana = a_user()
    client = signed_in(ana)
    draft = a_draft(by=ana, photos=[a_medium(by=ana)])
    page = client.post(f"/posts/drafts/{draft.id}/delete/", follow=True).content.decode()
    undo = f"/posts/drafts/{draft.id}/restore/"
    assert undo in page
    assert "No drafts" in page
    assert "Your draft is back." in client.post(undo, follow=True).content.decode()
    assert the_draft(ana).content == draft.content


def test_drafts_are_their_authors_alone() -> None:
    draft = a_draft(by=a_user())
    eve = signed_in(a_user("eve"))
    for address in (f"/posts/drafts/{draft.id}/", f"/posts/drafts/{draft.id}/time/"):
        assert eve.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert eve.post(f"/posts/drafts/{draft.id}/publish/", {"version": 1}).status_code == 404
    assert eve.post(f"/posts/drafts/{draft.id}/cancel/", {"version": 1}).status_code == 404
    assert eve.post(f"/posts/drafts/{draft.id}/restore/").status_code == 404
    eve.post(f"/posts/drafts/{draft.id}/delete/")
    assert "Low tide, soon." not in eve.get("/posts/drafts/").content.decode()
