"""A conversation in the browser: reply in place, unfold, like, hide, orders, silence; and the same without script."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from posts.entities import Post
from tests.accounts.factory import a_user
from tests.browser.conftest import Windows, sign_up
from tests.posts.factory import a_comment, a_post, a_reply

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def seen(page: Page, name: str) -> None:
    """A picture for who wants to look: PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def person(handle: str) -> User:
    return User.objects.get(username=handle)


def a_talk(handle: str) -> Post:
    """A post of a person with a thread of three replies, and comments of others."""
    ana, bob, eve = person(handle), person(f"bob{handle}"), a_user("eve")
    post = a_post(by=ana, text="Low tide at the old pier.")
    where = a_comment(by=bob, on=post, text="Which pier is that? I only know the one with the cranes.")
    here = a_reply(by=ana, to=where, text=f"@{bob.username} The one behind the market hall.")
    a_reply(by=eve, to=here, text=f"@{ana.username} It is closed on Mondays.")
    a_reply(by=bob, to=where, text="Found it, thanks!")
    a_comment(by=eve, on=post, text="The light!")
    return post


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_a_conversation_in_place(window: Windows, width: int, scheme: str) -> None:
    handle = f"threads{width}"
    others = window()
    sign_up(others, f"bob{handle}")
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_up(page, handle)
    post = a_talk(handle)
    page.goto(f"/p/{post.id}/")
    root = page.locator(".comments > .comment").first
    expect(root).to_contain_text("Which pier")
    page.get_by_role("link", name="Show 3 replies").click()
    expect(root.locator(".replies .comment")).to_have_count(3)
    expect(root).to_contain_text(f"replied to @bob{handle}")

    root.get_by_role("link", name="Reply", exact=False).first.click()
    text = page.locator("#reply-form textarea")
    expect(text).to_have_value(f"@bob{handle} ")
    text.fill(f"@bob{handle} Bring boots.")
    seen(page, f"thread-form-{width}")
    page.locator("#reply-form button[type=submit]").click()
    expect(root.locator(".replies .comment").last).to_contain_text("Bring boots.")
    expect(page.locator("#reply-form")).to_have_count(0)
    expect(page.locator(f"#comments-of-{post.id} .count")).to_have_text("6")

    like = root.locator("button.comment-like").first
    like.click()
    expect(root.locator("button.comment-like").first).to_have_attribute("aria-pressed", "true")
    expect(root.locator("button.comment-like").first).to_contain_text("1")
    other = page.locator(".comments > .comment", has_text="The light!")
    other.get_by_label("More about the comment").click()
    other.get_by_role("button", name="Hide").click()
    hidden = page.locator(".comment-hidden")
    expect(hidden).to_contain_text("Hidden by the author of the post")
    seen(page, f"thread-{width}")
    assert fits(page)
    others.goto(f"/p/{post.id}/")
    expect(others.get_by_text("The light!")).to_have_count(0)

    page.goto(f"/p/{post.id}/?order=newest")
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "page")
    page.get_by_label("More about this post").click()
    page.get_by_role("button", name="Turn off notifications for this post").click()
    page.get_by_text("Notifications for this post are off.").wait_for()
    seen(page, f"thread-muted-{width}")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Notifications for this post are on.").wait_for()


def test_a_conversation_without_script(window: Windows) -> None:
    others = window(java_script_enabled=False)
    sign_up(others, "bobplain")
    page = window(java_script_enabled=False, viewport={"width": 390, "height": 900})
    sign_up(page, "plain")
    post = a_talk("plain")
    others.goto(f"/p/{post.id}/")
    others.get_by_role("link", name="Show 3 replies").click()
    others.get_by_role("link", name="Reply to @eve").click()
    expect(others.locator("#reply-form textarea")).to_have_value(re.compile("^@eve.* $"))
    others.locator("#reply-form textarea").fill("Not this month.")
    seen(others, "thread-page")
    others.locator("#reply-form button[type=submit]").click()
    expect(others.locator(".replies .comment").last).to_contain_text("Not this month.")
    others.get_by_role("link", name="See the post with all comments").click()
    others.get_by_label("More about the comment by @bobplain").first.click()
    others.get_by_role("link", name="Delete…").first.click()
    others.get_by_role("button", name="Delete").click()
    others.get_by_text("This comment is deleted.", exact=True).wait_for()
    expect(others.get_by_role("link", name="Show 4 replies")).to_be_visible()
    seen(others, "thread-gone")
