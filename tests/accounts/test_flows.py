"""Joining, signing in and out, forgotten passwords, changed addresses: as a browser without script does them."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from accounts.services import account_switch
from config.entities import UserId
from tests.accounts.factory import PASSWORD, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
NEW_PASSWORD = "another-branch-at-dawn"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.body))
    assert found
    return found.group(1)


def sign_in(client: Client, login: str, password: str = PASSWORD) -> bool:
    client.post("/login/", {"login": login, "password": password})
    return is_signed_in(client)


def test_joining_signs_in(client: Client) -> None:
    answer = client.post(
        "/signup/",
        {"name": "Wren", "username": "@Wren.New", "email": "Wren@Example.org", "password1": PASSWORD},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)
    user = User.objects.get(username="wren.new")
    assert (user.email, user.profile.name) == ("wren@example.org", "Wren")


def test_joining_says_what_is_wrong_at_each_field(client: Client) -> None:
    ana = a_user()
    answer = client.post(
        "/signup/", {"username": "Admin", "email": ana.email.upper(), "password1": "12345678"}
    )
    assert set(answer.context["form"].errors) == {"username", "email", "password1"}
    page = answer.content.decode()
    assert 'id="id_username_error"' in page
    assert 'aria-invalid="true"' in page
    assert not is_signed_in(client)


@pytest.mark.parametrize("form", ["{0}", "@{0}", " {0} ", "{0}@example.org"])
@pytest.mark.parametrize("shout", [False, True])
def test_signing_in_by_handle_or_address(client: Client, form: str, shout: bool) -> None:
    login = form.format(a_user().username)
    assert sign_in(client, login.upper() if shout else login)


def test_a_wrong_password_and_an_unknown_name_say_the_same(client: Client) -> None:
    answers = [
        client.post("/login/", {"login": login, "password": "wrong"})
        for login in (a_user().username, "nobody.here", "nobody@example.org")
    ]
    words = {str(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(words) == 1
    assert not is_signed_in(client)


def test_guessing_is_slowed_down(client: Client) -> None:
    ana = a_user()
    for _ in range(6):
        sign_in(client, ana.username, "wrong")
    assert not sign_in(client, ana.username)


def test_a_switched_off_account_can_not_sign_in(client: Client) -> None:
    ana = a_user()
    account_switch(user_id=UserId(ana.pk), is_active=False)
    answer = client.post("/login/", {"login": ana.username, "password": PASSWORD}, follow=True)
    assert "switched off" in answer.content.decode()
    assert not is_signed_in(client)


def test_signing_out_needs_a_form(client: Client) -> None:
    client.force_login(a_user())
    assert client.get("/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/logout/")["Location"] == "/"
    assert not is_signed_in(client)


def test_a_forgotten_password(client: Client, mailoutbox: list[EmailMessage]) -> None:
    ana = a_user()
    assert client.post("/password/reset/", {"email": ana.email}, follow=True).status_code == 200
    assert mailoutbox[0].to == [ana.email]
    link = link_in(mailoutbox[0])
    form = client.get(link, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD}, follow=True)
    assert "changed" in answer.content.decode()
    assert sign_in(Client(), ana.username, NEW_PASSWORD)
    assert not sign_in(Client(), ana.username)
    assert "used already" in Client().get(link, follow=True).content.decode()


def test_nobody_learns_who_has_an_account(client: Client, mailoutbox: list[EmailMessage]) -> None:
    answer = client.post("/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert "on its way" in answer.content.decode()
    assert "/password/reset/key/" not in str(mailoutbox[0].body)


def test_changing_the_password_keeps_this_session(client: Client) -> None:
    ana = a_user()
    sign_in(client, ana.username)
    refused = client.post("/settings/password/", {"oldpassword": "wrong", "password1": NEW_PASSWORD})
    assert list(refused.context["form"].errors) == ["oldpassword"]
    client.post("/settings/password/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    assert client.get("/settings/account/").status_code == 200
    assert sign_in(Client(), ana.username, NEW_PASSWORD)


def test_an_address_changes_after_the_password_and_the_link(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    ana = a_user()
    sign_in(client, ana.username)
    new = f"new.{ana.email}"
    asked = client.post("/settings/email/", {"action_add": "", "email": new})["Location"]
    assert asked.startswith("/reauthenticate/")
    assert "once more" in client.get(asked).content.decode()
    assert client.post(asked, {"password": "wrong"}).status_code == 200
    assert mailoutbox == []
    client.post(asked, {"password": PASSWORD}, follow=True)  # goes on where it was interrupted
    assert new in client.get("/settings/email/").content.decode()
    ana.refresh_from_db()
    assert ana.email != new
    link = next(link_in(mail) for mail in mailoutbox if mail.to == [new])
    client.post(link, follow=True)
    ana.refresh_from_db()
    assert ana.email == new
    assert sign_in(Client(), new)
