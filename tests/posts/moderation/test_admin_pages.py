"""Rules, cases and reports in the administration, asked as a moderator's browser asks."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from config.entities import UserId
from posts.editing import post_edit
from posts.moderation.models import Case, Rule
from posts.moderation.scanning import post_scan
from posts.reports.models import Report
from posts.selectors import post_by_id
from posts.standing import Standing
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions
from tests.posts.moderation.conftest import a_rule
from tests.posts.moderation.test_reports import reports
from tests.posts.moderation.test_scan import Settle, is_seen, stands

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("the.boss", "boss@example.org", "a-pike-at-noon"))
    return client


def act(desk: Client, page: str, action: str, *chosen: Any, reason: str = "") -> str:
    sent = {"action": action, "_selected_action": [row.pk for row in chosen], "reason": reason}
    return desk.post(f"/admin/posts/{page}/", sent, follow=True).content.decode()


def test_a_pattern_that_can_not_be_used_is_refused_with_its_fault(desk: Client) -> None:
    sent = {"name": "Broken", "kind": "patterns", "entries": "(oops", "outcome": "held", "reason": "No."}
    page = desk.post("/admin/posts/rule/add/", sent)
    assert page.status_code == 200
    assert "missing ): (oops" in page.content.decode()
    assert not Rule.objects.exists()
    desk.post("/admin/posts/rule/add/", sent | {"entries": "oops+"})
    assert Rule.objects.get().entries == "oops+"


@pytest.mark.usefixtures("rules_only")
def test_a_dry_run_shows_what_would_be_hit_step_by_step(
    desk: Client, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = a_rule("guillemot", "rejected", is_enabled=False)
    ana = a_user()
    hit = [a_post(by=ana, text=f"<i>guillemot</i> {number}") for number in range(6)]
    settle()
    monkeypatch.setattr("posts.moderation.rule_admin.DRY_RUN_PAGE", 3)
    monkeypatch.setattr("posts.moderation.rule_admin.DRY_RUN_AT_MOST", 5)
    address = f"/admin/posts/rule/{rule.pk}/dry-run/"
    first = desk.get(address).content.decode()
    assert "Looked at 3 posts of at most 5; 3 would be hit." in first
    assert "&lt;i&gt;guillemot" in first
    assert f"/p/{hit[5].id}/" in first
    second = desk.get(f"{address}?before={hit[3].id}&looked_at=3&hit=3").content.decode()
    assert "Looked at 5 posts of at most 5" in second
    assert f"/p/{hit[1].id}/" in second
    assert f"/p/{hit[0].id}/" not in second
    assert "Look at 3 more" in first
    assert "more</a>" not in second
    assert [stands(post)[0] for post in hit] == [Standing.SHOWN] * 6
    assert Client().get(address).status_code == 302
    assert desk.get("/admin/posts/rule/999999/dry-run/").status_code == 404


@pytest.mark.usefixtures("rules_only")
def test_a_moderator_approves_covers_and_rejects(desk: Client) -> None:
    reader, ana = a_user(), a_user()
    a_rule("pier", "held", reason="Piers.")
    post = a_post(by=ana)
    post_scan(post_id=post.id)
    case = Case.objects.get()
    page = desk.get("/admin/posts/case/").content.decode()
    assert "Low tide at the old pier." in page
    assert f"@{ana.username}" in page

    act(desk, "case", "approve", case)
    assert stands(post) == (Standing.SHOWN, "")
    assert is_seen(reader, post)
    post_scan(post_id=post.id)
    assert stands(post) == (Standing.SHOWN, ""), "what a moderator said of a version stays"
    assert Case.objects.get().state == "decided"

    assert "Say why" in act(desk, "case", "reject", case)
    assert stands(post) == (Standing.SHOWN, "")
    act(desk, "case", "reject", case, reason="It is not your pier.")
    assert stands(post) == (Standing.REJECTED, "It is not your pier.")
    assert not is_seen(reader, post)
    act(desk, "case", "cover", case, reason="Wet")
    assert post_by_id(post.id).cover == "Wet"
    assert LogEntry.objects.filter(object_id=case.pk).count() == 3
    assert "It is not your pier." in desk.get(f"/admin/posts/case/{case.pk}/history/").content.decode()


@pytest.mark.usefixtures("rules_only")
def test_a_ruling_is_of_the_version_that_was_looked_at(desk: Client) -> None:
    ana, reader = a_user(), a_user()
    a_rule("pier", "held")
    post = a_post(by=ana)
    post_scan(post_id=post.id)
    case = Case.objects.get()
    act(desk, "case", "reject", case, reason="No.")
    changed = post_edit(user_id=UserId(ana.pk), post_id=post.id, version=1, text="A jetty.")
    assert "changed or deleted meanwhile" in act(desk, "case", "approve", case)
    assert not is_seen(reader, changed)
    post_scan(post_id=post.id)
    assert stands(post) == (Standing.HELD, "It was changed after a moderator's decision.")
    act(desk, "case", "approve", Case.objects.get())
    assert is_seen(reader, post)
    post_edit(user_id=UserId(ana.pk), post_id=post.id, version=2, commenting="nobody")
    post_scan(post_id=post.id)
    assert is_seen(reader, post), "it says what was approved"


@pytest.mark.usefixtures("rules_only")
def test_a_case_shows_the_photos_of_what_nobody_else_sees(desk: Client) -> None:
    photo: BytesIO = a_photo(400, 300)
    post = with_renditions(a_post(by=a_user(), photo=photo, alt="An old pier"))
    a_rule("pier", "held")
    post_scan(post_id=post.id)
    page = desk.get(f"/admin/posts/case/{Case.objects.get().pk}/change/").content.decode()
    assert "data:image/webp;base64," in page


def test_reports_are_listed_filtered_and_decided(desk: Client) -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Buy now", photo=a_photo(400, 300), alt="A watch")
    comment = a_comment(by=ana, on=post, text="Really, buy")
    made = [
        reports(bob, post_id=post.id, reason="spam"),
        reports(bob, post_id=post.id, comment_key=str(comment.ref), reason="harassment"),
        reports(bob, user_id=ana.pk, reason="spam", note="A shop"),
    ]
    assert [answer.status_code for answer in made] == [201] * 3
    page = desk.get("/admin/posts/report/?state=open&reason=spam&kind=post").content.decode()
    assert "Buy now" in page
    assert "Really, buy" not in page
    rows = list(Report.objects.order_by("pk"))
    shown = [desk.get(f"/admin/posts/report/{row.pk}/change/").content.decode() for row in rows]
    assert "A watch" in shown[0]
    assert f"/p/{post.id}/" in shown[0]
    assert f"/p/{post.id}/comments/{comment.id}/" in shown[1]
    assert f"/@{ana.username}/" in shown[2]
    assert "A shop" in shown[2]
    act(desk, "report", "resolve", rows[0])
    act(desk, "report", "dismiss", rows[0], rows[1])
    assert [row.state for row in Report.objects.order_by("pk")] == ["resolved", "dismissed", "open"]
    assert LogEntry.objects.filter(user__username="the.boss").count() == 2


def test_an_account_is_limited_on_its_page(desk: Client) -> None:
    ana = a_user()
    address = f"/admin/accounts/user/{ana.pk}/change/"
    form = desk.get(address).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if isinstance(value, str | bool) and value}
    inline = {"profile-TOTAL_FORMS": 0, "profile-INITIAL_FORMS": 0}
    assert desk.post(address, {**sent, **inline, "trust": "limited"}).status_code == 302
    assert a_post(by=ana).moderation.standing is Standing.WAITING


def test_others_have_no_business_there() -> None:
    client = Client()
    client.force_login(a_user())
    for page in ("rule", "case", "report"):
        assert client.get(f"/admin/posts/{page}/").status_code == 302
