"""Scheduled posts: out when they are due and not before, once, or kept as drafts with the reason."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.departure_services import account_deactivate
from accounts.models import User
from accounts.services import account_switch
from config.celery import app
from config.ids import id_time_ms
from posts import tasks
from posts.drafts import repository
from posts.drafts.entities import NEVER, Draft, Timing
from posts.drafts.errors import DraftNotFound, TimeNotAhead, UnknownZone
from posts.drafts.publishing import due_drafts, due_publish, problem_text
from posts.drafts.scheduling import local_time, timing_of
from posts.drafts.selectors import scheduled_drafts
from posts.drafts.services import draft_delete, draft_save, own_draft
from posts.errors import EmptyPost
from posts.repository import media
from posts.selectors import post_by_id, recent_post_ids
from posts.services import post_create
from posts.text import limits
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.hands import Hands
from tests.posts.drafting import a_draft, a_medium, in_seconds
from tests.posts.factory import a_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def come(draft: Draft) -> None:
    """A worker is told that the draft's time has come."""
    assert draft.due_at_ms
    due_publish(author_id=draft.author_id, draft_id=draft.id, due_at_ms=draft.due_at_ms)


def is_due_at(draft: Draft, now_ms: int) -> bool:
    return draft.id in [draft_id for _author, draft_id, _at in due_drafts(now_ms=now_ms)]


def test_it_is_out_when_it_is_due_with_the_time_of_that() -> None:
    ana = a_user()
    draft = a_draft(by=ana, photos=[a_medium(by=ana)], timing=in_seconds(3600))
    due_at_ms = draft.due_at_ms or 0
    assert not is_due_at(draft, due_at_ms - 1)
    assert is_due_at(draft, due_at_ms)
    assert recent_post_ids(id_of(ana), limit=9) == []
    for _again in range(3):
        come(draft)
    (post_id,) = recent_post_ids(id_of(ana), limit=9)
    post = post_by_id(post_id)
    assert post.created_at_ms == id_time_ms(post_id)
    assert abs(post.created_at_ms - datetime.now(UTC).timestamp() * 1000) < 60_000
    assert not is_due_at(draft, due_at_ms)
    with pytest.raises(DraftNotFound):
        own_draft(id_of(ana), draft.id)


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks are done in this process, where they are sent from."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def test_the_sweep_sends_what_is_due_to_the_workers(eager: None) -> None:
    ana = a_user()
    draft = a_draft(by=ana, timing=in_seconds(1))
    a_draft(by=ana, timing=in_seconds(3600))
    while datetime.now(UTC).timestamp() * 1000 < (draft.due_at_ms or 0):
        tasks.publish_due()
    tasks.publish_due()
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_make_one_post() -> None:
    ana = a_user()
    draft = a_draft(by=ana, photos=[a_medium(by=ana)], timing=in_seconds(60))
    with Hands(6) as workers:
        list(workers.map(lambda _n: come(draft), range(6)))
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1


def test_a_change_of_time_and_a_deletion_are_heeded() -> None:
    ana = a_user()
    first = a_draft(by=ana, timing=in_seconds(60))
    later = draft_save(author_id=id_of(ana), draft_id=first.id, version=1, timing=in_seconds(7200))
    come(first)
    assert (is_due_at(later, first.due_at_ms or 0), is_due_at(later, later.due_at_ms or 0)) == (False, True)
    draft_save(author_id=id_of(ana), draft_id=first.id, version=2, timing=NEVER)
    come(later)
    assert not is_due_at(later, later.due_at_ms or 0)
    other = a_draft(by=ana, timing=in_seconds(60))
    draft_delete(author_id=id_of(ana), draft_id=other.id)
    come(other)
    assert not is_due_at(other, other.due_at_ms or 0)
    assert recent_post_ids(id_of(ana), limit=9) == []
    assert own_draft(id_of(ana), first.id).problem == ""


def test_what_changes_until_then_is_what_is_posted() -> None:
    ana = a_user()
    draft = a_draft(by=ana, text="Soon.", timing=in_seconds(60))
    draft_save(author_id=id_of(ana), draft_id=draft.id, version=1, text="Now.")
    come(draft)
    assert [post_by_id(post_id).text for post_id in recent_post_ids(id_of(ana), limit=9)] == ["Now."]


@pytest.mark.parametrize("leave", ["deactivate", "suspend"])
def test_who_is_away_publishes_nothing(leave: str) -> None:
    ana = a_user()
    draft = a_draft(by=ana, timing=in_seconds(60))
    if leave == "deactivate":
        account_deactivate(user_id=id_of(ana))
    else:
        account_switch(user_id=id_of(ana), is_active=False)
    come(draft)
    assert recent_post_ids(id_of(ana), limit=9) == []
    kept = own_draft(id_of(ana), draft.id)
    assert (kept.problem, kept.timing) == ("account_away", NEVER)
    assert "switched off" in problem_text(kept)
    User.objects.filter(pk=ana.pk).delete()
    again = a_draft(by=ana, timing=in_seconds(60))
    come(again)
    assert recent_post_ids(id_of(ana), limit=9) == []


def test_what_can_not_be_posted_is_kept_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    ana = a_user()
    taken = a_medium(by=ana)
    long, robbed = (
        a_draft(by=ana, text="Rather long.", timing=in_seconds(60)),
        a_draft(by=ana, photos=[taken], timing=in_seconds(60)),
    )
    client_of(ana).post("/api/v1/posts/", {"text": "First.", "media_ids": [str(taken.id)]})
    with monkeypatch.context() as narrower:
        narrower.setattr(limits, "POST_MAX_CHARACTERS", 5)
        come(long)
    come(robbed)
    gone = a_draft(by=ana, photos=[a_medium(by=ana)], timing=in_seconds(60))
    media.delete_medium(gone.medium_ids[0])
    come(gone)
    emptied = a_draft(by=ana, timing=in_seconds(60))
    draft_save(author_id=id_of(ana), draft_id=emptied.id, version=1, text="")
    come(emptied)
    kept = [own_draft(id_of(ana), draft.id) for draft in (long, robbed, gone, emptied)]
    problems = ["text_too_long", "medium_used", "medium_not_found", "empty"]
    assert [draft.problem for draft in kept] == problems
    assert all(draft.due_at_ms is None and problem_text(draft) for draft in kept)
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1
    shown = client_of(ana).get(f"/api/v1/drafts/{long.id}/").json()
    assert (shown["problem"], shown["publish_at"]) == ("text_too_long", None)
    assert shown["problem_detail"]
    mended = draft_save(author_id=id_of(ana), draft_id=long.id, version=kept[0].version, text="Now.")
    assert mended.problem == ""


def test_more_than_the_rate_lets_through_is_kept(settings: Any) -> None:
    settings.RATE_FACTOR = 0.1  # one post in a burst
    ana = a_user()
    drafts = [a_draft(by=ana, timing=in_seconds(60)) for _number in range(3)]
    for draft in drafts:
        come(draft)
    assert len(recent_post_ids(id_of(ana), limit=9)) == 1
    problems = [draft.problem for draft in repository.query_drafts(id_of(ana), before=None, limit=9)]
    assert problems == ["too_fast", "too_fast"]


@pytest.mark.parametrize(
    ("moment", "zone", "due"),
    [
        ("2027-01-10T09:30", "Europe/Lisbon", "2027-01-10T09:30:00+00:00"),
        ("2027-07-10T09:30", "Europe/Lisbon", "2027-07-10T08:30:00+00:00"),
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30:00+00:00"),  # skipped by the clocks
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # comes twice
        ("2027-01-10T09:30", "", "2027-01-10T09:30:00+00:00"),
        ("2027-01-10T09:30+05:30", "America/New_York", "2027-01-10T04:00:00+00:00"),
    ],
)
def test_a_time_is_read_in_its_zone(moment: str, zone: str, due: str) -> None:
    timing = timing_of(datetime.fromisoformat(moment), zone)
    assert timing.due_at_ms == datetime.fromisoformat(due).timestamp() * 1000
    shown = local_time(timing)
    assert shown
    assert shown.astimezone(UTC).isoformat() == due


def test_only_times_ahead_and_zones_that_there_are() -> None:
    ana = a_user()
    for seconds in (-1, 400 * 86_400):
        with pytest.raises(TimeNotAhead):
            a_draft(by=ana, timing=in_seconds(seconds))
    with pytest.raises(EmptyPost):
        a_draft(by=ana, text="", timing=in_seconds(60))
    for zone in ("Europe/Atlantis", "../../etc/passwd"):
        with pytest.raises(UnknownZone):
            timing_of(datetime.now(UTC), zone)
    assert Timing() == NEVER
    assert repository.query_drafts(id_of(ana), before=None, limit=9) == []


def test_scheduling_by_the_api() -> None:
    ana = a_user()
    client = client_of(ana)
    year = datetime.now(UTC).year + 1
    sent = {
        "text": "Low tide.",
        "publish_at": f"{datetime.now(UTC).year}-12-31T23:30:00",
        "zone": "Asia/Kolkata",
    }
    made = client.post("/api/v1/drafts/", sent, format="json").json()
    assert made["publish_at"] == f"{year - 1}-12-31T18:00:00Z"
    assert made["zone"] == "Asia/Kolkata"
    address = f"/api/v1/drafts/{made['id']}/"
    kept = client.patch(address, {"version": 1, "text": "High tide."}, format="json").json()
    assert (kept["publish_at"], kept["zone"]) == (made["publish_at"], "Asia/Kolkata")
    past = client.patch(address, {"version": 2, "publish_at": "2020-01-01T00:00:00Z"}, format="json")
    assert (past.status_code, past.json()["code"]) == (422, "time_not_ahead")
    cancelled = client.patch(address, {"version": 2, "publish_at": None}, format="json").json()
    assert (cancelled["publish_at"], cancelled["zone"]) == (None, "")
    assert client.patch(address, {"version": 3, **sent, "zone": "Nowhere"}, format="json").status_code == 422
    client.patch(address, {"version": 3, "publish_at": sent["publish_at"]}, format="json")
    assert client.post(f"{address}publish/").status_code == 201
    assert scheduled_drafts(id_of(ana)) == []


def test_the_next_one_is_listed_first() -> None:
    ana = a_user()
    later, sooner, _never = (
        a_draft(by=ana, timing=in_seconds(7200)),
        a_draft(by=ana, timing=in_seconds(60)),
        a_draft(by=ana),
    )
    assert [draft.id for draft in scheduled_drafts(id_of(ana))] == [sooner.id, later.id]


def test_a_clients_key_is_never_a_drafts() -> None:
    ana = a_user()
    draft = a_draft(by=ana, timing=in_seconds(60))
    post_create(author_id=id_of(ana), text="Other.", idempotency_key=f"draft {draft.id}")
    a_post(by=ana)
    come(draft)
    assert len(recent_post_ids(id_of(ana), limit=9)) == 3
