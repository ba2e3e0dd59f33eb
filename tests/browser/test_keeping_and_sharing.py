"""Reposts, quotes, saves and shares as people press them; with script and without."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from config.entities import UserId
from posts.services import post_create
from tests.browser.conftest import Windows, sign_up

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_a_post_is_reposted_quoted_saved_and_shared(window: Windows, width: int, scheme: str) -> None:
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900})
    handle = f"keeper{width}"
    sign_up(page, handle)
    sign_up(window(), f"author{width}")
    author = User.objects.get(username=f"author{width}")
    post = post_create(author_id=UserId(author.pk), text="Low tide at the old pier.")
    page.goto(f"/p/{post.id}/")
    card = page.locator(f"#post-{post.id}")

    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("button", name="Save", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Put it into a collection").click()
    page.get_by_label("New collection").fill("Tides")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/p/{post.id}/")

    card.locator(".repeat-menu > summary").click()
    card.get_by_role("button", name="Repost").click()
    expect(card.locator(".repeat-menu > summary .count")).to_have_text("1")
    expect(card.locator(".repeat-menu > summary")).to_be_focused()
    card.locator(".repeat-menu > summary").click()
    expect(card.get_by_role("button", name="Undo repost")).to_be_visible()
    card.get_by_role("link", name="Quote", exact=True).click()
    expect(page.locator("#composer .quoted")).to_contain_text("Low tide at the old pier.")
    page.locator("#composer textarea[name=text]").fill("Go and see it.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("#feed .quoted")).to_contain_text("Low tide at the old pier.")

    page.goto(f"/@{handle}/")
    expect(page.locator(".post-repeated")).to_contain_text("reposted")
    assert fits(page)
    page.goto("/saved/")
    page.get_by_role("link", name="Tides").click()
    expect(page.locator(".saved-grid")).to_contain_text("Low tide at the old pier.")
    assert fits(page)

    page.goto(f"/p/{post.id}/")
    card.get_by_role("link", name="Share…").click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_label("Link", exact=True)).to_have_value(page.url)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/share/" in answer.url):
        sheet.get_by_role("button", name="Copy the link").click()
    expect(sheet.get_by_role("button", name="Copied")).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    page.reload()
    expect(card.get_by_role("link", name="Share… 1")).to_be_visible()


def test_all_of_it_works_without_script(window: Windows) -> None:
    page = window(java_script_enabled=False)
    sign_up(page, "plainkeeper")
    author_id = UserId(User.objects.get(username="plainkeeper").pk)
    post = post_create(author_id=author_id, text="Low tide at the old pier.")
    page.goto(f"/p/{post.id}/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_attribute("aria-pressed", "true")
    page.locator(".repeat-menu > summary").click()
    page.get_by_role("button", name="Repost").click()
    expect(page.locator(".repeat-menu > summary .count")).to_have_text("1")
    page.get_by_role("link", name="Share…").click()
    expect(page.get_by_label("Embed code")).to_have_value(
        f'<iframe src="{page.url.removesuffix("share/")}embed/" width="550" height="230"'
        ' title="A post by plainkeeper" loading="lazy" frameborder="0"></iframe>'
    )
