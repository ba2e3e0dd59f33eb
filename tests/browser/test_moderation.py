"""Being checked, rejected and reported, as people see it; and what moderators see, at their desk."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from config.entities import UserId
from posts.moderation.models import Rule
from posts.reports.models import Report
from posts.selectors import recent_post_ids
from tests.browser.conftest import PASSWORD, Windows, sign_up
from tests.stack import TestStack, eventually

pytestmark = pytest.mark.browser


def posts(page: Page, text: str) -> None:
    page.goto("/posts/new/")
    page.locator("#composer textarea[name=text]").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("Your post is").first.wait_for()


def latest_of(handle: str) -> int:
    return recent_post_ids(UserId(User.objects.get(username=handle).pk), limit=1)[0]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def look(page: Page, name: str) -> None:
    """A picture for who wants to look: PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("width", "scheme", "script"), [(390, "dark", False), (1280, "light", True)])
def test_checked_rejected_reported(
    window: Windows, stack: TestStack, width: int, scheme: str, script: bool
) -> None:
    Rule.objects.create(
        name="Gambling", entries="casino", outcome="rejected", reason="No gambling here.", is_enabled=True
    )
    stack.stop("web")
    stack.start("web", env={"ROOST_NEW_ACCOUNT_HOURS": "24"})
    stack.stop("worker")
    size = {"width": width, "height": 900}
    author = window(color_scheme=scheme, viewport=size, java_script_enabled=script)
    reader = window(color_scheme=scheme, viewport=size, java_script_enabled=script)
    sign_up(author, f"author{width}")
    sign_up(reader, f"reader{width}")
    posts(author, "Low tide at the old pier.")
    good = latest_of(f"author{width}")
    author.goto(f"/p/{good}/")
    expect(author.locator(".standing")).to_contain_text("Being checked")
    look(author, f"checked-{width}")
    assert reader.goto(f"/p/{good}/").status == 404
    posts(author, "Best casino in town.")
    bad = latest_of(f"author{width}")
    author.goto(f"/p/{bad}/")
    expect(author.locator(".standing")).to_contain_text("Being checked")
    stack.start("worker")
    if script:  # the page says so by itself
        expect(author.locator(".standing")).to_contain_text("No gambling here.")
    eventually(lambda: reader.goto(f"/p/{good}/").status == 200)
    eventually(lambda: "Rejected" in (author.goto(f"/p/{bad}/"), author.content())[1])
    expect(author.locator(".standing")).to_contain_text("No gambling here.")
    expect(author.locator(".standing")).to_contain_text("edit or delete")
    look(author, f"rejected-{width}")
    assert not script or fits(author)
    assert reader.goto(f"/p/{bad}/").status == 404

    reader.goto(f"/p/{good}/")
    reader.get_by_label("More about this post").click()
    reader.get_by_role("link", name="Report…", exact=True).click()
    look(reader, f"report-{width}")
    reader.get_by_label("Spam or a scam").check()
    reader.get_by_label("Anything else moderators should know?").fill("All day long.")
    assert not script or fits(reader)
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Moderators will look at it")
    look(reader, f"reported-{width}")
    assert Report.objects.get().note == "All day long."


def test_a_moderators_desk(window: Windows, stack: TestStack) -> None:
    User.objects.create_superuser("the.boss", "boss@example.org", PASSWORD)
    person, boss = window(), window(viewport={"width": 1280, "height": 900})
    Rule.objects.create(name="Piers", entries="pier", outcome="held", reason="Piers.", is_enabled=True)
    sign_up(person, "harriet")
    posts(person, "Low tide at the old pier.")
    post_id = latest_of("harriet")
    eventually(lambda: "Held" in (person.goto(f"/p/{post_id}/"), person.content())[1])
    boss.goto("/login/")
    boss.locator("input[name=login]").fill("the.boss")
    boss.locator("input[name=password]").fill(PASSWORD)
    boss.locator("main form button[type=submit]").click()
    boss.wait_for_url("**/")
    boss.goto("/admin/posts/rule/")
    look(boss, "admin-rules")
    boss.get_by_role("link", name="Dry run over recent posts").click()
    expect(boss.locator("#content-main")).to_contain_text("Low tide at the old pier.")
    look(boss, "admin-dry-run")
    boss.goto("/admin/posts/case/")
    boss.get_by_role("link", name="Low tide at the old pier.").click()
    expect(boss.locator("#content")).to_contain_text("Piers.")
    look(boss, "admin-case")
    boss.goto("/admin/posts/case/")
    boss.locator("input[name=_selected_action]").check()
    boss.locator("select[name=action]").select_option("reject")
    boss.locator("input[name=reason]").fill("It is not your pier.")
    look(boss, "admin-cases")
    boss.locator("button[name=index]").click()
    expect(boss.locator(".messagelist")).to_contain_text("rejected")
    person.goto(f"/p/{post_id}/")
    expect(person.locator(".standing")).to_contain_text("It is not your pier.")
    boss.goto("/admin/posts/report/")
    look(boss, "admin-reports")
