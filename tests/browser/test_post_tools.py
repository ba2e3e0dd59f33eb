"""An author's tools in the browser: warning, edit, undo of a deletion, archive, pin; also without script."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from config.entities import UserId
from posts.selectors import recent_post_ids
from tests.browser.conftest import Windows, sign_up

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme", "script"), [(390, "light", False), (1280, "dark", True)])
def test_a_post_from_the_composer_to_the_archive(
    window: Windows, width: int, scheme: str, script: bool
) -> None:
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=script)
    handle = f"tools{width}"
    sign_up(page, handle)
    page.goto("/posts/new/")
    page.locator("#composer textarea[name=text]").fill("O farol caiu na tempestade.")
    page.get_by_text("Warning, language, place, comments").click()
    page.get_by_label("Content warning").fill("A storm")
    page.get_by_label("Language of the text").select_option("pt")
    page.get_by_label("Place").fill("Cais do Sodré")
    page.get_by_label("Who can comment").select_option("nobody")
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("Your post is out.").wait_for()
    (post_id,) = recent_post_ids(UserId(User.objects.get(username=handle).pk), limit=2)
    page.goto(f"/p/{post_id}/")
    text = page.locator(f"#post-{post_id} .post-text")
    expect(text).to_be_hidden()
    page.locator(".post-warning > summary").click()
    expect(text).to_be_visible()
    expect(text).to_have_attribute("lang", "pt")
    assert not script or fits(page)

    page.goto(f"/p/{post_id}/edit/")
    page.get_by_label("Text", exact=True).fill("O farol ainda está de pé.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your changes are saved.").wait_for()
    page.get_by_role("link", name="Edited").click()
    page.locator(".post-warning > summary").click()
    expect(page.locator(".versions .post-text")).to_have_text("O farol caiu na tempestade.")

    page.goto(f"/p/{post_id}/delete/")
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("Your post is deleted.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Your post is back.").wait_for()

    page.goto(f"/p/{post_id}/edit/")
    page.get_by_role("button", name="Pin to the profile").click()
    page.goto(f"/@{handle}/")
    expect(page.locator(f"#post-{post_id}")).to_contain_text("Pinned")
    page.goto(f"/p/{post_id}/edit/")
    page.get_by_role("button", name="Archive").click()
    page.goto("/posts/archive/")
    expect(page.locator(f"#post-{post_id}")).to_contain_text("Archived")
    page.goto(f"/@{handle}/")
    expect(page.locator(f"#post-{post_id}")).to_have_count(0)
    page.goto(f"/p/{post_id}/delete/")
    page.get_by_role("button", name="Delete").click()
    page.goto("/posts/deleted/")
    expect(page.locator(f"#deleted-{post_id}")).to_contain_text("30 days")
