"""Headless Chromium on a whole running Roost. A person is a browser window of their own."""

import inspect
import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.local.screenshots import FLAGS
from tests.stack import Stack, TestStack, begin_here

PASSWORD = "wide river stone 7"
# A page may be slow on a busy machine, which is no fault of it; how fast it is, the benchmarks say.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)
Windows = Callable[..., Page]
# The browser's words for it, and htmx's.
UNANSWERED = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendError",
    "htmx:afterRequest",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django's fixtures beside it are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=os.environ["ROOST_RIG_CHROMIUM"], args=FLAGS)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def shared_stack() -> Iterator[TestStack]:
    """Not started yet. To start Roost takes longer than most tests of a page, so the tests of a file share it."""
    processes = TestStack()
    yield processes
    processes.kill_all()


@pytest.fixture
def stack(
    request: pytest.FixtureRequest, transactional_db: None, shared_stack: TestStack
) -> Iterator[TestStack]:
    """A whole Roost: one that other tests use too, but for who asks for it by name, to do with it what they like."""
    is_own = "stack" in inspect.signature(request.function).parameters
    if is_own:
        shared_stack.kill_all()
    processes = TestStack() if is_own else shared_stack
    if not processes.is_running:
        begin_here()
        processes.start("consumer", "worker", "web")
    yield processes
    if is_own:
        processes.kill_all()


@pytest.fixture
def window(browser: Browser, stack: Stack) -> Iterator[Windows]:
    """Opens windows; at the end none of them may have reported an error."""
    # What a page may never do: break its own Content-Security-Policy, or fail in a script.
    contexts, errors = [], []

    def opened(**options) -> Page:
        context = browser.new_context(base_url=stack.base_url, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if is_fault(message) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def is_fault(message) -> bool:
    """An error of the page itself; requests that are refused or get no answer are the tests' own business."""
    return message.type == "error" and not any(words in message.text for words in UNANSWERED)


def sign_up(page: Page, handle: str) -> None:
    """Through the form, as people do."""
    page.goto("/signup/")
    page.get_by_label("E-mail", exact=False).first.fill(f"{handle}@example.org")
    page.locator("input[name=username]").fill(handle)
    page.locator("input[name=password1]").fill(PASSWORD)
    if page.locator("input[name=password2]").count():
        page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/")
    assert page.locator("#composer").is_visible()
