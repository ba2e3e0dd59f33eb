"""Two people meet: the story that everything else is for."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from feed.selectors import home_page
from posts.services import like_create, like_delete
from tests.browser.conftest import Windows, sign_up
from tests.feed.factory import a_person, posted
from tests.graph.factory import follows, id_of
from tests.posts.factory import an_image
from tests.stack import eventually

pytestmark = pytest.mark.browser
HEARD_SINCE_LONG_AGO = """async () => {
    const answer = await fetch("/live/", { headers: { "Last-Event-ID": "1-1" } });
    const reader = answer.body.getReader();
    let text = "";
    for (let part = {}; !part.done && !text.includes("event: "); ) {
        part = await reader.read();
        text += new TextDecoder().decode(part.value);
    }
    reader.cancel();
    return text;
}"""
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
    bob.locator("a.pill").click()
    seen = bob.locator("article.post", has_text="Morning on the lake")
    expect(seen).to_be_visible()
    picture = seen.get_by_alt_text("A canoe on still water")
    expect(picture).to_be_visible()  # a worker makes it
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    seen.get_by_role("button", name="Like").click()
    expect(seen.locator("button.action[aria-pressed=true]")).to_be_visible()
    seen.locator("a.action").first.click()
    bob.wait_for_url("**/p/**")
    bob.locator("#comment-form textarea, #comment-form input[type=text]").first.fill("I know this place!")
    bob.locator("#comment-form button[type=submit]").click()
    expect(bob.get_by_text("I know this place!")).to_be_visible()

    # Ana does nothing either: her bell counts the follow, the like and the comment, until she has read of them.
    expect(ana.locator("#bell .badge")).to_have_text("3")
    assert "event: bell" in ana.evaluate(HEARD_SINCE_LONG_AGO)
    ana.locator("a.nav-bell").click()
    expect(ana.locator(".notice-line.is-unread")).to_have_count(3)
    expect(ana.get_by_text("bob_hill commented on your post")).to_be_visible()
    expect(ana.locator("#bell .badge")).to_have_count(0)

    ana.goto("/")
    expect(ana.locator("article.post .post-actions .count").nth(0)).to_have_text("1")
    ana.locator("article.post a.action").first.click()
    expect(ana.get_by_text("I know this place!")).to_be_visible()
    expect(ana.locator("article.post .post-actions .count").nth(1)).to_have_text("1")


def test_scrolled_to_the_end_back_to_where_one_was_and_told_of_news(window: Windows):
    page, bob, fans = window(), a_person("bob"), [a_person("fan") for _ in range(3)]
    sign_up(page, "ana_scroll")
    ana = User.objects.get(username="ana_scroll")
    follows(ana, bob)
    posts = [posted(by=bob, text=f"Word {number}\n\n\n\n") for number in range(30)]
    own = posted(by=ana, text="Mine")
    eventually(lambda: len(home_page(id_of(ana), limit=60).items) == 31)
    page.goto("/")
    cards, end = page.locator("#feed > article.post"), page.get_by_text("You have seen it all.")
    for _screen in range(300):
        if end.count():
            break
        page.keyboard.press("End")
        page.wait_for_timeout(100)
    expect(end).to_be_visible()
    expect(cards).to_have_count(31)

    # Opened far down, liked there: back is where one was, with all that was loaded, and it is liked.
    card = page.locator(f"#post-{posts[3]}")
    card.scroll_into_view_if_needed()
    top = card.bounding_box()
    card.locator("a.post-when").click()
    page.wait_for_url("**/p/**")
    page.locator(f"#like-{posts[3]}").click()
    expect(page.locator(f"#like-{posts[3]}")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(cards).to_have_count(31)
    expect(card.locator("button.action[aria-pressed=true]")).to_be_visible()
    assert top is not None
    page.wait_for_function("scrollY > 1500")
    eventually(lambda: abs((card.bounding_box() or {"y": -1e6})["y"] - top["y"]) < 8)

    # The pill tells of what came meanwhile and moves nothing; pressed, it leads there.
    latest = posted(by=bob, text="The latest word")
    page.locator("a.pill").wait_for()
    assert page.evaluate("scrollY") > 1500
    page.locator("a.pill").click()
    expect(cards.first).to_have_attribute("id", f"post-{latest}")

    # Three likes are one line, and of two that were taken back one is left.
    for fan in fans:
        like_create(user_id=id_of(fan), post_id=own)
    line = page.locator(".notice-line", has_text="your post")
    soon(page, line, "and 2 others like your post")
    like_delete(user_id=id_of(fans[-1]), post_id=own)
    soon(page, line, "like your post", without=(fans[-1].username, "other"))


def soon(page: Page, line: Locator, text: str, *, without: tuple[str, ...] = ()) -> None:
    """The consumer and a worker have some seconds."""
    for _try in range(240):
        page.goto("/notifications/")
        told = line.inner_text() if line.count() == 1 else ""
        if text in told and not any(word in told for word in without):
            return
        page.wait_for_timeout(500)
    raise AssertionError(line.all_inner_texts())


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
