"""From a post with a link to its card: fetched once by a worker, never by who reads."""

import socket
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from config import cache
from config.dynamodb import delete_item
from config.dynamodb.metering import metered
from config.metrics import LINK_PREVIEWS
from posts.entities import Post
from posts.previews import repository, services
from posts.previews.entities import Preview
from posts.previews.guard import AddressGuard
from posts.previews.http import Fetcher
from posts.previews.selectors import PREVIEWS, preview_cards
from posts.repository import keys
from posts.selectors import post_cards
from posts.tables import POSTS
from posts.text.parse import first_link
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post
from tests.posts.previews.servers import Answer, Stranger, a_stranger, answering, page

pytestmark = pytest.mark.django_db
_numbers = iter(range(1_000_000))


@pytest.fixture(autouse=True)
def previews_on(settings: Any, tmp_path: Path, empty_cache: None) -> None:
    settings.LINK_PREVIEWS = True
    settings.MEDIA_ROOT = tmp_path


def fetcher_to(server: Stranger) -> Fetcher:
    guard = AddressGuard(resolve=lambda _host: ["127.0.0.1"], also={"127.0.0.1"}, ports={server.port})
    return Fetcher(guard, seconds=20)


def a_post_linking(server: Stranger, path: str = "") -> Post:
    path = path or f"/{next(_numbers)}-{server.port}"
    return a_post(by=a_user(), text=f"Look: http://stranger.org:{server.port}{path} and https://other.org/x")


def site(picture: bytes, kind: str = "image/jpeg") -> Answer:
    html = page(
        "<title>Tide tables</title><meta property=og:description content='When <b>it</b> comes'>"
        "<meta property=og:site_name content=Tides><meta property=og:image content=/t.jpg>"
    )

    def answer(connection: socket.socket, path: str) -> None:
        (answering(picture, f"Content-Type: {kind}") if path == "/t.jpg" else html)(connection, path)

    return answer


def card_of(post: Post) -> Any:
    return post_cards(None, [post])[0].preview


def test_a_link_becomes_a_card_with_a_picture_of_our_own(client: Client) -> None:
    with a_stranger(site(a_photo(1600, 800).read())) as server:
        post = a_post_linking(server)
        assert card_of(post) is None  # and the cache knows that there is none
        preview = services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
        assert preview is not None
        assert [line.split(" ")[1] for line in server.asked][1] == "/t.jpg"
        card = card_of(post)
    assert (card.title, card.description, card.site) == ("Tide tables", "When <b>it</b> comes", "Tides")
    assert card.url == first_link(post.shown_facets)
    assert (card.picture_width, card.picture_height) == (640, 320)
    served = client.get(card.picture_url)
    stored = Image.open(BytesIO(b"".join(served.streaming_content)))
    assert (stored.format, stored.size) == ("WEBP", (640, 320))
    assert not stored.getexif()
    html = client.get(f"/p/{post.id}/").content.decode()
    assert "Tide tables" in html
    assert "When &lt;b&gt;it&lt;/b&gt; comes" in html
    assert client.get(f"/api/v1/posts/{post.id}/").json()["preview"]["title"] == "Tide tables"


def test_one_link_is_fetched_once_for_all_posts() -> None:
    with a_stranger(page("<title>Once</title>")) as server:
        first, second = a_post_linking(server, "/same"), a_post_linking(server, "/same")
        for post in (first, second, first):
            services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
        assert len(server.asked) == 1
        assert card_of(first).title == card_of(second).title == "Once"


def test_a_failure_is_remembered_counted_and_not_shown() -> None:
    before = LINK_PREVIEWS.labels("bad_status")._value.get()
    with a_stranger(answering(b"", status="404 Gone")) as server:
        post = a_post_linking(server)
        for _again in range(2):
            preview = services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
        assert len(server.asked) == 1
    assert preview is not None
    assert preview.outcome == "bad_status"
    assert card_of(post) is None
    assert LINK_PREVIEWS.labels("bad_status")._value.get() == before + 1


def test_the_guard_of_production_refuses_this_machine() -> None:
    with a_stranger(page("<title>secret</title>")) as server:
        post = a_post(by=a_user(), text=f"https://localtest.example.org:{server.port}/{next(_numbers)}")
        preview = services.preview_fetch(post_id=post.id)
        assert server.asked == []
    assert preview is not None
    assert preview.outcome == "address_refused"


@pytest.mark.parametrize("picture", [b"<svg onload=x>", b"\xff\xd8\xff broken", a_photo(20, 20).read(), b""])
def test_a_page_keeps_its_card_without_a_picture_that_is_none(picture: bytes) -> None:
    with a_stranger(site(picture)) as server:
        post = a_post_linking(server)
        services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
    card = card_of(post)
    assert (card.title, card.picture_url) == ("Tide tables", "")


def test_a_picture_of_another_type_is_not_taken() -> None:
    with a_stranger(site(a_photo().read(), kind="image/svg+xml")) as server:
        post = a_post_linking(server)
        services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
    assert card_of(post).picture_url == ""


def test_nothing_is_fetched_for_a_deleted_post_without_links_or_when_switched_off(settings: Any) -> None:
    with a_stranger(page("<title>x</title>")) as server:
        fetcher = fetcher_to(server)
        assert services.preview_fetch(post_id=a_post(by=a_user(), text="no link").id, fetcher=fetcher) is None
        settings.LINK_PREVIEWS = False
        assert services.preview_fetch(post_id=a_post_linking(server).id, fetcher=fetcher) is None
        assert server.asked == []


def test_reading_costs_one_batch_and_then_none() -> None:
    urls = [f"https://example.org/{next(_numbers)}" for _ in range(20)]
    with metered() as calls:
        assert preview_cards(urls, awaited=urls) == {}
    assert [call.operation for call in calls] == ["batch_get_item"]
    with metered() as calls:
        assert preview_cards(urls) == {}
    assert calls == []


def test_the_stream_brings_it_and_its_end_takes_the_picture(
    settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_stranger(site(a_photo(800, 600).read())) as server:
        monkeypatch.setattr(services.preview_fetch, "__kwdefaults__", {"fetcher": fetcher_to(server)})
        post = a_post_linking(server)
        settle()
    preview = repository.get_preview(first_link(post.shown_facets) or "")
    assert preview is not None
    assert preview.picture is not None
    assert default_storage.exists(preview.picture.name)
    delete_item(POSTS, keys.preview(preview.url))
    settle()
    assert not default_storage.exists(preview.picture.name)


def forgotten(url: str) -> None:
    """As when the cache's time is up, and that of the claim of the last fetch."""
    PREVIEWS.forget(repository.digest_of(url))
    cache.delete(services.CLAIM, repository.digest_of(url))


def aged(preview: Preview, *, days: int) -> None:
    """As if it had been fetched so many days ago."""
    repository.put_preview(replace(preview, fetched_at_ms=preview.fetched_at_ms - days * 86_400_000))
    forgotten(preview.url)


def test_a_failure_is_tried_again_after_a_day() -> None:
    with a_stranger(answering(b"", status="404 Gone")) as server:
        post = a_post_linking(server)
        preview = services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
        assert preview is not None
        aged(preview, days=2)
        services.preview_fetch(post_id=post.id, fetcher=fetcher_to(server))
        assert len(server.asked) == 2


def test_an_old_preview_and_one_that_is_gone_are_fetched_once_more_when_somebody_looks(
    settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([page(f"<title>{title}</title>") for title in ("Then", "Now", "Back")])

    def answer(connection: socket.socket, path: str) -> None:
        next(answers)(connection, path)

    with a_stranger(answer) as server:
        for fetch in (services.preview_fetch, services.link_fetch):
            monkeypatch.setattr(fetch, "__kwdefaults__", {"fetcher": fetcher_to(server)})
        post = a_post_linking(server)
        settle()
        preview = repository.get_preview(first_link(post.shown_facets) or "")
        assert preview is not None

        aged(preview, days=89)
        assert card_of(post).title == "Then"
        settle()
        assert len(server.asked) == 1  # fresh

        aged(preview, days=91)
        for _look in range(3):
            assert card_of(post).title == "Then"
            forgotten(preview.url)
        settle()
        assert (card_of(post).title, len(server.asked)) == ("Now", 2)

        delete_item(POSTS, keys.preview(preview.url))
        forgotten(preview.url)
        assert card_of(post) is None  # so young a post has its own fetch
        settle()
        assert len(server.asked) == 2
        forgotten(preview.url)
        assert preview_cards([preview.url]) == {}
        settle()
        assert (card_of(post).title, len(server.asked)) == ("Back", 3)


def test_where_previews_are_switched_off_looking_asks_for_none(settings: Any) -> None:
    settings.LINK_PREVIEWS = False
    with metered() as calls:
        assert preview_cards([f"https://example.org/{next(_numbers)}"]) == {}
    assert [call.operation for call in calls] == ["batch_get_item"]
