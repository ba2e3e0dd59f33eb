"""Leaving and coming back by page without script and by API."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from rest_framework.test import APIClient

from accounts import departure_services as services
from accounts.departure_models import Departure
from accounts.models import User
from accounts.services import account_switch, token_create
from tests.accounts.departing import deleted, is_due, is_here
from tests.accounts.factory import PASSWORD, a_user
from tests.graph.factory import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
on_commit = pytest.mark.django_db(transaction=True)


# --- Pages ------------------------------------------------------------------------------------------------------------
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_in(user: User) -> tuple[Client, str]:
    client = Client()
    answer = client.post("/login/", {"login": user.username, "password": PASSWORD})
    return client, answer["Location"]


def test_deactivating_by_page_and_coming_back_by_signing_in() -> None:
    ana = a_user()
    client = signed_in(ana)
    assert "Deactivate my account" in client.get("/settings/leave/").content.decode()
    assert client.post("/settings/leave/deactivate/")["Location"] == "/left/"
    assert "until you come back" in client.get("/left/").content.decode()
    assert client.get("/settings/").status_code == 302
    assert Client().get(f"/@{ana.username}/").status_code == 404
    client, to = sign_in(ana)
    assert to == "/departed/"
    assert "deactivated" in client.get("/departed/").content.decode()
    assert not is_here(ana)
    assert client.post("/departed/restore/")["Location"] == "/"
    assert client.get("/settings/").status_code == 200
    assert is_here(ana)
    assert client.get("/departed/")["Location"] == "/login/"


def test_nobody_comes_back_without_the_password() -> None:
    ana = a_user()
    services.account_deactivate(user_id=id_of(ana))
    client = Client()
    client.post("/login/", {"login": ana.username, "password": "wrong"})
    assert client.post("/departed/restore/")["Location"] == "/login/"
    assert not is_here(ana)


@on_commit
def test_deleting_by_page_asks_for_the_password_and_writes_a_mail(mailoutbox: list[EmailMessage]) -> None:
    ana = a_user()
    client = signed_in(ana)
    page = client.get("/settings/leave/delete/").content.decode()
    assert "For 30 days" in page
    assert f"Nobody can take the handle @{ana.username}" in page
    wrong = client.post("/settings/leave/delete/", {"password": "wrong"})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.content.decode()
    assert is_here(ana)
    assert client.post("/settings/leave/delete/", {"password": PASSWORD})["Location"] == "/left/"
    due_at = Departure.objects.get(pk=ana.pk).due_at
    assert due_at
    assert f"{due_at:%Y}" in client.get("/left/").content.decode()
    assert not is_here(ana)
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    assert f"{due_at:%Y}" in str(mailoutbox[0].body)
    found = re.search(r"http://testserver(/restore/\S+)", str(mailoutbox[0].body))
    assert found
    link = found.group(1)
    stranger = Client()
    assert "Come back?" in stranger.get(link).content.decode()
    assert not is_here(ana)  # mail programs look at links
    assert stranger.post(link)["Location"] == "/login/"
    assert is_here(ana)
    assert "_auth_user_id" not in stranger.session
    assert stranger.get(link).status_code == 404


def test_an_old_link_does_not_undo_a_new_departure() -> None:
    ana = a_user()
    old = services.undo_key(deleted(ana))
    services.account_restore(user_id=id_of(ana))
    new = services.undo_key(deleted(ana))
    assert Client().post(f"/restore/{old}/").status_code == 404
    assert not is_here(ana)
    assert Client().get(f"/restore/{new}/").status_code == 200
    assert Client().get(f"/restore/{new}x/").status_code == 404


def test_too_late_is_said_so() -> None:
    ana = a_user()
    link = f"/restore/{services.undo_key(deleted(ana))}/"
    is_due(ana)
    client, to = sign_in(ana)
    assert to == "/departed/"
    assert "too late" in client.get(to).content.decode()
    assert client.post("/departed/restore/").status_code == 409
    assert "too late" in Client().post(link).content.decode()
    assert not is_here(ana)


def test_who_left_may_still_get_a_new_password(mailoutbox: list[EmailMessage]) -> None:
    ana, eve = a_user(), a_user("eve")
    services.account_deactivate(user_id=id_of(ana))
    account_switch(user_id=id_of(eve), is_active=False)
    for user in (ana, eve):
        Client().post("/password/reset/", {"email": user.email})
    written = {mail.to[0]: str(mail.body) for mail in mailoutbox}
    assert "/password/reset/key/" in written[ana.email]
    assert "/password/reset/key/" not in written.get(eve.email, "")


# --- API --------------------------------------------------------------------------------------------------------------
def with_token(user: User) -> APIClient:
    _token, text = token_create(user_id=id_of(user))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def test_leaving_and_coming_back_by_the_api() -> None:
    ana = a_user()
    api = with_token(ana)
    assert api.post("/api/v1/me/delete/", {"password": "wrong"}).json()["code"] == "password_wrong"
    answer = api.post("/api/v1/me/delete/", {"password": PASSWORD})
    assert (answer.status_code, answer.json()["kind"]) == (200, "deletion")
    assert api.get("/api/v1/me/").status_code == 401
    anyone = APIClient()
    assert anyone.get(f"/api/v1/profiles/{ana.username}/").status_code == 404
    refused = anyone.post("/api/v1/tokens/", {"login": ana.username, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (403, "account_departed")
    assert refused.json()["departure"]["restore"] == "/api/v1/account/restore/"
    assert refused.json()["departure"]["due_at"]
    wrong = anyone.post("/api/v1/tokens/", {"login": ana.username, "password": "wrong"})
    assert wrong.json()["code"] == "sign_in_failed"
    bad = anyone.post("/api/v1/account/restore/", {"handle": ana.username, "password": "wrong"})
    assert bad.json()["code"] == "sign_in_failed"
    back = anyone.post("/api/v1/account/restore/", {"handle": ana.username, "password": PASSWORD})
    assert (back.status_code, back.json()["id"]) == (200, str(ana.pk))
    assert anyone.post("/api/v1/tokens/", {"login": ana.username, "password": PASSWORD}).status_code == 201


def test_deactivating_by_the_api() -> None:
    ana = a_user()
    api = with_token(ana)
    assert api.post("/api/v1/me/deactivate/").json()["due_at"] is None
    assert api.post("/api/v1/me/deactivate/").status_code == 401
    assert not is_here(ana)


def test_after_the_date_the_api_says_so() -> None:
    ana = a_user()
    deleted(ana)
    is_due(ana)
    given = {"handle": ana.username, "login": ana.username, "password": PASSWORD}
    for address in ("/api/v1/tokens/", "/api/v1/account/restore/"):
        answer = APIClient().post(address, given)
        assert (answer.status_code, answer.json()["code"]) == (409, "departure_over")
