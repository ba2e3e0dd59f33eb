"""Photos of drafts: kept with them, in two drafts at once, nobody's when the last one goes; exported, and gone with who leaves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.departure_runs import departure_run
from accounts.models import User
from config.dynamodb import get_item
from posts.drafts import repository
from posts.drafts.entities import DraftPhoto
from posts.drafts.publishing import draft_publish
from posts.drafts.selectors import draft_cards
from posts.drafts.services import draft_delete, draft_restore, draft_save
from posts.exports import drafts as exported_drafts
from posts.media.errors import MediumNotFound, MediumUsed
from posts.media.services import medium_discard
from posts.media.sweeping import media_sweep
from posts.repository import keys
from posts.repository.media import get_medium, query_unused
from posts.tables import POSTS
from tests.accounts.departing import deleted, is_due
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.drafting import a_draft, a_medium, in_seconds, kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def long_after() -> Any:
    return datetime.now(UTC).date() + timedelta(days=9)


def test_photos_of_a_draft_are_kept_and_are_nobodys_when_it_goes() -> None:
    ana = a_user()
    stays, leaves_draft = a_medium(by=ana), a_medium(by=ana)
    draft = a_draft(by=ana, photos=[stays, leaves_draft])
    assert query_unused(id_of(ana), limit=9) == []
    assert "ttl" not in (get_item(POSTS, keys.medium(stays.id)) or {})
    media_sweep(days=None, today=long_after())
    assert get_medium(stays.id)
    with pytest.raises(MediumUsed):
        medium_discard(owner_id=id_of(ana), medium_id=stays.id)

    draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, photos=[DraftPhoto(stays.id, "Pier")])
    assert query_unused(id_of(ana), limit=9) == [leaves_draft.id]
    assert "ttl" in (get_item(POSTS, keys.medium(leaves_draft.id)) or {})
    draft_delete(author_id=id_of(ana), draft_id=draft.id)
    assert sorted(query_unused(id_of(ana), limit=9)) == sorted([stays.id, leaves_draft.id])
    media_sweep(days=None, today=long_after())
    assert (get_medium(stays.id), get_medium(leaves_draft.id)) == (None, None)


def test_only_own_photos_that_are_free_come_into_a_draft() -> None:
    ana, eve = a_user(), a_user("eve")
    medium = a_medium(by=ana)
    with pytest.raises(MediumNotFound):
        a_draft(by=eve, photos=[medium])
    with pytest.raises(MediumNotFound):
        a_draft(by=ana, photos=[medium, medium])
    post = draft_publish(author_id=id_of(ana), draft_id=a_draft(by=ana, photos=[medium]).id)
    assert post.photos[0].id == medium.id
    with pytest.raises(MediumUsed):
        a_draft(by=ana, photos=[medium])


def test_a_photo_in_two_drafts_stays_until_the_last_of_them_goes() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    one, other = (a_draft(by=ana, photos=[medium]) for _copy in range(2))
    assert kept(medium.id).draft_ids == (one.id, other.id)
    draft_delete(author_id=id_of(ana), draft_id=one.id)
    assert query_unused(id_of(ana), limit=9) == []
    post = draft_publish(author_id=id_of(ana), draft_id=other.id)
    back = draft_restore(author_id=id_of(ana), draft_id=one.id)
    assert (post.photos[0].id, back.content.photos) == (medium.id, ())


def test_photos_of_two_drafts_that_go_at_once_are_nobodys() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    two = [a_draft(by=ana, photos=[medium]) for _copy in range(2)]
    with Hands(2) as hands:
        list(hands.map(lambda draft: draft_delete(author_id=id_of(ana), draft_id=draft.id), two))
    assert query_unused(id_of(ana), limit=9) == [medium.id]


def test_a_photo_that_another_post_took_is_told_of() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    draft = a_draft(by=ana, photos=[medium])
    a_draft(by=ana, text="x", photos=[medium])
    client_of(ana).post("/api/v1/posts/", {"text": "First.", "media_ids": [str(medium.id)]})
    (card,) = draft_cards(id_of(ana), [draft])
    assert (card.media, card.photos_gone) == ((), 1)
    with pytest.raises(MediumUsed):
        draft_publish(author_id=id_of(ana), draft_id=draft.id)


def test_drafts_are_exported_with_their_photos() -> None:
    ana = a_user()
    medium = a_medium(by=ana, alt="A pier", rendered=True)
    a_draft(by=ana, photos=[medium], timing=in_seconds(3600), location="Pier")
    page = exported_drafts(id_of(ana), None)
    (record,) = page.records
    assert (record["text"], record["location"], record["zone"]) == ("Low tide, soon.", "Pier", "UTC")
    assert record["photos"][0]["alt"] == "A pier"
    assert [name for name, _stored, _where in page.files] == [record["photos"][0]["file"]]


def test_drafts_of_who_left_for_good_go_with_their_photos() -> None:
    ana = a_user()
    medium = a_medium(by=ana)
    drafts = [a_draft(by=ana, photos=[medium], timing=in_seconds(3600)), a_draft(by=ana)]
    draft_delete(author_id=id_of(ana), draft_id=drafts[1].id)
    deleted(ana)
    is_due(ana)
    assert departure_run(user_id=id_of(ana), report=lambda _line: None)
    assert get_medium(medium.id) is None
    assert get_item(POSTS, keys.draft_count(id_of(ana))) is None
    assert repository.get_deleted(id_of(ana), drafts[1].id, now_seconds=0) is None
    ahead = drafts[0].due_at_ms or 0
    shards = range(8)
    left = [entry for shard in shards for entry in repository.query_due(shard, now_ms=ahead + 1, limit=200)]
    assert drafts[0].id not in [draft_id for _author, draft_id, _at in left]
