"""Leaving and coming back: by service, by page without script, by API and by staff."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import departure_services as services
from accounts import selectors
from accounts.departure_models import Departure, RetiredHandle
from accounts.departure_runs import departure_run, departures_due, departures_measure
from accounts.errors import AccountInvalid, DepartureOver, ProfileNotFound
from accounts.models import User
from accounts.services import account_create, account_switch, token_create
from config.entities import UserId
from config.metrics import DEPARTURE_OVERDUE_SECONDS, DEPARTURES
from tests.accounts.factory import PASSWORD, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
on_commit = pytest.mark.django_db(transaction=True)


def id_of(user: User) -> UserId:
    return UserId(user.pk)


def at(path: str) -> str:
    return f"http://testserver{path}"


def deleted(user: User) -> Departure:
    return services.account_delete(user_id=id_of(user), absolute=at)


def is_due(user: User) -> None:
    Departure.objects.filter(pk=user.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def is_here(user: User) -> bool:
    try:
        selectors.profile_by_handle(user.username)
    except ProfileNotFound:
        return False
    return True


def quiet(_line: str) -> None:
    """A report that nobody reads."""


# --- Services ---------------------------------------------------------------------------------------------------------
def test_who_deactivates_is_hidden_until_they_come_back() -> None:
    ana = a_user()
    token_create(user_id=id_of(ana))
    services.account_deactivate(user_id=id_of(ana))
    assert not is_here(ana)
    assert not ana.auth_token_set.exists()
    assert departures_due(due_now=True) == []
    services.account_restore(user_id=id_of(ana))
    assert is_here(ana)
    services.account_restore(user_id=id_of(ana))
    assert not Departure.objects.filter(pk=ana.pk).exists()


def test_asked_twice_the_first_date_stands() -> None:
    ana = a_user()
    first = deleted(ana)
    assert first.due_at
    assert timedelta(days=29) < first.due_at - timezone.now() <= timedelta(days=30)
    assert deleted(ana).due_at == first.due_at
    assert services.account_deactivate(user_id=id_of(ana)).kind == "deletion"


def test_after_the_date_there_is_no_way_back_though_nothing_has_begun() -> None:
    ana = a_user()
    deleted(ana)
    is_due(ana)
    with pytest.raises(DepartureOver):
        services.account_restore(user_id=id_of(ana))
    assert not is_here(ana)


def test_once_begun_there_is_no_way_back_before_the_date_either() -> None:
    ana = a_user()
    deleted(ana)
    assert not departure_run(user_id=id_of(ana), report=quiet, due_now=True, seconds=0)
    with pytest.raises(DepartureOver):
        services.account_restore(user_id=id_of(ana))
    with pytest.raises(DepartureOver):
        account_switch(user_id=id_of(ana), is_active=True)


def test_the_row_goes_and_the_handle_is_retired() -> None:
    ana = a_user()
    deleted(ana)
    assert departure_run(user_id=id_of(ana), report=quiet)  # not due: left alone
    assert User.objects.filter(pk=ana.pk).exists()
    is_due(ana)
    assert departures_due() == [ana.pk]
    assert departure_run(user_id=id_of(ana), report=quiet)
    assert not User.objects.filter(pk=ana.pk).exists()
    departure = Departure.objects.get(pk=ana.pk)
    assert (departure.state, departure.counts["accounts.user"]) == ("done", 1)
    assert RetiredHandle.has(ana.username)
    with pytest.raises(AccountInvalid) as refusal:
        account_create(handle=ana.username, email="new@example.org", password=PASSWORD)
    assert set(refusal.value.data["errors"]) == {"handle"}
    # The address is free again.
    account_create(handle="another.ana", email=ana.email, password=PASSWORD)


def test_sessions_of_who_is_gone_go_too() -> None:
    ana, bob = a_user(), a_user("bob")
    clients = [Client(), Client()]
    for client, user in zip(clients, (ana, bob), strict=True):
        client.force_login(user)
    deleted(ana)
    departure_run(user_id=id_of(ana), report=quiet, due_now=True)
    kept = [client.session.exists(client.session.session_key or "") for client in clients]
    assert kept == [False, True]


def test_metrics_say_who_waits_and_what_is_overdue() -> None:
    ana, bob = a_user(), a_user("bob")
    deleted(ana)
    services.account_deactivate(user_id=id_of(bob))
    Departure.objects.filter(pk=ana.pk).update(due_at=timezone.now() - timedelta(seconds=90))
    departures_measure()
    assert DEPARTURES.labels("waiting")._value.get() == 2
    assert 90 <= DEPARTURE_OVERDUE_SECONDS._value.get() < 1000


# --- Staff ------------------------------------------------------------------------------------------------------------
def test_what_staff_switch_off_its_owner_can_not_undo() -> None:
    ana = a_user()
    services.account_deactivate(user_id=id_of(ana))
    account_switch(user_id=id_of(ana), is_active=False)
    with pytest.raises(DepartureOver):
        services.account_restore(user_id=id_of(ana))
    page = Client().post("/login/", {"login": ana.username, "password": PASSWORD}, follow=True)
    assert "switched off" in page.content.decode()
    account_switch(user_id=id_of(ana), is_active=True)
    assert is_here(ana)
    assert not Departure.objects.filter(pk=ana.pk).exists()


def test_a_suspended_account_that_staff_delete_is_not_brought_back_by_its_owner() -> None:
    ana = a_user()
    account_switch(user_id=id_of(ana), is_active=False)
    deleted(ana)
    with pytest.raises(DepartureOver):
        services.account_restore(user_id=id_of(ana))
    assert not is_here(ana)


def test_moderators_see_who_left_and_undo_it() -> None:
    desk = Client()
    desk.force_login(User.objects.create_superuser("the.boss", "boss@example.org", PASSWORD))
    ana, bob, eve = a_user(), a_user("bob"), a_user("eve")
    deleted(ana)
    services.account_deactivate(user_id=id_of(bob))
    account_switch(user_id=id_of(eve), is_active=False)
    users = desk.get("/admin/accounts/user/").content.decode()
    assert "deleted by its owner, until" in users
    assert "deactivated by its owner" in users
    assert "suspended by staff" in users
    suspended = desk.get("/admin/accounts/user/?standing=suspended").content.decode()
    assert eve.username in suspended
    assert ana.username not in suspended
    left = desk.get("/admin/accounts/departure/").content.decode()
    assert ana.username in left
    assert eve.username not in left
    assert desk.get(f"/admin/accounts/departure/{ana.pk}/change/").status_code == 200
    desk.post("/admin/accounts/departure/", {"action": "undo", "_selected_action": [ana.pk]})
    assert is_here(ana)
    assert desk.get(f"/admin/accounts/user/{eve.pk}/delete/").status_code == 403


def test_moderators_delete_as_owners_do() -> None:
    desk = Client()
    desk.force_login(User.objects.create_superuser("the.boss", "boss@example.org", PASSWORD))
    ana = a_user()
    desk.post("/admin/accounts/user/", {"action": "delete_later", "_selected_action": [ana.pk]})
    assert Departure.objects.get(pk=ana.pk).kind == "deletion"
    assert not is_here(ana)


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
