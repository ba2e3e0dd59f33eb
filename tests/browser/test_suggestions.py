"""Suggestions in the browser: beside the feed and among it, on a page of their own, with script and without."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from feed.suggestion_refresh import suggestions_refresh
from tests.browser.conftest import Windows, sign_up
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def a_reader(page: Page, handle: str) -> tuple[User, list[User]]:
    """Signed up, following two who post and who follow four others."""
    sign_up(page, handle)
    reader = User.objects.get(username=handle)
    friends, others = [a_person("friend") for _ in range(2)], [a_person("other") for _ in range(4)]
    for friend in friends:
        follows(reader, friend)
        for other in others:
            follows(friend, other)
        for number in range(3):
            posted(by=friend, text=f"Word {number}")
    suggestions_refresh(reader_id=id_of(reader))  # the stack does that too, some seconds later
    return reader, others


def rows(page: Page, where: str) -> int:
    place = page.locator(f".suggestion-box.{where}")
    place.locator("li.suggestion").first.wait_for()
    return place.locator("li.suggestion").count()


def test_beside_the_feed_one_follows_and_dismisses_in_place(window: Windows):
    page = window(viewport=DESK)
    _reader, _others = a_reader(page, "ana_suggest_d")
    page.goto("/")
    assert rows(page, "beside") >= 4
    assert page.locator(".suggestion-box.among li.suggestion").count() == 0, (
        "what is not shown is not asked for"
    )
    first = page.locator(".suggestion-box.beside li.suggestion").first
    expect(first).to_contain_text("Followed by")
    first.get_by_role("button", name="Follow").click()
    expect(first.locator("button.follow[data-state=following]")).to_be_visible()
    second = page.locator(".suggestion-box.beside li.suggestion").nth(1)
    second.get_by_role("button", name="Don’t suggest").click()
    expect(second).to_contain_text("No longer suggested")
    second.get_by_role("button", name="Undo").click()
    expect(second).to_contain_text("Followed by")


def test_on_a_phone_a_strip_among_the_posts(window: Windows):
    page = window(viewport=PHONE)
    a_reader(page, "ana_suggest_p")
    page.goto("/")
    strip = page.locator(".suggestion-box.among")
    strip.scroll_into_view_if_needed()
    assert rows(page, "among") >= 4
    wide, shown = strip.locator("ul").evaluate("list => [list.scrollWidth, list.clientWidth]")
    assert wide > shown, "it is swiped"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "and the page is not"


def test_without_script_home_links_to_the_page(window: Windows):
    page = window(java_script_enabled=False, viewport=DESK)
    _reader, others = a_reader(page, "ana_suggest_n")
    page.goto("/")
    page.locator(".suggestion-box.beside").get_by_role("link", name="See all").click()
    page.wait_for_url("**/suggestions/")
    row = page.locator("li.suggestion", has_text=f"@{others[0].username}")
    row.get_by_role("button", name="Don’t suggest").click()
    expect(page.get_by_role("heading", name="No longer suggested")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/suggestions/")
    row.get_by_role("button", name="Follow").click()
    expect(row).to_have_count(0)
