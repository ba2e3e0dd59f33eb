"""Two people meet: the story that everything else is for."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows, sign_up
from tests.posts.factory import an_image

pytestmark = pytest.mark.browser
CAPTION = "Morning on the lake – תמיד חוזר לכאן 🛶"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lake.jpg"
    an_image(1600, 1067).save(path, "JPEG")
    return path


def post_photo(page: Page, photo: Path, *, alt: str) -> None:
    page.goto("/")
    page.locator("#composer textarea[name=text]").fill(CAPTION)
    page.locator("#composer input[type=file]").set_input_files(photo)
    page.locator("#composer [name^=alt]:visible").fill(alt)
    page.locator("#composer .button-primary").click()


def test_they_sign_up_follow_post_like_and_comment(window: Windows, photo: Path):
    ana, bob = window(), window()
    sign_up(ana, "ana_lake")
    sign_up(bob, "bob_hill")

    bob.goto("/@ana_lake/")
    bob.get_by_role("button", name="Follow").first.click()
    expect(bob.locator("button.follow[data-state=following]").first).to_be_visible()
    bob.goto("/")

    post_photo(ana, photo, alt="A canoe on still water")
    own = ana.locator("article.post", has_text="Morning on the lake")
    expect(own).to_be_visible()

    # Bob looks at his home page and does nothing: the pill tells him, one press shows the post.
    bob.locator("a.pill").click(timeout=30_000)
    seen = bob.locator("article.post", has_text="Morning on the lake")
    expect(seen).to_be_visible()
    picture = seen.get_by_alt_text("A canoe on still water")
    expect(picture).to_be_visible(timeout=30_000)  # a worker makes it
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    seen.get_by_role("button", name="Like").click()
    expect(seen.locator("button.action[aria-pressed=true]")).to_be_visible()
    seen.locator("a.action").first.click()
    bob.wait_for_url("**/p/**")
    bob.locator("#comment-form textarea, #comment-form input[type=text]").first.fill("I know this place!")
    bob.locator("#comment-form button[type=submit]").click()
    expect(bob.get_by_text("I know this place!")).to_be_visible()

    ana.goto("/")
    expect(ana.locator("article.post .post-actions .count").nth(0)).to_have_text("1")
    ana.locator("article.post a.action").first.click()
    expect(ana.get_by_text("I know this place!")).to_be_visible()
    expect(ana.locator("article.post .post-actions .count").nth(1)).to_have_text("1")


def test_all_of_it_works_without_script(window: Windows, photo: Path):
    ana, bob = window(java_script_enabled=False), window(java_script_enabled=False)
    sign_up(ana, "ana_plain")
    sign_up(bob, "bob_plain")
    bob.goto("/@ana_plain/")
    bob.get_by_role("button", name="Follow").first.click()
    bob.goto("/@ana_plain/followers/")
    expect(bob.get_by_text("@bob_plain").first).to_be_visible()

    post_photo(ana, photo, alt="A canoe")
    bob.goto("/@ana_plain/")
    bob.locator("a.post-when").first.click()
    bob.get_by_role("button", name="Like").click()
    expect(bob.locator("button.action[aria-pressed=true]")).to_be_visible()
    bob.locator("#comment-form textarea, #comment-form input[type=text]").first.fill("No script, no trouble.")
    bob.locator("#comment-form button[type=submit]").click()
    expect(bob.get_by_text("No script, no trouble.")).to_be_visible()

    ana.goto("/@ana_plain/")
    ana.locator("a.post-when").first.click()
    expect(ana.get_by_text("No script, no trouble.")).to_be_visible()
    ana.locator("article.post .post-head details.post-menu summary").click()
    ana.locator("details.post-menu").get_by_role("link", name="Delete").click()
    ana.locator("main form button[type=submit]").click()
    ana.goto("/@ana_plain/")
    expect(ana.locator("article.post")).to_have_count(0)
