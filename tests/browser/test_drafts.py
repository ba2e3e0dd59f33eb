"""Drafts in the browser: saved by themselves, on through a broken connection, in two windows; scheduled; without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from config.entities import UserId
from posts.drafts.selectors import drafts_of, scheduled_drafts
from posts.selectors import recent_post_ids
from tests.browser.conftest import Windows, sign_up
from tests.browser.test_post_tools import fits
from tests.posts.factory import an_image

pytestmark = pytest.mark.browser


def texts(author: UserId) -> list[str]:
    return [draft.content.text for draft in drafts_of(author).items]


def id_of(handle: str) -> UserId:
    return UserId(User.objects.get(username=handle).pk)


def told(page: Page, words: str) -> None:
    expect(page.locator("#composer [data-draft]")).to_have_text(words)


def test_the_composer_saves_by_itself(window: Windows, tmp_path: Path) -> None:
    an_image(300, 200).save(tmp_path / "pier.jpg")
    page = window(viewport={"width": 390, "height": 900})
    sign_up(page, "saver")
    author = id_of("saver")
    text = page.locator("#composer textarea[name=text]")
    text.fill("Low tide.")
    told(page, "Saved")
    assert texts(author) == ["Low tide."]
    page.locator("#composer input[type=file]").set_input_files(tmp_path / "pier.jpg")
    page.locator(".composer-photo.is-there").wait_for()
    page.locator("textarea[data-alt]").fill("A pier")
    told(page, "Saved")

    page.route("**/api/v1/drafts/**", lambda route: route.abort())
    text.fill("Low tide, later.")
    told(page, "Not saved, trying again")
    page.unroute("**/api/v1/drafts/**")
    told(page, "Saved")
    (draft,) = drafts_of(author).items
    assert (draft.content.text, [photo.alt for photo in draft.content.photos]) == (
        "Low tide, later.",
        ["A pier"],
    )

    other = page.context.new_page()
    other.goto(f"/posts/drafts/{draft.id}/")
    expect(other.locator(".composer-photo.is-there textarea")).to_have_value("A pier")
    other.locator("#composer textarea[name=text]").fill("From the other window.")
    told(other, "Saved")
    text.fill("From the first window.")
    told(page, "The draft was changed elsewhere. What you write here is kept as another one.")
    expect(page.locator("#composer [name=draft_version]")).to_have_value("1")
    assert sorted(texts(author)) == ["From the first window.", "From the other window."]

    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("Your post is out.").wait_for()
    assert texts(author) == ["From the other window."]
    assert len(recent_post_ids(author, limit=9)) == 1


@pytest.mark.parametrize(("width", "scheme", "script"), [(390, "dark", True), (1280, "light", False)])
def test_a_draft_is_scheduled_changed_and_posted(
    window: Windows, width: int, scheme: str, script: bool
) -> None:
    page = window(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        timezone_id="Europe/Lisbon",
    )
    handle = f"planner{width}"
    sign_up(page, handle)
    author = id_of(handle)
    page.goto("/posts/new/")
    page.locator("#composer textarea[name=text]").fill("Tomorrow, then.")
    page.get_by_role("button", name="Post at…").click()
    page.wait_for_url("**/time/")
    zone = page.get_by_label("Time zone")
    if script:
        expect(zone).to_have_value("Europe/Lisbon")
    else:
        zone.select_option("Europe/Lisbon")
    page.get_by_label("Date and time").fill("2027-07-01T09:30")
    page.get_by_role("button", name="Schedule").click()
    page.wait_for_url("**/posts/scheduled/")
    (draft,) = scheduled_drafts(author)
    row = page.locator(f"#draft-{draft.id}")
    expect(row).to_contain_text("1 July 2027, 09:30")
    expect(row).to_contain_text("Europe/Lisbon")
    assert draft.due_at_ms == 1_814_430_600_000
    assert not script or fits(page)

    row.get_by_role("button", name="Don’t schedule").click()
    page.get_by_text("It is not scheduled any more.").wait_for()
    row.get_by_role("button", name="Delete").click()
    page.get_by_text("The draft is deleted.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Your draft is back.").wait_for()
    row.get_by_role("button", name="Post now").click()
    page.get_by_text("Your post is out.").wait_for()
    assert (texts(author), len(recent_post_ids(author, limit=9))) == ([], 1)
