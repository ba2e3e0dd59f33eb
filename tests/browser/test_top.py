"""What is liked most, in the browser: a like moves a post up on the profile and on the page of its hashtag."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from config.ids import next_id
from posts.tags import tags_enter
from tests.accounts.factory import a_user
from tests.browser.conftest import Windows, sign_up
from tests.posts.factory import a_post
from tests.posts.ranking import a_liked_post

pytestmark = pytest.mark.browser


def first_card_is(page: Page, post_id: int) -> Callable[[], bool]:
    """Whether the page, loaded again, begins with that post."""

    def begins() -> bool:
        page.reload()
        return page.locator(".post").first.get_attribute("id") == f"post-{post_id}"

    return begins


def soon(page: Page, happens: Callable[[], bool]) -> None:
    """The consumer and a worker have some seconds."""
    for _try in range(240):
        if happens():
            return
        page.wait_for_timeout(500)
    raise AssertionError


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_like_moves_a_post_up(window: Windows, script: bool) -> None:
    ana, tag = a_user("ana"), f"tide{next_id()}"
    best = a_liked_post(by=ana, times=1, text=f"The best so far. #{tag}")
    tags_enter(post_id=best.id)
    post = a_post(by=ana, text=f"Better still. #{tag}")
    a_post(by=ana, text=f"Not much yet. #{tag}")
    page = window(java_script_enabled=script)
    sign_up(page, f"reader_{'s' if script else 'p'}")
    page.goto(f"/@{ana.username}/")
    tabs = page.get_by_role("navigation", name="What to show")
    tabs.get_by_role("link", name="Top").click()
    expect(page.locator(".post")).to_have_count(1)
    expect(tabs.get_by_role("link", name="Top")).to_have_attribute("aria-current", "page")
    page.goto(f"/p/{post.id}/")
    page.locator(f"#like-{post.id}").click()
    expect(page.locator(f"#like-{post.id}")).to_have_attribute("aria-pressed", "true")
    # Equal now, and the newer one comes first.
    page.goto(f"/@{ana.username}/?tab=top")
    soon(page, first_card_is(page, post.id))
    page.goto(f"/tags/{tag}/")
    page.get_by_role("navigation", name="What to show").get_by_role("link", name="Top").click()
    soon(page, first_card_is(page, post.id))
    expect(page.locator(".post")).to_have_count(2)


def test_a_part_that_does_not_come_is_asked_for_again(window: Windows) -> None:
    ana = a_user("ana")
    for times in range(21):
        a_post(by=ana, text=f"Number {times} at the pier.")
    page = window()
    page.goto(f"/@{ana.username}/")
    asked: list[str] = []

    def hiccup(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        elif len(asked) == 2:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="")
        else:
            route.fallback()

    page.route("**/*cursor=*", hiccup)
    page.locator(".post").last.scroll_into_view_if_needed()
    expect(page.locator(".post")).to_have_count(21)
    assert len(asked) == 3
    expect(page.locator("#toasts .toast-error")).to_have_count(0)


def test_a_part_that_never_comes_is_said_to_fail(window: Windows) -> None:
    ana = a_user("ana")
    for times in range(21):
        a_post(by=ana, text=f"Number {times} at the pier.")
    page = window()
    page.goto(f"/@{ana.username}/")
    page.route("**/*cursor=*", lambda route: route.fulfill(status=404, body=""))
    page.locator(".post").last.scroll_into_view_if_needed()
    expect(page.locator("#toasts .toast-error")).to_have_count(1)
    expect(page.get_by_role("link", name="Show more")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit(window: Windows, scheme: str, width: int) -> None:
    ana, tag = a_user("ana"), f"sea_smoke_over_the_harbour_before_sunrise_{next_id()}"
    for times in range(1, 24):
        post = a_liked_post(by=ana, times=1 + times // 9, text=f"Number {times} at the pier. #{tag}")
        tags_enter(post_id=post.id)
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900})
    for address in (f"/@{ana.username}/?tab=top", f"/tags/{tag}/?order=top", f"/tags/{tag}/"):
        page.goto(address)
        expect(page.locator(".post").first).to_be_visible()
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0
        page.locator(".post").last.scroll_into_view_if_needed()
        expect(page.locator(".post")).to_have_count(23)
