"""Reports: who may report what, once each, with a copy; as page, by API, in exports and departures."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from config.entities import UserId
from graph.blocks import block_create
from posts.departures import cases_forget
from posts.editing import post_edit
from posts.moderation.models import Case
from posts.moderation.scanning import post_scan
from posts.reports.exports import reports as exported
from posts.reports.models import Report
from posts.reports.services import reports_sweep
from posts.services import post_delete
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post
from tests.posts.moderation.conftest import a_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def reports(user: User, **sent: Any) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    body = {name: str(value) for name, value in sent.items()}
    return client.post("/api/v1/reports/", {"reason": "spam", **body}, format="json")


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_report_keeps_what_was_seen() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Cheap watches", photo=a_photo(400, 300), alt="A watch", warning="Gold")
    made = reports(bob, post_id=post.id, reason="spam", note=" All day long. ")
    assert made.status_code == 201
    answer = made.json()
    assert (answer["kind"], answer["thing_id"], answer["state"]) == ("post", str(post.id), "open")
    report = Report.objects.get()
    assert (report.reporter_id, report.subject_id, report.note) == (bob.pk, ana.pk, "All day long.")
    copy = report.snapshot
    assert (copy["text"], copy["warning"], copy["audience"]) == ("Cheap watches", "Gold", "everyone")
    assert (copy["author"]["handle"], copy["photos"]) == (ana.username, [{"alt": "A watch", "file": ""}])


def test_once_a_person_and_thing_until_it_is_decided() -> None:
    ana, bob, cem = a_user(), a_user("bob"), a_user("cem")
    post = a_post(by=ana)
    assert reports(bob, post_id=post.id).status_code == 201
    post_edit(user_id=UserId(ana.pk), post_id=post.id, version=1, text="As if nothing had been.")
    again = reports(bob, post_id=post.id, reason="harassment", note="Look.")
    assert again.status_code == 200
    assert reports(cem, post_id=post.id).status_code == 201
    mine = Report.objects.get(reporter=bob)
    assert (mine.reason, mine.note, mine.snapshot["text"]) == (
        "harassment",
        "Look.",
        "Low tide at the old pier.",
    )
    assert mine.snapshot["later"]["text"] == "As if nothing had been."
    Report.objects.update(state="dismissed")
    assert reports(bob, post_id=post.id).status_code == 201
    assert Report.objects.filter(reporter=bob).count() == 2


def test_only_what_one_sees_and_nothing_of_ones_own() -> None:
    ana, bob, cem = a_user(), a_user("bob"), a_user("cem")
    hidden = a_post(by=ana, audience="only_me")
    shown = a_post(by=ana)
    comment = a_comment(by=cem, on=shown)
    block_create(blocker_id=UserId(cem.pk), blocked_id=UserId(bob.pk))
    refused = [
        reports(bob, post_id=hidden.id),
        reports(bob, post_id=1),
        reports(bob, post_id=shown.id, comment_key=str(comment.ref)),
        reports(bob, post_id=shown.id, comment_key="5"),
        reports(bob, user_id=cem.pk),
        reports(bob, user_id=5),
    ]
    assert [answer.status_code for answer in refused] == [404] * 6
    assert reports(ana, post_id=shown.id).status_code == 422
    assert reports(ana, user_id=ana.pk).status_code == 422
    senseless: list[dict[str, Any]] = [
        {},
        {"user_id": ana.pk, "post_id": shown.id},
        {"comment_key": "5"},
        {"post_id": shown.id, "reason": "dull"},
        {"post_id": shown.id, "note": "x" * 1_001},
    ]
    assert [reports(bob, **sent).status_code for sent in senseless] == [422] * 5
    assert not Report.objects.exists()


def test_pages_ask_why_and_say_what_happens_next() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="<b>Cheap</b>")
    comment = a_comment(by=ana, on=post)
    browser = browser_of(bob)
    card = browser.get(f"/p/{post.id}/").content.decode()
    addresses = [
        f"/p/{post.id}/report/",
        f"/p/{post.id}/comments/{comment.id}/report/",
        f"/people/{ana.pk}/report/",
    ]
    assert addresses[0] in card
    assert addresses[1] in card
    assert addresses[2] in browser.get(f"/@{ana.username}/").content.decode()
    for address in addresses:
        page = browser.get(address)
        assert page.status_code == 200
        assert "<b>Cheap" not in page.content.decode()
        assert browser.post(address, {}).status_code == 422
        sent = browser.post(address, {"reason": "nudity", "note": "See."}, follow=True)
        assert "Moderators will look at it" in sent.content.decode()
    assert {(row.kind, row.reason) for row in Report.objects.all()} == {
        (kind, "nudity") for kind in ("post", "comment", "account")
    }
    report = Report.objects.first()
    assert report is not None
    assert browser_of(a_user()).get(f"/reports/{report.pk}/").status_code == 404
    assert browser_of(ana).get(addresses[0]).status_code == 422
    assert "/report/" not in browser_of(ana).get(f"/p/{post.id}/").content.decode()
    assert Client().get(addresses[0]).status_code == 302


def test_reports_are_limited(settings: Any) -> None:
    settings.RATE_FACTOR = 1.0
    bob = a_user("bob")
    answers = [reports(bob, user_id=a_user().pk).status_code for _ in range(7)]
    assert answers[:5] == [201] * 5
    assert answers[-1] == 429


def test_an_export_tells_ones_own() -> None:
    ana, bob = a_user(), a_user("bob")
    reports(bob, user_id=ana.pk, reason="impersonation", note="Not Ana.")
    page = exported(UserId(bob.pk), None)
    (record,) = page.records
    assert (record["kind"], record["id"], record["text"]) == ("account", str(ana.pk), "Not Ana.")
    assert exported(UserId(ana.pk), None).records == []


def test_who_leaves_and_what_is_purged(settings: Any) -> None:
    settings.SCANNERS = ["posts.moderation.scanners.rules.RuleScanner"]
    ana, bob = a_user(), a_user("bob")
    a_rule("pier", "covered")
    post = a_post(by=ana)
    post_scan(post_id=post.id)
    reports(bob, post_id=post.id)
    post_delete(user_id=UserId(ana.pk), post_id=post.id)
    bob.delete()
    report = Report.objects.get()
    assert report.reporter is None
    assert report.snapshot["text"] == "Low tide at the old pier."
    assert cases_forget(UserId(ana.pk), None).cursor is None
    assert not Case.objects.exists()


def test_decided_reports_are_kept_for_a_time(settings: Any) -> None:
    ana = a_user()
    for name in ("bob", "cem", "dot"):
        reports(a_user(name), user_id=ana.pk)
    old, recent, _open = Report.objects.order_by("pk")
    now = timezone.now()
    Report.objects.filter(pk=old.pk).update(state="resolved", decided_at=now - timedelta(days=181))
    Report.objects.filter(pk=recent.pk).update(state="resolved", decided_at=now - timedelta(days=179))
    assert reports_sweep() == 1
    assert Report.objects.count() == 2
    assert settings.REPORT_DAYS == 180
