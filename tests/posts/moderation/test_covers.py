"""What has a cover is behind it wherever it is shown, and what has none is not."""

import re
from collections.abc import Callable

import pytest

from posts.editing import post_edit
from posts.saves.services import post_save
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_comment, a_photo, a_post, with_renditions
from tests.posts.moderation.conftest import a_rule
from tests.posts.shelving import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache", "rules_only")]
COVERED = re.compile(
    r'<details class="post-warning">\s*<summary>\s*<span class="warning-words" dir="auto">([^<]*)<.*?</details>',
    re.DOTALL,
)


def covers_of(page: str, words: str) -> list[str]:
    """The words of the covers that have these words behind them; they are nowhere on the page but there."""
    assert f">{words}<" in page
    found = [match[1] for match in COVERED.finditer(page) if f">{words}<" in match[0]]
    assert not found or f">{words}<" not in COVERED.sub("", page)
    return found


@pytest.mark.parametrize("warning", ["Deep water", ""])
def test_posts_quotes_embeds_and_versions(warning: str) -> None:
    ana = a_user()
    post = a_post(by=ana, text="High tide.", warning=warning)
    post_edit(user_id=id_of(ana), post_id=post.id, version=1, text="Low tide.")
    quote = a_post(by=a_user("bob"), text="Go and see.", quote_of=post.id)
    shown = [
        (f"/p/{post.id}/", "Low tide."),
        (f"/p/{post.id}/embed/", "Low tide."),
        (f"/p/{post.id}/history/", "High tide."),
        (f"/p/{quote.id}/", "Low tide."),
        (f"/p/{quote.id}/embed/", "Low tide."),
    ]
    reader = client_of(None)
    covers = [covers_of(reader.get(address).content.decode(), words) for address, words in shown]
    assert covers == [[warning] if warning else []] * len(shown)


def test_comments(settle: Callable[[], None]) -> None:
    a_rule("pier", "covered", reason="Piers.")
    ana = a_user()
    post = a_post(by=ana, text="Low tide.")
    for text in ("The old pier.", "Lovely light."):
        a_comment(by=ana, on=post, text=text)
    settle()
    page = client_of(None).get(f"/p/{post.id}/").content.decode()
    covers = [covers_of(page, words) for words in ("The old pier.", "Lovely light.", "Low tide.")]
    assert covers == [["Piers."], [], []]


@pytest.mark.parametrize("warning", ["Deep water", ""])
def test_photos_in_grids(warning: str) -> None:
    ana = a_user()
    post = with_renditions(a_post(by=ana, photo=a_photo(320, 240), alt="A pier", warning=warning))
    post_save(user_id=id_of(ana), post_id=post.id)
    client = client_of(ana)
    for address in ("/saved/", f"/@{ana.username}/?tab=photos"):
        (image,) = re.findall(r'<img[^>]*width="320"[^>]*>', client.get(address).content.decode())
        assert f'alt="{warning or "A pier"}"' in image
        assert ('src="data:' in image) is bool(warning), "blurred behind a cover"
