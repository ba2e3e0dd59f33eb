"""Leaving and coming back by service, with what runs and staff do to who has left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import departure_services as services
from accounts.departure_models import Departure, RetiredHandle
from accounts.departure_runs import departure_run, departures_due, departures_measure
from accounts.errors import AccountInvalid, DepartureOver
from accounts.models import User
from accounts.services import account_create, account_switch, token_create
from config.metrics import DEPARTURE_OVERDUE_SECONDS, DEPARTURES
from tests.accounts.departing import deleted, is_due, is_here
from tests.accounts.factory import PASSWORD, a_user
from tests.graph.factory import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


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
