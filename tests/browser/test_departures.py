"""Leaving and coming back in the browser, with script and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Windows, sign_up

pytestmark = pytest.mark.browser


def log_in(page: Page, handle: str) -> None:
    page.goto("/login/")
    page.locator("input[name=login]").fill(handle)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_deleted_hidden_and_back(window: Windows, script: bool) -> None:
    handle = f"ana_leaves_{'s' if script else 'p'}"
    ana, anybody = window(java_script_enabled=script), window(java_script_enabled=script)
    sign_up(ana, handle)
    ana.goto("/settings/account/")
    ana.get_by_role("link", name="Deactivate or delete your account").click()
    ana.get_by_role("link", name="Delete my account …").click()
    expect(ana.get_by_text(f"Nobody can take the handle @{handle}")).to_be_visible()
    ana.locator("input[name=password]").fill("wrong")
    ana.get_by_role("button", name="Delete my account").click()
    expect(ana.get_by_text("This is not your password.")).to_be_visible()
    ana.locator("input[name=password]").fill(PASSWORD)
    ana.get_by_role("button", name="Delete my account").click()
    expect(ana.get_by_role("heading", name="Goodbye")).to_be_visible()
    assert anybody.goto(f"/@{handle}/").status == 404  # type: ignore[union-attr]  # there is an answer
    log_in(ana, handle)
    expect(ana.get_by_role("heading", name="Come back?")).to_be_visible()
    ana.get_by_role("button", name="Bring my account back").click()
    expect(ana.get_by_text("Welcome back. Everything is as it was.")).to_be_visible()
    assert anybody.goto(f"/@{handle}/").status == 200  # type: ignore[union-attr]


def test_a_break(window: Windows) -> None:
    ana = window()
    sign_up(ana, "ana_breaks")
    ana.goto("/settings/leave/")
    ana.get_by_role("button", name="Deactivate my account").click()
    expect(ana.get_by_text("Your account is hidden until you come back.")).to_be_visible()
    log_in(ana, "ana_breaks")
    ana.get_by_role("button", name="Bring my account back").click()
    expect(ana).to_have_url("/")
