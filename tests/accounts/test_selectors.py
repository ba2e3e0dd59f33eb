"""Cards: in bulk, cached, and never staler than the last change."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts import selectors
from accounts.errors import ProfileNotFound
from accounts.models import Profile
from accounts.selectors import CARDS, private_ids, profile_by_handle, profile_by_id, profiles_by_ids
from accounts.services import account_switch, profile_update
from config.cache import fill, look_up
from config.entities import UserId
from tests.accounts.factory import a_user


@pytest.mark.django_db
def test_a_handle_is_found_however_it_is_written() -> None:
    ana = a_user()
    card = profile_by_handle(f"@{ana.username.upper()}")
    assert (card.id, card.handle, card.display_name) == (ana.pk, ana.username, "Ana")


@pytest.mark.django_db
@pytest.mark.parametrize("handle", ["nobody.at.all", "", "a b", "%", "\x00", "x" * 300])
def test_nobody_is_not_found(handle: str) -> None:
    with pytest.raises(ProfileNotFound):
        profile_by_handle(handle)


@pytest.mark.django_db
def test_cards_keep_the_order_asked_and_leave_out_who_is_not() -> None:
    ana, bob = UserId(a_user().pk), UserId(a_user("bob").pk)
    assert list(profiles_by_ids([bob, UserId(7), ana, bob])) == [bob, ana]
    assert profiles_by_ids([]) == {}


@pytest.mark.django_db
def test_one_query_for_what_the_cache_lacks_then_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [UserId(a_user(name).pk) for name in ("ana", "bob", "eve")]
    with django_assert_num_queries(1):
        fresh = profiles_by_ids(people)
    with django_assert_num_queries(0):
        assert profiles_by_ids(people) == fresh


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once_through_the_cache() -> None:
    ana = UserId(a_user().pk)
    assert private_ids([ana]) == set()
    profile_update(user_id=ana, is_private=True)
    assert private_ids([ana]) == {ana}
    account_switch(user_id=ana, is_active=False)
    with pytest.raises(ProfileNotFound):
        profile_by_id(ana)


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_began_before_the_change_does_not_bring_the_old_card_back() -> None:
    ana = UserId(a_user().pk)
    (reader,) = look_up((CARDS, [ana]))
    old = selectors.card_of(Profile.objects.select_related("user").get(pk=ana))  # read, not cached yet
    profile_update(user_id=ana, is_private=True)  # committed meanwhile
    fill((reader, {ana: old}, 0))  # the late fill
    assert private_ids([ana]) == {ana}


@pytest.mark.django_db(transaction=True)
def test_a_deleted_account_leaves_no_card() -> None:
    ana = a_user()
    user_id = UserId(ana.pk)
    assert user_id in profiles_by_ids([user_id])
    ana.delete()
    assert profiles_by_ids([user_id]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Horvat", "AH"),
        ("ana", "A"),
        ("", None),
        ("由紀", "由"),
        ("🐦 Wren", "W"),
        ('<b> "x"', None),
        ("ßa", "SS"),
    ],
)
def test_who_has_no_picture_has_initials(name: str, letters: str | None) -> None:
    ana = a_user()
    profile_update(user_id=UserId(ana.pk), name=name)
    profile = Profile.objects.select_related("user").get(pk=ana.pk)
    assert selectors.avatars.initials_of(profile.name, profile.user.username) == (letters or "A")
    assert profiles_by_ids([UserId(ana.pk)]) == {ana.pk: selectors.card_of(profile)}
