"""The graph's pages: whole without script, pieces for htmx."""

import re

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import assert_dynamodb_calls
from graph.selectors import is_following, relationships
from tests.accounts.factory import a_user
from tests.graph.factory import followers_of, follows, id_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def people_on(html: str) -> list[str]:
    """Handles of the rows, in order."""
    return re.findall(r'class="post-name" href="/@([^/]+)/"', html)


def state_of(html: str) -> str:
    """Of the first follow button."""
    found = re.search(r'data-state="(\w+)"', html)
    return found[1] if found else ""


def test_without_script_the_button_is_a_form_that_comes_back() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client, page = signed_in(ana), f"/@{bob.username}/followers/"
    assert state_of(client.get(page).content.decode()) == "none"
    answer = client.post(f"/follows/{bob.pk}/", {"next": page})
    assert (answer.status_code, answer["Location"]) == (302, page)
    html = client.get(page).content.decode()
    assert state_of(html) == "following"
    assert people_on(html) == [ana.username]
    client.post(f"/follows/{bob.pk}/delete/", {"next": page})
    html = client.get(page).content.decode()
    assert state_of(html) == "none"
    assert people_on(html) == []


def test_htmx_gets_the_button_alone_and_headers_hear_of_it() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client = signed_in(ana)
    with assert_dynamodb_calls(1):
        answer = client.post(f"/follows/{bob.pk}/", {"next": "/somewhere/"}, headers=HTMX)
    html = answer.content.decode()
    assert html.count("<form") == 1
    assert "<html" not in html
    assert state_of(html) == "following"
    assert f'action="/follows/{bob.pk}/delete/"' in html
    assert 'value="/somewhere/"' in html
    assert f"graph:changed-{bob.pk}" in answer["HX-Trigger"]
    counts = client.get(f"/follows/{bob.pk}/counts/", headers=HTMX).content.decode()
    assert "<strong>1</strong> follower<" in re.sub(r"\s+<", "<", counts)


def test_the_button_says_follow_back_to_who_is_followed() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(bob, ana)
    client = signed_in(ana)
    assert "Follow back" in client.get(f"/@{bob.username}/following/").content.decode()
    client.post(f"/follows/{bob.pk}/")
    left = client.post(f"/follows/{bob.pk}/delete/", headers=HTMX).content.decode()
    assert "Follow back" in left
    assert not is_following(id_of(ana), id_of(bob))


def test_asking_and_withdrawing_on_a_private_account() -> None:
    ana, private = a_user("ana"), a_user("private", is_private=True)
    client = signed_in(ana)
    asked = client.post(f"/follows/{private.pk}/", headers=HTMX).content.decode()
    assert state_of(asked) == "requested"
    assert f'action="/follows/{private.pk}/cancel/"' in asked
    sent = client.get("/follows/requests/sent/").content.decode()
    assert people_on(sent) == [private.username]
    withdrawn = client.post(f"/follows/{private.pk}/cancel/", headers=HTMX).content.decode()
    assert state_of(withdrawn) == "none"


def test_a_list_goes_on_by_link_and_by_htmx() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    fans = [fan.username for fan in followers_of(bob, 23)]
    client = signed_in(ana)
    first = client.get(f"/@{bob.username}/followers/").content.decode()
    assert people_on(first) == fans[:20]
    more = re.search(r'hx-get="([^"]+)"[^>]*hx-trigger="intersect', first)
    assert more
    assert f'<a class="button" href="{more[1]}"' in first
    whole = client.get(more[1]).content.decode()
    assert "<html" in whole
    assert people_on(whole) == fans[20:]
    answer = client.get(more[1], headers=HTMX)
    piece = answer.content.decode()
    assert "<html" not in piece
    assert people_on(piece) == fans[20:]
    assert "intersect" not in piece
    assert "HX-Request" in answer["Vary"]


def test_lists_of_a_public_account_are_open_to_anybody_with_a_way_to_sign_in() -> None:
    bob = a_user("bob")
    followers_of(bob, 1)
    answer = Client().get(f"/@{bob.username}/followers/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert len(people_on(html)) == 1
    assert "<form" not in html[html.index('<ul class="people">') : html.index("</ul>")]
    assert "/login/?next=" in html


def test_lists_of_a_private_account_are_locked_page_and_piece() -> None:
    private, fan, stranger = a_user("private", is_private=True), a_user("fan"), a_user("stranger")
    follows(fan, private)
    signed_in(private).post(f"/follows/requests/{fan.pk}/approve/")
    for address in (f"/@{private.username}/followers/", f"/@{private.username}/following/"):
        for client in (Client(), signed_in(stranger)):
            for headers in ({}, HTMX):
                answer = client.get(address, headers=headers)
                assert answer.status_code == 403
                assert fan.username not in answer.content.decode()
        assert signed_in(fan).get(address).status_code == 200
        assert signed_in(private).get(address).status_code == 200


def test_requests_are_approved_and_declined_in_place() -> None:
    private, ana, eve = a_user("private", is_private=True), a_user("ana"), a_user("eve")
    follows(ana, private)
    follows(eve, private)
    client = signed_in(private)
    assert people_on(client.get("/follows/requests/").content.decode()) == [eve.username, ana.username]
    approved = client.post(f"/follows/requests/{ana.pk}/approve/", headers=HTMX).content.decode()
    assert people_on(approved) == [ana.username]
    assert "Follow back" in approved
    declined = client.post(f"/follows/requests/{eve.pk}/decline/", headers=HTMX)
    assert (declined.status_code, declined.content) == (200, b"")
    assert "No requests" in client.get("/follows/requests/").content.decode()
    assert is_following(id_of(ana), id_of(private))
    assert not relationships(id_of(eve), [id_of(private)])[id_of(private)].requested


def test_requests_without_script_come_back_to_the_list() -> None:
    private, ana, eve = a_user("private", is_private=True), a_user("ana"), a_user("eve")
    follows(ana, private)
    follows(eve, private)
    client = signed_in(private)
    for address in (f"/follows/requests/{ana.pk}/approve/", f"/follows/requests/{eve.pk}/decline/"):
        answer = client.post(address)
        assert (answer.status_code, answer["Location"]) == (302, "/follows/requests/")


def test_who_is_signed_out_signs_in_first_and_comes_back_to_the_page() -> None:
    bob = a_user("bob")
    answer = Client().post(f"/follows/{bob.pk}/", {"next": f"/@{bob.username}/"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=/")
    assert Client().post(f"/follows/{bob.pk}/", headers=HTMX)["HX-Redirect"].startswith("/login/")
    assert Client().get("/follows/requests/").status_code == 302


def test_a_form_never_leads_off_the_site() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = signed_in(ana).post(f"/follows/{bob.pk}/", {"next": elsewhere})
        assert answer["Location"] == f"/@{bob.username}/"


def test_nobody_follows_by_a_link_or_without_a_token() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    assert signed_in(ana).get(f"/follows/{bob.pk}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(f"/follows/{bob.pk}/").status_code == 403
    assert not is_following(id_of(ana), id_of(bob))


def test_missing_accounts_are_not_found() -> None:
    client = signed_in(a_user("ana"))
    assert client.get("/@nobody.here/followers/").status_code == 404
    assert client.post("/follows/5/").status_code == 404
    assert client.get("/follows/5/counts/").status_code == 404
    assert client.post("/follows/5/delete/").status_code == 302
