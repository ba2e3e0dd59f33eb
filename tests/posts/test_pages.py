"""Pages of posts: whole without script, pieces for htmx."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import UserId
from posts.selectors import post_by_id, recent_post_ids
from posts.thread_selectors import comments_of_post
from tests.accounts.factory import a_user
from tests.posts.factory import a_comment, a_photo, a_post, likes, with_renditions

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def newest_of(user: User) -> list[int]:
    return list(recent_post_ids(UserId(user.pk), limit=10))


def test_posting_without_script_leads_to_the_post() -> None:
    ana = a_user()
    client = signed_in(ana)
    page = client.get("/posts/new/").content.decode()
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    content = {"text": "Fog over the bay.\r\nQuiet.", "audience": "followers", "key": key[1]}
    first = client.post("/posts/", {**content, "photo": a_photo(), "alt": "Fog"})
    assert first.status_code == 302
    (post_id,) = newest_of(ana)
    assert first["Location"] == f"/p/{post_id}/"
    with_renditions(post_by_id(post_id))
    html = client.get(first["Location"]).content.decode()
    assert "Fog over the bay.\nQuiet." in html
    assert 'alt="Fog"' in html
    assert 'src="data:image/webp;base64,' in html
    assert "320w" in html
    assert "style=" not in html
    again = client.post("/posts/", {**content, "photo": a_photo(), "alt": "Fog"})
    assert again["Location"] == first["Location"]
    other = client.post("/posts/", {**content, "text": "Brought back by the browser, and rewritten."})
    assert other["Location"] != first["Location"]
    assert len(newest_of(ana)) == 2


def test_htmx_gets_a_fresh_composer_and_the_card() -> None:
    ana = a_user()
    answer = signed_in(ana).post(
        "/posts/", {"text": "Hello.", "audience": "everyone", "key": "k"}, headers=HTMX
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert 'id="composer"' in html
    assert 'hx-swap-oob="afterbegin:#feed"' in html
    assert f'id="post-{newest_of(ana)[0]}"' in html
    assert 'value="k"' not in html


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": " "}, "Write something or add a photo."),
        ({"text": "я" * 4097}, "up to 4096 characters"),
        ({"text": "x", "photo": b"no photo"}, "broken or cut off"),
        ({"text": "x", "audience": "martians"}, "valid choice"),
    ],
)
def test_a_refused_post_comes_back_with_what_was_written(content: dict[str, Any], words: str) -> None:
    ana = a_user()
    if "photo" in content:
        broken = a_photo()
        broken.truncate(10)
        content = {**content, "photo": broken}
    for headers in ({}, HTMX):
        if "photo" in content:
            content["photo"].seek(0)
        answer = signed_in(ana).post("/posts/", {"audience": "everyone", **content}, headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert words in html
        assert content["text"].strip() in html
        assert ("<html" in html) is (headers == {})
    assert newest_of(ana) == []


def test_liking_by_form_and_by_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    client = signed_in(bob)
    answer = client.post(f"/p/{post.id}/like/", {"next": "/p/1/?a=b"})
    assert (answer.status_code, answer["Location"]) == (302, "/p/1/?a=b")
    assert (
        client.post(f"/p/{post.id}/unlike/", {"next": "https://elsewhere.org/"})["Location"]
        == f"/p/{post.id}/"
    )
    html = client.post(f"/p/{post.id}/like/", headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in html
    assert f'action="/p/{post.id}/unlike/"' in html
    assert '<span class="count">1</span>' in html
    assert client.get(f"/p/{post.id}/like/").status_code == 405
    assert post_by_id(post.id).like_count == 1


def test_who_is_signed_out_is_asked_to_sign_in_and_comes_back() -> None:
    post = a_post(by=a_user())
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert f"/login/?next=/p/{post.id}/" in html.replace("%2F", "/")
    assert f"/p/{post.id}/like/" not in html
    answer = Client().post(f"/p/{post.id}/like/", {"next": f"/p/{post.id}/"})
    assert answer["Location"].replace("%2F", "/") == f"/login/?next=/p/{post.id}/"


def test_commenting_by_form_and_by_htmx() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    client = signed_in(bob)
    answer = client.post(f"/p/{post.id}/comments/", {"text": "First!"})
    (first,) = comments_of_post(post.id).items
    assert answer["Location"] == f"/p/{post.id}/#comment-{first.id}"
    html = client.post(f"/p/{post.id}/comments/", {"text": "<i>Second</i>"}, headers=HTMX).content.decode()
    assert "&lt;i&gt;Second&lt;/i&gt;" in html
    assert 'hx-swap-oob="beforeend:#comments-new"' in html
    assert '<span class="count">2</span>' in html
    for headers in ({}, HTMX):
        refused = client.post(f"/p/{post.id}/comments/", {"text": " "}, headers=headers)
        assert refused.status_code == 422
        assert "Write something first." in refused.content.decode()


def test_comments_go_on_by_link_and_by_htmx() -> None:
    ana = a_user()
    post = a_post(by=ana)
    made = [str(a_comment(by=ana, on=post, text=f"Number {n}").id) for n in range(23)]
    client = signed_in(ana)
    first = client.get(f"/p/{post.id}/").content.decode()
    assert re.findall(r'id="comment-(\d+)"', first) == made[:20]
    more = re.search(r'hx-get="([^"]+)" hx-trigger="intersect', first)
    assert more
    piece = client.get(more[1], headers=HTMX).content.decode()
    assert "<html" not in piece
    assert re.findall(r'id="comment-(\d+)"', piece) == made[20:]
    assert re.findall(r'id="comment-(\d+)"', client.get(more[1]).content.decode()) == made[20:]


def test_deleting_asks_first() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana, text="Soon gone.")
    comment = a_comment(by=bob, on=post, text="Soon gone too.")
    client = signed_in(ana)
    address = f"/p/{post.id}/comments/{comment.id}/delete/"
    assert "Soon gone too." in client.get(address).content.decode()
    assert client.post(address)["Location"] == f"/p/{post.id}/"
    assert client.get(address).status_code == 404
    assert "Soon gone." in client.get(f"/p/{post.id}/delete/").content.decode()
    assert client.post(f"/p/{post.id}/delete/").status_code == 302
    assert client.get(f"/p/{post.id}/").status_code == 404


def test_a_page_with_a_warm_cache_is_three_requests_to_the_database() -> None:
    ana, bob = a_user(), a_user("bob")
    post = a_post(by=ana)
    a_comment(by=bob, on=post)
    likes(bob, post)
    client = signed_in(bob)
    post_by_id(post.id)
    with assert_dynamodb_calls(3):  # may it be seen, its comments, and whether the viewer likes it
        client.get(f"/p/{post.id}/")
