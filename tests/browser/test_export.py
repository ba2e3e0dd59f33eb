"""Your data in the browser: asked for, made by the worker while the page looks, downloaded, opened without a network."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows, sign_up
from tests.posts.factory import a_photo

pytestmark = pytest.mark.browser


def post(page: Page, text: str, alt: str = "") -> None:
    page.goto("/")
    page.locator("#composer textarea").first.fill(text)
    if alt:
        photo = {"name": "pier.jpg", "mimeType": "image/jpeg", "buffer": a_photo().read()}
        page.locator("#composer input[type=file]").set_input_files(photo)
        if page.locator("#composer [name=alt]").is_visible():
            page.locator("#composer [name=alt]").fill(alt)
    page.locator("#composer .button-primary").click()
    expect(page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_asking_to_looking_at_it(window: Windows, tmp_path: Path, script: bool) -> None:
    page = window(java_script_enabled=script, accept_downloads=True)
    handle = f"ana_exp_{'s' if script else 'p'}"
    sign_up(page, handle)
    post(page, "Low tide <b>today</b>", alt="A pier")
    post(page, "Rain all day")

    page.goto("/settings/data/")
    expect(page.get_by_role("heading", name="Take your data with you")).to_be_visible()
    page.get_by_role("button", name="Make a copy").click()
    download = page.get_by_role("link", name="Download")
    if not script:
        for _look in range(120):
            if download.count():
                break
            page.wait_for_timeout(1_000)
            page.get_by_role("link", name="Look again").click()
    expect(download).to_be_visible()
    expect(page.get_by_text("You can ask for one copy a day")).to_be_visible()
    with page.expect_download() as started:
        download.click()
    assert started.value.suggested_filename.startswith(f"roost-{handle}-")
    zipfile.ZipFile(started.value.path()).extractall(tmp_path)

    page.goto((tmp_path / "index.html").as_uri())
    expect(page.get_by_role("heading", name=f"@{handle} on Roost")).to_be_visible()
    page.locator("a[href='posts.html']").click()
    expect(page.get_by_text("Low tide <b>today</b>")).to_be_visible()
    picture = page.locator("img.photo")
    expect(picture).to_have_count(1)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 1280
