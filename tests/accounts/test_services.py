"""Writes: all or nothing, with the reasons by field, and heard of by other rooms."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from rest_framework.exceptions import AuthenticationFailed

from accounts import selectors
from accounts.avatars import SIZES
from accounts.errors import AccountInvalid, TooManyTokens
from accounts.models import ApiToken, Profile, User
from accounts.seen import TokenAuthentication
from accounts.services import (
    TOKENS_MAX,
    account_create,
    account_switch,
    profile_update,
    token_create,
    token_delete,
)
from accounts.signals import account_deleted, privacy_changed
from config.entities import UserId
from config.images import ImageInvalid
from tests.accounts.factory import PASSWORD, a_user
from tests.accounts.pictures import a_picture

pytestmark = pytest.mark.django_db


def test_an_account_is_a_user_a_profile_and_an_address() -> None:
    user = account_create(
        handle="@New.Bird", email=" Bird@Example.ORG ", password=PASSWORD, name=" New\n Bird "
    )
    assert (user.username, user.email) == ("new.bird", "bird@example.org")
    assert user.profile.name == "New Bird"
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).email == "bird@example.org"


def test_every_field_says_what_is_wrong_with_it() -> None:
    with pytest.raises(AccountInvalid) as refusal:
        account_create(handle="admin", email="nobody", password="12345678", name="x" * 61)
    assert set(refusal.value.data["errors"]) == {"handle", "email", "password", "name"}
    assert not User.objects.filter(email="nobody").exists()


def test_a_handle_and_an_address_are_taken_once() -> None:
    ana = a_user()
    with pytest.raises(AccountInvalid) as refusal:
        account_create(handle=ana.username.upper(), email=ana.email.upper(), password=PASSWORD)
    assert set(refusal.value.data["errors"]) == {"handle", "email"}


def test_an_id_minted_twice_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = a_user()
    twins = iter([ana.pk])
    monkeypatch.setattr(User._meta.pk, "default", lambda: next(twins, 0))
    monkeypatch.setattr(User._meta.pk, "_get_default", User._meta.pk.default)
    twin = account_create(handle="twin.of.ana", email="twin@example.org", password=PASSWORD, name="Twin")
    assert twin.pk not in (ana.pk, 0)
    assert twin.profile.name == "Twin"
    assert User.objects.get(pk=ana.pk).username == ana.username


def test_a_password_like_the_handle_is_refused() -> None:
    with pytest.raises(AccountInvalid) as refusal:
        account_create(handle="kingfisher", email="k@example.org", password="kingfisher1")
    assert list(refusal.value.data["errors"]) == ["password"]


def test_only_what_is_given_changes() -> None:
    ana = a_user(bio="Perches.")
    profile_update(user_id=UserId(ana.pk), name="Ana\tMaria")
    profile = Profile.objects.get(pk=ana.pk)
    assert (profile.name, profile.bio, profile.is_private) == ("Ana Maria", "Perches.", False)


def test_a_bio_has_its_limit_in_characters() -> None:
    ana = a_user()
    profile_update(user_id=UserId(ana.pk), bio="羽" * 280)
    with pytest.raises(AccountInvalid) as refusal:
        profile_update(user_id=UserId(ana.pk), bio="羽" * 281)
    assert list(refusal.value.data["errors"]) == ["bio"]


def test_privacy_is_told_once_and_after_the_commit(django_capture_on_commit_callbacks: object) -> None:
    ana, heard = a_user(), []

    def listener(user_id: int, is_private: bool, **_: object) -> None:
        heard.append((user_id, is_private))

    privacy_changed.connect(listener)
    with django_capture_on_commit_callbacks(execute=True):
        profile_update(user_id=UserId(ana.pk), is_private=True)
        assert heard == []
        profile_update(user_id=UserId(ana.pk), is_private=True, name="Still private")
    privacy_changed.disconnect(listener)
    assert heard == [(ana.pk, True)]


def test_an_avatar_is_three_squares_and_the_old_ones_go(django_capture_on_commit_callbacks: object) -> None:
    ana = a_user()
    with django_capture_on_commit_callbacks(execute=True):
        first = profile_update(user_id=UserId(ana.pk), avatar=a_picture(600, 400)).avatar
    for size in SIZES:
        with default_storage.open(f"{first}/{size}.webp") as file:
            assert Image.open(file).size == (size, size)
    with django_capture_on_commit_callbacks(execute=True):
        second = profile_update(user_id=UserId(ana.pk), avatar=a_picture(10, 10)).avatar
    assert default_storage.exists(f"{second}/64.webp")
    assert not default_storage.exists(f"{first}/64.webp")
    with django_capture_on_commit_callbacks(execute=True):
        profile_update(user_id=UserId(ana.pk), remove_avatar=True)
    assert not default_storage.exists(f"{second}/64.webp")
    assert selectors.profile_by_handle(ana.username).avatar_url.endswith(".svg")


def test_a_bad_picture_changes_nothing() -> None:
    ana = a_user()
    with pytest.raises(ImageInvalid):
        profile_update(user_id=UserId(ana.pk), name="Other", avatar=a_picture(kind="BMP"))
    assert Profile.objects.get(pk=ana.pk).name == "Ana"


def test_a_deleted_account_is_told(django_capture_on_commit_callbacks: object) -> None:
    ana, heard = a_user(), []

    def listener(user_id: int, **_: object) -> None:
        heard.append(user_id)

    account_deleted.connect(listener)
    user_id = ana.pk
    with django_capture_on_commit_callbacks(execute=True):
        ana.delete()
    account_deleted.disconnect(listener)
    assert heard == [user_id]


def test_a_token_is_kept_as_a_digest_and_ends() -> None:
    ana = a_user()
    token, text = token_create(user_id=UserId(ana.pk), label="Backup", lifetime=timedelta(days=2))
    assert text.startswith("roost_")
    assert text not in (token.digest, token.token_key)
    assert timedelta(days=1) < token.expiry - timezone.now() < timedelta(days=3)
    user, _ = TokenAuthentication().authenticate_credentials(text.encode())
    assert user == ana
    token_delete(user_id=UserId(a_user("bob").pk), public_id=token.public_id)  # not theirs: stays
    token_delete(user_id=UserId(ana.pk), public_id=token.public_id)
    token_delete(user_id=UserId(ana.pk), public_id=token.public_id)
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate_credentials(text.encode())


def test_a_request_with_a_token_reads_that_token_alone(django_assert_num_queries) -> None:
    ana = UserId(a_user().pk)
    texts = [token_create(user_id=ana)[1] for _ in range(3)]
    with django_assert_num_queries(1):
        TokenAuthentication().authenticate_credentials(texts[0].encode())
    ApiToken.objects.filter(user_id=ana).update(expiry=timezone.now())
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate_credentials(texts[0].encode())
    assert not ApiToken.objects.filter(user_id=ana).exists(), "one that has ended goes, and others like it"


def test_tokens_are_bounded_and_ended_ones_make_room() -> None:
    ana = UserId(a_user().pk)
    for _ in range(TOKENS_MAX):
        token_create(user_id=ana)
    with pytest.raises(TooManyTokens):
        token_create(user_id=ana)
    ApiToken.objects.filter(user_id=ana).update(expiry=timezone.now())
    token_create(user_id=ana)


def test_a_switched_off_account_loses_its_tokens_and_comes_back() -> None:
    ana = a_user()
    token_create(user_id=UserId(ana.pk))
    account_switch(user_id=UserId(ana.pk), is_active=False)
    assert not ApiToken.objects.filter(user=ana).exists()
    assert not selectors.profiles_by_ids([UserId(ana.pk)])[UserId(ana.pk)].is_active
    account_switch(user_id=UserId(ana.pk), is_active=True)
    assert selectors.profile_by_handle(ana.username).id == ana.pk


def test_going_public_again_is_told_again_for_a_listener_that_failed(
    django_capture_on_commit_callbacks: object,
) -> None:
    ana, heard = a_user(is_private=True), []

    def listener(user_id: int, is_private: bool, **_: object) -> None:
        heard.append((user_id, is_private))

    privacy_changed.connect(listener)
    with django_capture_on_commit_callbacks(execute=True):
        profile_update(user_id=UserId(ana.pk), is_private=False)
        profile_update(user_id=UserId(ana.pk), is_private=False)
        profile_update(user_id=UserId(ana.pk), name="Ana")
    privacy_changed.disconnect(listener)
    assert heard == [(ana.pk, False)] * 2
