"""Every page, light and dark, desk and phone: it answers, fits its window and breaks no rule of its own."""

import pytest

from deploy.local.screenshots import OWN, PUBLIC, SIZES
from tests.browser.conftest import Windows, sign_up

pytestmark = pytest.mark.browser
MISSING = {"missing"}


def assert_fits(page) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_answers_and_fits(window: Windows, scheme: str):
    handle = f"walker_{scheme}"
    signed_up = False
    for width, height in SIZES.values():
        page = window(color_scheme=scheme, viewport={"width": width, "height": height})
        for name, path in PUBLIC.items():
            answer = page.goto(path)
            assert answer.status == (404 if name in MISSING else 200), path
            assert_fits(page)
        if signed_up:
            page.goto("/login/")
            page.locator("input[name=login]").fill(handle)
            page.locator("input[name=password]").fill("wide river stone 7")
            page.locator("main form button[type=submit]").click()
            page.wait_for_url("**/")
        else:
            sign_up(page, handle)
            signed_up = True
        for path in OWN.values():
            answer = page.goto(path.format(handle=handle))
            assert answer.status == 200, path
            assert page.locator("h1").count() >= 1, path
            assert_fits(page)


def test_the_keyboard_reaches_the_content_first(window: Windows):
    page = window()
    page.goto("/login/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused.startswith("#")
    assert page.locator(focused).count() == 1


def test_the_theme_switch_is_kept(window: Windows):
    page = window(color_scheme="light")
    sign_up(page, "theme_keeper")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/settings/")
    page.get_by_role("button", name="Dark").click()
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
