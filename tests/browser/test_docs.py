"""The API's page at /api/docs/: Swagger UI under our own Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows

pytestmark = pytest.mark.browser


def test_the_api_can_be_read_and_tried(window: Windows) -> None:
    """The fixture fails on any error of the console: a refused inline style or script is one."""
    page = window()
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="Roost API")).to_be_visible()
    operation = page.locator(".opblock", has_text="/api/v1/profiles/").first
    operation.locator(".opblock-summary-control").click()
    expect(operation.get_by_text("Any other refusal")).to_be_visible()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator(".parameters input").first.fill("nobody-here")
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("urn:roost:problem:")
