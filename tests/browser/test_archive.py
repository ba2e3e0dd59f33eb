"""A list that is being fetched from the archive: it says so, and is there by itself, or after a look again."""

import pytest
from playwright.sync_api import expect

from accounts.selectors import profile_by_handle
from graph.archive_return import INLINE
from graph.bulk import followers_make
from graph.services import follow_create
from tests.accounts.factory import a_user
from tests.browser.conftest import Windows, sign_up
from tests.graph.archiving import archived
from tests.graph.factory import id_of
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_list_comes_from_the_archive(window: Windows, stack: Stack, settings, script: bool):
    settings.ARCHIVE_GRACE_SECONDS = 0
    dan, fan = a_user("dan"), a_user("fan")
    followers_make(
        followee_id=id_of(dan),
        followee_handle=dan.username,
        number=INLINE + 200,
        progress=lambda _done, _of: None,
        own_counters=False,
    )
    follow_create(follower_id=id_of(fan), followee_id=profile_by_handle(dan.username).id)
    archived(dan)
    stack.kill("worker")
    viewer = window(java_script_enabled=script)
    sign_up(viewer, f"viewer_{'s' if script else 'p'}")
    viewer.goto(f"/@{dan.username}/followers/")
    expect(viewer.get_by_role("status").filter(has_text="being fetched from the archive")).to_be_visible()
    expect(viewer.get_by_role("progressbar")).to_be_visible()
    expect(viewer.get_by_text("1,201 followers")).to_be_visible()
    assert not viewer.get_by_text(f"@{fan.username}").count()
    stack.restart("worker")
    if script:
        expect(viewer.get_by_text(f"@{fan.username}").first).to_be_visible()
    else:
        row = viewer.get_by_text(f"@{fan.username}").first
        for _ in range(240):
            if row.count():
                break
            viewer.get_by_role("link", name="Look again").click()
            viewer.wait_for_timeout(500)
        expect(row).to_be_visible()
    expect(viewer.get_by_text("from the archive")).to_have_count(0)
