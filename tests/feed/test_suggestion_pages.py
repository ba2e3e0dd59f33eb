"""Suggestions as a browser gets them, with htmx and without, and by the API."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import profile_update
from config import cache
from config.dynamodb.metering import metered
from feed.selectors import home_page
from feed.suggestion_refresh import suggestions_refresh
from graph import begun
from graph.selectors import is_following
from graph.suggestion_entities import Candidate, Source
from tests.feed.factory import a_person, posted
from tests.feed.test_pages import HTMX, browser_of, text_of
from tests.graph.factory import a_stranger, follows, id_of

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]


@pytest.fixture(autouse=True)
def nobody_is_popular(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.suggestions.popular_candidates", list)


def a_pair() -> tuple[User, User]:
    """The reader, and eve, whom Ana follows, whom the reader follows."""
    reader, ana, eve = (a_person(name) for name in ("reader", "ana", "eve"))
    profile_update(user_id=id_of(ana), name="Ana <b>")
    follows(reader, ana)
    follows(ana, eve)
    return reader, eve


def test_the_page_has_everybody_with_a_reason_and_both_buttons() -> None:
    reader, eve = a_pair()
    page = browser_of(reader).get("/suggestions/")
    assert "<html" in text_of(page)
    assert "Followed by ana_" in text_of(page) or "Followed by Ana &lt;b&gt;" in text_of(page)
    assert "<b>" not in text_of(page)
    for action in (f"/follows/{eve.pk}/", f"/suggestions/{eve.pk}/dismiss/"):
        assert f'action="{action}"' in text_of(page)
        assert f'hx-post="{action}"' in text_of(page)
    assert "no-store" in page["Cache-Control"]


def test_a_topic_is_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, star = a_person("reader"), a_person("star")
    of_herons = [Candidate(id_of(star), Source.TOPIC, topic="heron")]
    monkeypatch.setattr("feed.suggestions.popular_candidates", lambda: of_herons)
    page = browser_of(reader).get("/suggestions/")
    assert 'href="/tags/heron/"' in text_of(page)
    assert "Popular in #heron" in text_of(page)


def test_who_is_signed_out_is_asked_to_sign_in() -> None:
    assert Client().get("/suggestions/")["Location"].startswith("/login/")
    assert Client().get("/home/suggestions/", headers=HTMX).status_code == 204
    assert Client().post("/suggestions/5/dismiss/").status_code == 302
    assert APIClient().get("/api/v1/suggestions/").status_code == 401


def test_an_empty_page_says_why() -> None:
    page = browser_of(a_person("reader")).get("/suggestions/")
    assert "Nobody to suggest for now" in text_of(page)
    box = browser_of(a_person("reader")).get("/home/suggestions/", headers=HTMX)
    assert "Nobody to suggest for now" in text_of(box)


def test_a_dismissal_in_place_offers_undo_and_brings_the_row_back() -> None:
    reader, eve = a_pair()
    browser = browser_of(reader)
    browser.get("/suggestions/")
    row = browser.post(f"/suggestions/{eve.pk}/dismiss/", {"next": "/"}, headers=HTMX)
    assert text_of(row).strip().startswith("<li")
    assert f'hx-post="/suggestions/{eve.pk}/restore/"' in text_of(row)
    assert eve.username not in text_of(browser.get("/suggestions/"))
    back = browser.post(f"/suggestions/{eve.pk}/restore/", {"next": "/"}, headers=HTMX)
    assert "Followed by" in text_of(back)
    assert eve.username in text_of(browser.get("/suggestions/"))


def test_undo_says_so_where_the_list_was_made_anew_meanwhile() -> None:
    reader, eve = a_pair()
    browser = browser_of(reader)
    browser.get("/suggestions/")
    browser.post(f"/suggestions/{eve.pk}/dismiss/", headers=HTMX)
    suggestions_refresh(reader_id=id_of(reader))
    back = browser.post(f"/suggestions/{eve.pk}/restore/", headers=HTMX)
    assert "They may be suggested again" in text_of(back)


def test_the_same_without_script() -> None:
    reader, eve = a_pair()
    browser = browser_of(reader)
    page = browser.post(f"/suggestions/{eve.pk}/dismiss/", {"next": "/suggestions/"})
    assert "<html" in text_of(page)
    assert f'action="/suggestions/{eve.pk}/restore/"' in text_of(page)
    back = browser.post(f"/suggestions/{eve.pk}/restore/", {"next": "/suggestions/"})
    assert (back.status_code, back["Location"]) == (302, "/suggestions/")
    elsewhere = browser.post(f"/suggestions/{eve.pk}/restore/", {"next": "https://example.org/"})
    assert elsewhere["Location"] == "/suggestions/"
    followed = browser.post(f"/follows/{eve.pk}/", {"next": "/suggestions/"})
    assert followed["Location"] == "/suggestions/"
    assert is_following(id_of(reader), id_of(eve))
    assert f"/suggestions/{eve.pk}/" not in text_of(browser.get("/suggestions/"))


def test_nobody_is_dismissed_who_is_not_there() -> None:
    browser = browser_of(a_person("reader"))
    assert browser.post(f"/suggestions/{a_stranger()}/dismiss/").status_code == 404
    assert browser.get("/suggestions/5/dismiss/").status_code == 405


def test_home_asks_for_suggestions_later_and_has_a_link_until_then(settle: Settle) -> None:
    reader, eve = a_pair()
    for _ in range(4):
        posted(by=reader)
    settle()
    cache.delete(begun.KIND, id_of(reader))  # the follow is no news
    browser = browser_of(reader)
    for _ in range(2):  # the first read is noted with the reader, of whom nothing is kept then
        browser.get("/")
    with metered() as calls:
        home = browser.get("/")
    with metered() as alone:
        home_page(id_of(reader))
    assert len(calls) == len(alone), "the posts, and nothing for suggestions"
    assert text_of(home).count('hx-get="/home/suggestions/"') == 2, "beside and among, one of them shown"
    assert text_of(home).count('href="/suggestions/"') == 2
    assert eve.username not in text_of(home)
    box = browser.get("/home/suggestions/", headers=HTMX)
    assert "<html" not in text_of(box)
    assert eve.username in text_of(box)
    assert 'value="/suggestions/"' in text_of(box), "without script one comes back to a whole page"


def test_a_later_stretch_of_home_has_no_suggestions(settle: Settle) -> None:
    reader, _eve = a_pair()
    for number in range(23):
        posted(by=reader, text=f"word {number}")
    browser = browser_of(reader)
    more = browser.get("/").context["more_url"]
    assert "/home/suggestions/" not in text_of(browser.get(more, headers=HTMX))
    assert "/home/suggestions/" not in text_of(browser.get(more))


def test_an_empty_home_shows_them_at_once(settle: Settle) -> None:
    reader, eve = a_pair()
    home = browser_of(reader).get("/")
    assert eve.username in text_of(home)
    assert 'href="/suggestions/"' in text_of(home)
    assert 'hx-get="/home/suggestions/"' not in text_of(home)


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_the_api_says_who_and_why() -> None:
    reader, eve = a_pair()
    body = api_of(reader).get("/api/v1/suggestions/").json()
    (item,) = body["items"]
    assert body["next"] is None
    assert item["profile"]["id"] == str(eve.pk)
    assert (item["kind"], item["count"], item["topic"]) == ("followed_by", 1, "")
    assert [person["handle"].split("_")[0] for person in item["people"]] == ["ana"]
    assert item["reason"].startswith("Followed by ")
    assert item["follows_you"] is False


def test_the_api_dismisses_and_takes_it_back() -> None:
    reader, eve = a_pair()
    client, address = api_of(reader), f"/api/v1/suggestions/{eve.pk}/"
    assert len(client.get("/api/v1/suggestions/").json()["items"]) == 1
    for _ in range(2):
        assert client.delete(address).status_code == 204
    assert client.get("/api/v1/suggestions/").json()["items"] == []
    for _ in range(2):
        assert client.put(address).status_code == 204
    assert len(client.get("/api/v1/suggestions/").json()["items"]) == 1
    missing = client.delete(f"/api/v1/suggestions/{a_stranger()}/")
    assert missing.status_code == 404
    assert missing["Content-Type"].startswith("application/problem+json")
    assert client.delete(f"/api/v1/suggestions/{reader.pk}/").status_code == 422
    assert client.get("/api/v1/suggestions/?cursor=x").status_code == 422


def test_the_api_is_described() -> None:
    schema = Client().get("/api/schema/?format=json").json()["paths"]
    assert set(schema["/api/v1/suggestions/"]) == {"get"}
    assert {"delete", "put"} <= set(schema["/api/v1/suggestions/{user_id}/"])
