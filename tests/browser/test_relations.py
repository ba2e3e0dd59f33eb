"""Blocks, mutes, close friends, requests and lists in the browser, with script and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows, sign_up

pytestmark = pytest.mark.browser


def menu(page: Page, handle: str) -> None:
    page.goto(f"/@{handle}/")
    page.locator(".profile-tools details.menu summary").click()


def follow(page: Page, handle: str) -> None:
    page.goto(f"/@{handle}/")
    page.locator("main button.follow").first.click()
    page.locator("button.follow:not([data-state=none])").first.wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_menu_lists_blocks_and_requests(window: Windows, script: bool):
    tail = "s" if script else "p"
    ana_name, bob_name = f"ana_rel_{tail}", f"bob_rel_{tail}"
    ana, bob = window(java_script_enabled=script), window(java_script_enabled=script)
    sign_up(ana, ana_name)
    sign_up(bob, bob_name)
    follow(bob, ana_name)
    follow(ana, bob_name)

    menu(ana, bob_name)
    ana.get_by_role("button", name="Add to close friends").click()
    ana.goto("/close-friends/")
    expect(ana.get_by_text(f"@{bob_name}").first).to_be_visible()
    menu(ana, bob_name)
    ana.get_by_role("button", name="Notify me of posts").click()
    menu(ana, bob_name)
    expect(ana.get_by_role("button", name="Turn notifications off")).to_be_visible()
    ana.get_by_role("link", name="Mute…").click()
    ana.get_by_label("For a day").check()
    ana.get_by_role("button", name="Mute", exact=True).click()
    ana.goto("/mutes/")
    ana.get_by_role("button", name="Unmute").click()
    expect(ana.locator("li.person")).to_have_count(0)

    # A follower is removed and brought back, in place or by a page that says so.
    ana.goto(f"/@{ana_name}/followers/?q={bob_name[:3]}")
    ana.get_by_role("button", name="Remove").click()
    ana.get_by_role("button", name="Undo").click()
    expect(ana.get_by_text("Follows you").first).to_be_visible()
    ana.goto(f"/@{bob_name}/known/")
    expect(ana.get_by_text("Nobody you follow follows")).to_be_visible()

    # Blocked: each is gone for the other, until the list brings them back.
    menu(ana, bob_name)
    ana.get_by_role("link", name="Block…").click()
    ana.get_by_role("button", name="Block", exact=True).click()
    ana.wait_for_url("**/blocks/")
    assert ana.goto(f"/@{bob_name}/").status == 404
    assert bob.goto(f"/@{ana_name}/").status == 404
    ana.goto("/blocks/")
    ana.get_by_role("button", name="Unblock").click()
    expect(ana.locator("li.person")).to_have_count(0)
    assert bob.goto(f"/@{ana_name}/").status == 200

    # All requests at once; the worker is at it while the page looks.
    ana.goto("/settings/")
    ana.locator("[name=is_private]").check()
    ana.locator("main form:has([name=is_private]) button[type=submit]").first.click()
    follow(bob, ana_name)
    ana.goto("/follows/requests/")
    ana.get_by_role("button", name="Approve all").click()
    done = ana.get_by_text("1 request has become a follow.")
    if not script:
        for _look in range(120):
            if done.count():
                break
            ana.wait_for_timeout(1_000)
            ana.goto("/follows/requests/")
    expect(done).to_be_visible()
    expect(ana.locator("li.person")).to_have_count(0)
    bob.goto(f"/@{ana_name}/")
    expect(bob.locator("button.follow[data-state=following]").first).to_be_visible()
