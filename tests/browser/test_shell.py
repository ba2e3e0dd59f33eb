"""The comforts of roost.js, each beside the plain way that works without it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from posts.errors import TextTooLong
from posts.text.limits import POST_MAX_BYTES, POST_MAX_CHARACTERS, post_text
from tests.accounts.pictures import a_picture
from tests.browser.conftest import PASSWORD, Windows, sign_up

pytestmark = pytest.mark.browser

# Every three seconds, as browsers try again.
BREAKS_OFF = """window.EventSource = class extends EventTarget {
    static OPEN = 1;
    static CLOSED = 2;
    readyState = 0;
    constructor() {
        super();
        setInterval(() => this.dispatchEvent(new Event("error")), 3000);
        setTimeout(() => this.dispatchEvent(new Event("error")), 100);
    }
    close() {}
};"""


def a_file(width: int = 300, height: int = 200) -> dict[str, Any]:
    return {"name": "bird.jpg", "mimeType": "image/jpeg", "buffer": a_picture(width, height).getvalue()}


def test_a_photo_is_seen_before_it_is_posted_and_can_be_taken_back(window: Windows):
    page = window()
    sign_up(page, "previewer")
    photos = page.locator("#composer [data-photos] li")
    sent = page.locator("#composer [name=media_ids]")
    assert photos.count() == 0
    page.locator("#composer input[type=file]").set_input_files(a_file())
    expect(photos.locator("img")).to_be_visible()
    sent.wait_for(state="attached")
    photos.get_by_role("button", name="Remove the photo").click()
    expect(photos).to_have_count(0)
    expect(sent).to_have_count(0)
    assert page.evaluate("document.querySelector('#composer input[type=file]').files.length") == 0


def test_a_stream_that_breaks_off_again_and_again_does_not_keep_the_page_from_asking(window: Windows):
    page = window()
    sign_up(page, "patient")
    page.add_init_script(BREAKS_OFF)
    page.clock.install()
    page.goto("/")
    for seconds in (
        1,
        5,
        5,
    ):  # told for the first time, as it is known by then that there is no stream; then every five
        with page.expect_response("**/home/new/**"):
            page.clock.run_for(seconds * 1_000)


def test_a_pasted_photo_is_taken(window: Windows):
    page = window()
    sign_up(page, "paster")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(10)], "pasted.png", { type: "image/png" }));
            const event = new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true });
            document.querySelector("#composer [name=text]").dispatchEvent(event);
        }"""
    )
    expect(page.locator("#composer [data-photos] li img")).to_have_count(1)


def test_what_is_left_is_counted_near_the_end(window: Windows):
    page = window()
    sign_up(page, "counter")
    left = page.locator("#composer [data-count]")
    limit = int(left.get_attribute("data-max") or 0)
    assert left.is_hidden()
    text = page.locator("#composer [name=text]")
    for written in ("é" * (limit - 3), "e\u0301" * (limit - 3), "\n" + "न" * (limit - 3) + "  "):
        text.fill(written)
        assert (left.is_visible(), left.text_content()) == (True, "3")
    assert "over" not in (left.get_attribute("class") or "")
    text.fill("é" * (limit + 2))
    assert left.text_content() == "-2"
    assert "over" in (left.get_attribute("class") or "")


CLUSTERS = ["a", "क्षि", "👨‍👩‍👧‍👦", "🇵🇹", "👍🏽", "e\u0301\u0302", "\u1100\u1161\u11a8", "😀"]


def test_what_is_left_is_what_the_server_takes(window: Windows):
    """The longest text that `posts.text.limits` takes is not over, and one character more is, by either limit."""
    page = window()
    sign_up(page, "fitting")
    left, text = page.locator("#composer [data-count]"), page.locator("#composer [name=text]")
    for cluster in CLUSTERS:
        alone = min(POST_MAX_CHARACTERS, POST_MAX_BYTES // len(cluster.encode()))
        longest = [cluster * alone, cluster * 100 + "-" * (POST_MAX_CHARACTERS - 100)]
        for written, over in [(whole + more, bool(more)) for whole in longest for more in ("", cluster)]:
            text.fill(written)
            assert (is_over(left), is_refused(written)) == (over, over), (cluster, left.text_content())


def is_over(left: Locator) -> bool:
    return "over" in (left.get_attribute("class") or "")


def is_refused(text: str) -> bool:
    try:
        post_text(text, has_photo=False)
    except TextTooLong:
        return True
    return False


def test_a_password_can_be_looked_at(window: Windows):
    page = window()
    page.goto("/login/")
    field = page.locator("#id_password")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(field).to_have_attribute("type", "password")


def test_an_avatar_is_seen_before_and_after_it_is_saved(window: Windows):
    page = window()
    sign_up(page, "avatar_owner")
    page.goto("/settings/")
    picture = page.locator("[data-avatar-preview] img")
    assert (picture.get_attribute("src") or "").endswith(".svg")
    page.locator("input[name=avatar]").set_input_files(a_file())
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Your profile is saved.").wait_for()
    expect(picture).to_have_attribute("src", re.compile("320\\.webp$"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320


def test_a_refused_action_says_so_and_leaves_the_page_alone(window: Windows):
    page = window()
    sign_up(page, "refused")
    page.locator("#composer [name=text]").fill("A post that is gone in a moment")
    page.locator("#composer .button-primary").click()
    like = page.locator(".post .action[aria-pressed]").first
    like.wait_for()
    page.evaluate("""() => document.querySelector(".like-form").setAttribute("hx-post", "/p/1/like/")""")
    page.evaluate("""() => htmx.process(document.querySelector(".post"))""")
    page.route("**/like/", lambda route: route.fulfill(status=500, body="<p>broken</p>"))
    like.click()
    page.locator("#toasts .toast-error").wait_for()
    assert like.is_visible()
    page.locator("#toasts .toast-error button").click()
    expect(page.locator("#toasts .toast-error")).to_have_count(0)


def test_all_of_it_works_without_script(window: Windows):
    page = window(java_script_enabled=False, color_scheme="light")
    sign_up(page, "plain.reader")
    page.goto("/settings/")
    page.locator("input[name=name]").fill("Plain Reader")
    page.locator("input[name=avatar]").set_input_files(a_file())
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Your profile is saved.").wait_for()
    page.locator("[data-theme-switch] button[value=dark]").click()
    page.locator("html[data-theme=dark]").wait_for()
    page.goto("/settings/account/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.locator("body.landing").wait_for()
    page.goto("/login/")
    page.locator("input[name=login]").fill("@Plain.Reader")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("#composer").wait_for()
