"""Pictures of every page of a running Roost, light and dark, desk and phone.

    .venv/bin/python -m deploy.local.screenshots --url http://127.0.0.1:8000 --handle ana --password ... --into var/screenshots

`--readme` makes only docs/screenshot.png, the picture at the top of the README.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.browser import find_chromium
from deploy.local.messages import main
from deploy.local.paths import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PUBLIC = {
    "landing": "/",
    "login": "/login/",
    "signup": "/signup/",
    "password-reset": "/password/reset/",
    "missing": "/@nobody-of-that-name/",
    "api-docs": "/api/docs/",
}
OWN = {
    "home": "/",
    "compose": "/posts/new/",
    "profile": "/@{handle}/",
    "followers": "/@{handle}/followers/",
    "following": "/@{handle}/following/",
    "requests": "/follows/requests/",
    "notifications": "/notifications/",
    "settings-notifications": "/settings/notifications/",
    "suggestions": "/suggestions/",
    "blocked": "/blocks/",
    "muted": "/mutes/",
    "close-friends": "/close-friends/",
    "recently-deleted": "/posts/deleted/",
    "archive": "/posts/archive/",
    "settings": "/settings/",
    "settings-account": "/settings/account/",
    "settings-tokens": "/settings/tokens/",
    "settings-email": "/settings/email/",
    "settings-password": "/settings/password/",
    "settings-data": "/settings/data/",
    "settings-leave": "/settings/leave/",
    "logout": "/logout/",
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes pictures of every page of a running Roost.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Roost answers")
    parser.add_argument("--handle", required=True, help="who signs in")
    parser.add_argument("--password", required=True, help="with which password")
    parser.add_argument(
        "--into", type=Path, default=ROOT / "var" / "screenshots", help="folder of the pictures"
    )
    parser.add_argument("--readme", action="store_true", help="only docs/screenshot.png")
    return parser.parse_args()


def pages(browser: Browser, url: str) -> Iterator[tuple[str, Page]]:
    """A fresh page for each scheme and size, and what to call it."""
    for scheme in ("light", "dark"):
        for name, (width, height) in SIZES.items():
            context = browser.new_context(
                base_url=url,
                color_scheme=scheme,
                viewport={"width": width, "height": height},
                reduced_motion="reduce",
            )
            yield f"{scheme}-{name}", context.new_page()
            context.close()


def sign_in(page: Page, handle: str, password: str) -> None:
    """Through the form, as people do."""
    page.goto("/login/")
    page.fill("input[name=login]", handle)
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/")


def take(page: Page, path: str, target: Path, *, whole: bool = False) -> None:
    """One picture, when the page and its images are there."""
    page.goto(path)
    page.wait_for_load_state("load")
    page.screenshot(path=target, full_page=whole)


def take_all(browser: Browser, given: argparse.Namespace) -> None:
    """Every page in every scheme and size."""
    given.into.mkdir(parents=True, exist_ok=True)
    for look, page in pages(browser, given.url):
        for name, path in PUBLIC.items():
            take(page, path, given.into / f"{name}-{look}.png")
        sign_in(page, given.handle, given.password)
        for name, path in OWN.items():
            take(page, path.format(handle=given.handle), given.into / f"{name}-{look}.png")
        page.goto("/")
        first = page.locator("a[href^='/p/']").first
        if first.count():
            take(page, first.get_attribute("href") or "/", given.into / f"post-{look}.png", whole=True)


def take_for_readme(browser: Browser, given: argparse.Namespace) -> None:
    """The home page, as the README shows it."""
    context = browser.new_context(base_url=given.url, viewport={"width": 1280, "height": 960})
    page = context.new_page()
    sign_in(page, given.handle, given.password)
    page.goto("/")
    page.locator(".suggestion img").first.wait_for()  # they come after the page
    page.wait_for_load_state("networkidle")
    page.screenshot(path=ROOT / "docs" / "screenshot.png")
    context.close()


def run() -> int:
    """Take the pictures that were asked for."""
    given = arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        (take_for_readme if given.readme else take_all)(browser, given)
        browser.close()
    return 0


if __name__ == "__main__":
    main(run)
