"""Likes in the browser: a double tap, the heart, who likes it, and a follow from there; also without script."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from posts.media.services import medium_render
from posts.services import like_create
from tests.browser.conftest import Windows, sign_up
from tests.browser.test_post_tools import fits
from tests.graph.factory import id_of
from tests.posts.factory import a_photo, a_post

pytestmark = pytest.mark.browser


def test_a_double_tap_likes_and_the_count_leads_to_who_does(window: Windows) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_up(page, "tapper")
    ana = User.objects.create_user("ana_taps", "ana_taps@example.org", None)
    post = a_post(by=ana, photo=a_photo())
    for photo in post.photos:
        assert photo.id
        medium_render(medium_id=photo.id)
    page.goto(f"/p/{post.id}/")
    expect(page.locator(".like-count")).to_have_text("0 likes")
    box = page.locator(".post-photo").first.bounding_box()
    assert box
    for _tap in range(2):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("button.action[aria-pressed=true]")).to_be_visible()
    expect(page.locator("a.like-count")).to_have_text("1 like")
    page.locator(".post-photo").first.dblclick()
    expect(page.locator("a.like-count")).to_have_text("1 like")  # a double tap never takes a like back
    page.locator("a.like-count").click()
    expect(page.get_by_role("heading", name="Who likes this post")).to_be_visible()
    expect(page.locator("li.person")).to_have_count(1)
    assert fits(page)


@pytest.mark.parametrize("script", [True, False])
def test_people_who_like_a_post_come_as_one_scrolls_and_can_be_followed(
    window: Windows, script: bool
) -> None:
    page = window(java_script_enabled=script)
    name = f"likes_{script}".lower()
    sign_up(page, name)
    author = User.objects.create_user(f"{name}_ana", f"{name}_ana@example.org", None)
    post = a_post(by=author)
    for number in range(25):
        fan = User.objects.create_user(f"{name}{number:02}", f"{name}{number}@example.org", None)
        like_create(user_id=id_of(fan), post_id=post.id)
    page.goto(f"/p/{post.id}/likes/")
    expect(page.locator("li.person").first).to_contain_text(f"@{name}24")
    first = page.locator("li.person").first
    first.get_by_role("button", name="Follow").click()
    expect(page.locator("li.person button.follow[data-state=following]").first).to_be_visible()
    more = page.get_by_role("link", name="Show more")
    if script:
        more.scroll_into_view_if_needed()
        expect(page.locator("li.person")).to_have_count(25)
    else:
        more.click()
        expect(page.locator("li.person")).to_have_count(5)
