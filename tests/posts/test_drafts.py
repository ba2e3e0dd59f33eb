"""Drafts: kept with all that was said, saved over each other only when seen, deleted and had back, published once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from config.dynamodb.metering import metered
from config.ids import next_id
from posts.drafts import repository
from posts.drafts.entities import DraftId
from posts.drafts.errors import DraftChanged, DraftNotFound, TooManyDrafts
from posts.drafts.publishing import draft_publish
from posts.drafts.selectors import drafts_of
from posts.drafts.services import draft_delete, draft_restore, draft_save, own_draft
from posts.entities import Audience
from posts.errors import EmptyPost, PostNotFound, TextTooLong
from posts.selectors import post_by_id, recent_post_ids
from posts.services import post_delete
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.drafting import a_draft, a_medium, in_seconds, kept
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db
SAID = {
    "audience": "followers",
    "warning": "Water",
    "language": "en",
    "location": "Pier",
    "commenting": "nobody",
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_draft_keeps_all_that_was_said_and_becomes_a_post_with_it() -> None:
    ana = a_user()
    first, second = (a_medium(by=ana, alt=alt) for alt in ("A pier", "A boat"))
    draft = a_draft(by=ana, text="Low tide. ", photos=[second, first], **SAID)
    read = own_draft(id_of(ana), draft.id)
    assert read == draft
    assert (read.content.text, read.content.audience, read.version) == ("Low tide.", Audience.FOLLOWERS, 1)
    post = draft_publish(author_id=id_of(ana), draft_id=draft.id)
    assert [(photo.id, photo.alt) for photo in post.photos] == [(second.id, "A boat"), (first.id, "A pier")]
    assert (post.text, post.audience.value) == ("Low tide.", "followers")
    assert post.details == draft.content.details
    with pytest.raises(DraftNotFound):
        own_draft(id_of(ana), draft.id)
    assert post_by_id(post.id).photos == post.photos
    assert (kept(first.id).post_id, kept(first.id).draft_ids) == (post.id, ())
    assert repository.query_drafts(id_of(ana), before=None, limit=9) == []


def test_publishing_again_gives_the_same_post_and_two_at_once_make_one() -> None:
    ana = a_user()
    draft = a_draft(by=ana, photos=[a_medium(by=ana)])
    with Hands(6) as hands:
        made = list(hands.map(lambda _n: draft_publish(author_id=id_of(ana), draft_id=draft.id).id, range(6)))
    assert len(set(made)) == 1
    assert recent_post_ids(id_of(ana), limit=9) == made[:1]
    assert draft_publish(author_id=id_of(ana), draft_id=draft.id).id == made[0]
    with pytest.raises(DraftNotFound):
        draft_publish(author_id=id_of(a_user("eve")), draft_id=draft.id)


def test_a_save_over_what_was_not_seen_is_refused() -> None:
    ana = a_user()
    draft = a_draft(by=ana, text="One.")

    def save(number: int) -> str:
        try:
            saved = draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text=f"By {number}.")
        except DraftChanged as refusal:
            return str(refusal.data["version"])
        return saved.content.text

    with Hands(6) as windows:
        saved = sorted(windows.map(save, range(6)))
    now = own_draft(id_of(ana), draft.id)
    assert (saved, now.version) == ([*["2"] * 5, now.content.text], 2)
    again = draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text=now.content.text)
    assert again == now
    with pytest.raises(DraftNotFound):
        draft_save(author_id=id_of(a_user("eve")), draft_id=draft.id, version=2, text="Mine.")


def test_what_could_not_be_posted_is_kept_and_refused_when_it_is_posted() -> None:
    ana = a_user()
    draft = a_draft(by=ana, text="я" * 5000)
    with pytest.raises(TextTooLong):
        draft_publish(author_id=id_of(ana), draft_id=draft.id)
    empty = draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text="")
    with pytest.raises(EmptyPost):
        draft_publish(author_id=id_of(ana), draft_id=empty.id)
    assert own_draft(id_of(ana), draft.id) == empty
    with pytest.raises(TextTooLong):
        a_draft(by=ana, text="я" * 40_000)


def test_a_deleted_draft_comes_back_for_a_day() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    draft = a_draft(by=ana, photos=[medium], timing=in_seconds(3600))
    for _twice in range(2):
        draft_delete(author_id=id_of(ana), draft_id=draft.id)
    assert drafts_of(id_of(ana)).items == []
    for _twice in range(2):
        back = draft_restore(author_id=id_of(ana), draft_id=draft.id)
    assert back == replace(draft, version=2)
    assert kept(medium.id).draft_ids == (draft.id,)
    with pytest.raises(DraftNotFound):
        draft_restore(author_id=id_of(ana), draft_id=DraftId(next_id()))
    draft_delete(author_id=id_of(ana), draft_id=draft.id)
    now = int(datetime.now(UTC).timestamp())
    assert repository.get_deleted(id_of(ana), draft.id, now_seconds=now)
    assert repository.get_deleted(id_of(ana), draft.id, now_seconds=now + 86_401) is None


def test_there_are_a_hundred_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "DRAFTS_AT_MOST", 4)
    ana = a_user()

    def begin(number: int) -> bool:
        try:
            a_draft(by=ana, text=f"{number}")
        except TooManyDrafts as refusal:
            return refusal.data["limit"] != 4
        return True

    with Hands(7) as hands:
        assert sum(hands.map(begin, range(7))) == 4
    first, *_others = drafts_of(id_of(ana)).items
    draft_delete(author_id=id_of(ana), draft_id=first.id)
    assert begin(8)
    with pytest.raises(TooManyDrafts):
        draft_restore(author_id=id_of(ana), draft_id=first.id)
    draft_publish(author_id=id_of(ana), draft_id=drafts_of(id_of(ana)).items[0].id)
    assert begin(9)


def test_a_key_begins_one_draft() -> None:
    ana = a_user()
    with Hands(4) as hands:
        made = list(hands.map(lambda n: a_draft(by=ana, text=f"Try {n}.", key="a-key").id, range(4)))
    assert len(set(made)) == 1
    assert len(drafts_of(id_of(ana)).items) == 1


def test_a_save_is_a_read_and_a_write_of_its_size() -> None:
    ana = a_user()
    draft = a_draft(by=ana, photos=[a_medium(by=ana)])
    with metered() as calls:
        draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text="Longer now.")
    assert [(call.read_units, call.write_units) for call in calls] == [(1, 0), (0, 1)]
    with metered() as calls:
        draft_publish(author_id=id_of(ana), draft_id=draft.id)
    assert len(calls) == 3
    assert sum(call.write_units for call in calls) <= 11  # of which the photo 3 and the draft 4


def test_drafts_by_the_api() -> None:
    ana = a_user()
    client = client_of(ana)
    medium = a_medium(by=ana, rendered=True)
    sent = {"text": "Low tide.", "media": [{"id": str(medium.id), "alt": "A pier"}], "location": "Pier"}
    answer = client.post("/api/v1/drafts/", sent, format="json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["version"], made["text"], made["publish_at"], made["problem"]) == (1, "Low tide.", None, "")
    assert (made["media"][0]["alt"], made["media"][0]["state"]) == ("A pier", "ready")
    own = client.get(made["media"][0]["renditions"][0]["url"])
    assert b"".join(own.streaming_content)[8:12] == b"WEBP"
    address = f"/api/v1/drafts/{made['id']}/"
    saved = client.patch(address, {"version": 1, "text": "High tide."}, format="json").json()
    assert (saved["version"], saved["text"], saved["location"]) == (2, "High tide.", "Pier")
    late = client.patch(address, {"version": 1, "text": "Ebb."}, format="json")
    assert (late.status_code, late.json()["code"], late.json()["version"]) == (409, "draft_changed", 2)
    assert client.patch(address, {"text": "Ebb."}, format="json").status_code == 422
    listed = client.get("/api/v1/drafts/").json()
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    for other in (client_of(a_user("eve")), APIClient()):
        assert other.get(address).status_code in {401, 404}
        assert other.post(f"{address}publish/").status_code in {401, 404}
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.post(f"{address}restore/").json()["version"] == 3
    stale = client.post(f"{address}publish/", {"version": 2}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "draft_changed")
    posts = [client.post(f"{address}publish/", {"version": 3}, format="json") for _twice in range(2)]
    assert [post.status_code for post in posts] == [201, 201]
    assert posts[0].json()["id"] == posts[1].json()["id"]
    assert posts[0].json()["photos"][0]["alt"] == "A pier"
    assert client.get("/api/v1/drafts/").json()["items"] == []


def test_drafts_page_by_cursor_and_each_is_ones_own() -> None:
    ana = a_user()
    begun = [a_draft(by=ana, text=f"{number}").id for number in range(5)]
    a_draft(by=a_user("bob"))
    client = client_of(ana)
    first = client.get("/api/v1/drafts/?limit=3").json()
    rest = client.get("/api/v1/drafts/", {"limit": 3, "cursor": first["next"]}).json()
    ids = [int(one["id"]) for one in [*first["items"], *rest["items"]]]
    assert (ids, rest["next"]) == (begun[::-1], None)


def test_a_draft_quotes_as_long_as_it_may() -> None:
    ana = a_user()
    quoted = a_post(by=a_user("bob"))
    client = client_of(ana)
    made = client.post("/api/v1/drafts/", {"text": "See.", "quote_of": str(quoted.id)}, format="json").json()
    assert made["quote_of"] == str(quoted.id)
    address = f"/api/v1/drafts/{made['id']}/"
    assert client.patch(address, {"version": 1, "text": "Look."}, format="json").json()["quote_of"]
    ids = DraftId(int(made["id"])), quoted.id
    post = draft_publish(author_id=id_of(ana), draft_id=ids[0])
    assert post.quote_of
    assert post.quote_of.post_id == ids[1]
    other = a_draft(by=ana, quote_of=quoted.id)
    none = client.patch(f"/api/v1/drafts/{other.id}/", {"version": 1, "quote_of": None}, format="json").json()
    assert none["quote_of"] is None
    post_delete(user_id=quoted.author_id, post_id=quoted.id)
    gone = a_draft(by=ana, quote_of=quoted.id)
    with pytest.raises(PostNotFound):
        draft_publish(author_id=id_of(ana), draft_id=gone.id)
