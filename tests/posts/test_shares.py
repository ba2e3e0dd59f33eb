"""Shares, embeds, oEmbed and what other sites are told: only of posts that everybody may see."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from posts import departures, mark_exports
from posts.editing import post_edit
from posts.entities import Post
from posts.selectors import post_by_id
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_photo, a_post, with_renditions
from tests.posts.shelving import api_of, archive, client_of, delete

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def oembed(post: Post, **more: Any) -> Any:
    query = {"url": f"http://testserver/p/{post.id}/", **more}
    return Client().get(f"/oembed/?{urlencode(query)}")


def test_a_share_is_counted_once_a_person() -> None:
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    post = a_post(by=ana)
    for _twice in range(2):
        assert api_of(bob).put(f"/api/v1/posts/{post.id}/share/").json() == {"share_count": 1}
    assert client_of(eve).post(f"/p/{post.id}/share/", headers=HTMX).status_code == 204
    assert client_of(None).post(f"/p/{post.id}/share/").status_code == 302
    assert api_of(ana).get(f"/api/v1/posts/{post.id}/").json()["share_count"] == 2
    assert [it["post_id"] for it in mark_exports.shared(id_of(bob), None).records] == [str(post.id)]
    assert departures.shares_remove(id_of(bob), None).cursor is None
    assert post_by_id(post.id).share_count == 1
    delete(post)
    assert api_of(bob).put(f"/api/v1/posts/{post.id}/share/").status_code == 404


def test_the_sheet_has_the_link_and_for_public_posts_the_code() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    public, narrow = a_post(by=ana), a_post(by=ana, audience="followers")
    for headers, page in ((HTMX, False), ({}, True)):
        html = client_of(fan).get(f"/p/{public.id}/share/", headers=headers).content.decode()
        assert f'value="http://testserver/p/{public.id}/"' in html
        assert f"http://testserver/p/{public.id}/embed/" in html
        assert ("<html" in html) is page
    html = client_of(fan).get(f"/p/{narrow.id}/share/").content.decode()
    assert f'value="http://testserver/p/{narrow.id}/"' in html
    sheet = html.partition('class="stack share"')[2].partition("</section>")[0]
    assert sheet.count('name="csrfmiddlewaretoken"') == 1  # which the buttons send along
    assert "/embed/" not in html
    assert client_of(None).get(f"/p/{narrow.id}/share/").status_code == 404
    assert "hx-post" not in client_of(None).get(f"/p/{public.id}/share/", headers=HTMX).content.decode()


def test_only_what_everybody_sees_is_embedded() -> None:
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = a_post(by=ana, text="Low tide. <script>")
    answer = client_of(fan).get(f"/p/{post.id}/embed/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Low tide. &lt;script&gt;" in html
    assert fan.username not in html
    assert "<form" not in html
    assert "<script" not in html
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    permalink = Client().get(f"/p/{post.id}/")
    assert "frame-ancestors 'none'" in permalink["Content-Security-Policy"]
    assert permalink["X-Frame-Options"] == "DENY"
    narrow = a_post(by=ana, text="For few.", audience="followers")
    private = a_post(by=a_user("private", is_private=True), text="For few.")
    away = a_post(by=ana, text="Away.")
    archive(away)
    delete(post)
    for hidden in (narrow, private, away, post):
        for viewer in (None, fan, ana):
            answer = client_of(viewer).get(f"/p/{hidden.id}/embed/")
            assert answer.status_code == 404
            assert "isn’t available" in answer.content.decode()
            assert "For few." not in answer.content.decode()
            assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert oembed(hidden).status_code == 404


def test_oembed_speaks_of_the_frame() -> None:
    ana = a_user()
    post = a_post(by=ana, text='Say "hello".')
    body = oembed(post).json()
    assert (body["version"], body["type"], body["provider_name"], body["width"]) == (
        "1.0",
        "rich",
        "Roost",
        550,
    )
    assert body["author_url"] == f"http://testserver/@{ana.username}/"
    assert f'src="http://testserver/p/{post.id}/embed/" width="550" height="{body["height"]}"' in body["html"]
    small = oembed(post, maxwidth=300, maxheight=200, format="json").json()
    assert (small["width"], small["height"]) == (300, 200)
    assert oembed(post, format="xml").status_code == 501
    assert oembed(post, maxwidth="wide").status_code == 422
    assert Client().get("/oembed/").status_code == 422
    for url in ("http://elsewhere.example/p/1/", "http://testserver/", "javascript:alert(1)", "http://[x"):
        answer = Client().get(f"/oembed/?{urlencode({'url': url})}")
        assert (answer.status_code, answer.json()["code"]) == (404, "post_not_found"), url


def test_other_sites_are_told_of_public_posts_alone(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    ana, fan = a_user(), a_user("fan")
    follows(fan, ana)
    post = with_renditions(a_post(by=ana, text="Fog.", photo=a_photo(800, 600), alt="A pier"))
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert f'property="og:url" content="http://testserver/p/{post.id}/"' in html
    assert 'property="og:description" content="Fog."' in html
    assert f'property="og:image" content="http://testserver/media/posts/{post.id}/' in html
    assert 'type="application/json+oembed"' in html
    assert 'content="summary_large_image"' in html
    post_edit(user_id=id_of(ana), post_id=post.id, version=1, warning="Weather")
    html = Client().get(f"/p/{post.id}/").content.decode()
    assert 'property="og:description" content="Weather"' in html
    assert "og:image" not in html
    assert "/media/posts/" not in Client().get(f"/p/{post.id}/").content.decode().partition("<body")[0]
    post_edit(user_id=id_of(ana), post_id=post.id, version=2, audience="followers")
    html = client_of(fan).get(f"/p/{post.id}/").content.decode()
    assert "Fog." in html
    assert "og:" not in html
    assert "oembed" not in html
