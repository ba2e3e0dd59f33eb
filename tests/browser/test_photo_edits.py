"""Photos of a post that is out: one taken out, one added, their order turned, in the browser's strip."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from posts.selectors import post_by_id, recent_post_ids
from tests.browser.conftest import Windows, sign_up
from tests.browser.test_drafts import id_of
from tests.browser.test_post_tools import fits
from tests.posts.factory import an_image

pytestmark = pytest.mark.browser


def test_photos_are_turned_added_and_taken_out(window: Windows, tmp_path: Path) -> None:
    names = [tmp_path / f"{name}.jpg" for name in ("pier", "boat", "gull")]
    for number, name in enumerate(names):
        an_image(300 + number, 200).save(name)
    page = window(viewport={"width": 390, "height": 900}, color_scheme="dark")
    sign_up(page, "framer")
    page.goto("/posts/new/")
    page.locator("#composer input[type=file]").set_input_files(names[:2])
    there = page.locator(".composer-photo.is-there")
    expect(there).to_have_count(2)
    for place, alt in enumerate(("Pier", "Boat")):
        there.nth(place).locator("textarea").fill(alt)
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("Your post is out.").wait_for()
    (post_id,) = recent_post_ids(id_of("framer"), limit=2)

    page.goto(f"/p/{post_id}/edit/")
    expect(there).to_have_count(2)
    there.nth(1).get_by_role("button", name="Move before").click()
    there.nth(1).get_by_role("button", name="Remove the photo").click()
    page.locator("input[type=file]").set_input_files(names[2])
    expect(there).to_have_count(2)
    there.nth(1).locator("textarea").fill("Gull")
    assert fits(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your changes are saved.").wait_for()
    assert [photo.alt for photo in post_by_id(post_id).photos] == ["Boat", "Gull"]
    page.get_by_role("link", name="Edited").click()
    expect(page.locator(".version-photos img")).to_have_count(2)
    expect(page.locator(".version-photos img").first).to_have_attribute("alt", "Pier")
