"""What in a text leads somewhere, in the browser: a post with every kind of facet, its card, its tag's page."""

import time
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from accounts.services import profile_update
from config.entities import UserId
from posts.previews.entities import Preview, PreviewPicture
from posts.previews.repository import put_preview
from tests.accounts.factory import a_user
from tests.browser.conftest import Windows
from tests.posts.factory import a_comment, a_photo, a_post

pytestmark = pytest.mark.browser
LONG = "https://example.org/tides/2026/11/" + "a-very-long-way/" * 8
PICTURE = "previews/00/" + "0" * 32 + "/640.webp"


def a_preview(url: str, *, picture: bool) -> None:
    if picture and not default_storage.exists(PICTURE):
        data = BytesIO(a_photo(640, 320, "WEBP").read())
        default_storage.save(PICTURE, ContentFile(data.getvalue()))
    put_preview(
        Preview(
            url,
            "Tide tables for <every> pier",
            "When the water comes and when it goes, for three hundred piers, drawn by hand and kept since 1894.",
            "Tides",
            PreviewPicture(PICTURE, 640, 320) if picture else None,
            fetched_at_ms=time.time_ns() // 10**6,
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_kind_of_facet(window: Windows, scheme: str, width: int) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    profile_update(user_id=UserId(ana.pk), bio="Boats & #tides, with @bob.\nhttps://example.org/ana")
    a_preview(LONG, picture=True)
    a_preview("https://other.example.org", picture=False)
    a_post(by=ana, text=f"שלום @{bob.username}, #שקיעה_בים כאן: example.org/a (b).\nمرحبا #غروب")
    a_post(by=ana, text="https://other.example.org says it in few words. #夜景、＃ｔｉｄｅ")
    post = a_post(
        by=ana,
        text=f"Low tide with @{bob.username} and @nobody_here. #Tide #海 #море\n\nAll of it: {LONG} — "
        "mail me at ana@example.org & see <b>https://пример.рф</b>",
    )
    a_comment(by=bob, on=post, text=f"@{ana.username} #Tide! example.org")
    page = window(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(f"/p/{post.id}/")
    text = page.locator(f"#post-{post.id} .post-text")
    expect(text.locator("a")).to_have_text(
        [f"@{bob.username}", "#Tide", "#海", "#море", f"{LONG[8:55]}…", "пример.рф"]
    )
    expect(text.locator("a").nth(4)).to_have_attribute("title", LONG)
    expect(text).to_contain_text("ana@example.org & see <b>")
    card = page.locator(".link-card")
    expect(card).to_contain_text("Tide tables for <every> pier")
    assert card.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.goto(f"/@{ana.username}/")
    expect(page.locator(".profile-bio a")).to_have_text(["#tides", "@bob", "example.org/ana"])


def test_a_tag_leads_to_its_posts(window: Windows) -> None:
    ana = a_user("ana")
    tag = f"港{ana.pk}"
    post = a_post(by=ana, text=f"夜の #{tag}")
    page = window()
    page.goto(f"/p/{post.id}/")
    page.get_by_role("link", name=f"#{tag}").click()
    expect(page.get_by_role("heading", name=f"#{tag}")).to_be_visible()
    page.wait_for_function(
        "id => document.getElementById(id) || (location.reload(), false)", arg=f"post-{post.id}", polling=1000
    )
