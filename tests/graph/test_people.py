"""Lists of people as a viewer sees them: who may see them, and full pages although accounts go."""

import pytest

from accounts.models import User
from accounts.selectors import profiles_by_ids
from accounts.services import profile_update
from config.dynamodb.metering import assert_dynamodb_calls
from config.entities import UserId
from graph.entities import Side
from graph.errors import ListHidden
from graph.people import can_view_lists, people_page
from graph.services import follow_delete, request_approve
from tests.accounts.factory import a_user
from tests.graph.factory import followers_of, follows, id_of

pytestmark = pytest.mark.django_db


def sees(viewer: User | None, owner: User) -> bool:
    """Whether every list of `owner` is shown to `viewer`."""
    card = profiles_by_ids([id_of(owner)])[id_of(owner)]
    viewer_id = id_of(viewer) if viewer else None
    shown = can_view_lists(viewer_id, card)
    for side in (Side.FOLLOWER, Side.FOLLOWING):
        if shown:
            people_page(viewer_id, card, side)
            continue
        with pytest.raises(ListHidden):
            people_page(viewer_id, card, side)
    return shown


def page_of(viewer_id: UserId | None, owner: User, **options: object) -> list[UserId]:
    """The ids on a page of followers."""
    card = profiles_by_ids([id_of(owner)])[id_of(owner)]
    return [person.profile.id for person in people_page(viewer_id, card, Side.FOLLOWER, **options).items]


def test_the_lists_of_a_public_account_are_for_everybody() -> None:
    owner = a_user("owner")
    assert sees(None, owner)
    assert sees(a_user("stranger"), owner)


def test_the_lists_of_a_private_account_are_for_itself_and_its_followers() -> None:
    owner = a_user("owner", is_private=True)
    follower, asker, former, stranger = (a_user(n) for n in ("follower", "asker", "former", "stranger"))
    for person in (follower, asker, former):
        follows(person, owner)
    for person in (follower, former):
        request_approve(follower_id=id_of(person), followee_id=id_of(owner))
    follow_delete(follower_id=id_of(former), followee_id=id_of(owner))
    assert sees(owner, owner)
    assert sees(follower, owner)
    assert not any(sees(viewer, owner) for viewer in (None, asker, former, stranger))


def test_being_followed_by_a_private_account_opens_nothing() -> None:
    owner, followee = a_user("owner", is_private=True), a_user("followee")
    follows(owner, followee)
    assert not sees(followee, owner)


@pytest.mark.django_db(transaction=True)  # what listens to a profile's change hears of it after the commit
def test_going_private_hides_at_once_and_keeps_followers() -> None:
    owner, follower = a_user("owner"), a_user("follower")
    follows(follower, owner)
    profile_update(user_id=id_of(owner), is_private=True)
    assert not sees(a_user("stranger"), owner)
    assert sees(follower, owner)


@pytest.mark.django_db(transaction=True)  # cards are forgotten after the commit
def test_a_page_is_full_although_accounts_are_gone() -> None:
    owner = a_user("owner")
    newest_first = followers_of(owner, 9)
    for gone in newest_first[1:4]:
        gone.is_active = False
        gone.save()
    newest_first[6].delete()
    expected = [id_of(newest_first[position]) for position in (0, 4, 5, 7, 8)]
    assert page_of(None, owner, limit=4) == expected[:4]
    card = profiles_by_ids([id_of(owner)])[id_of(owner)]
    page = people_page(None, card, Side.FOLLOWER, limit=4)
    assert page_of(None, owner, limit=4, cursor=page.next_cursor) == expected[4:]


def test_a_page_is_two_rounds_for_a_viewer_and_one_for_anybody() -> None:
    owner, viewer = a_user("owner"), a_user("viewer")
    first, second = followers_of(owner, 2)
    follows(viewer, first)
    follows(second, viewer)
    page_of(None, owner)  # now it is known that the account is not hot
    with assert_dynamodb_calls(1):
        page_of(None, owner)
    card = profiles_by_ids([id_of(owner)])[id_of(owner)]
    with assert_dynamodb_calls(2):
        people = people_page(id_of(viewer), card, Side.FOLLOWER).items
    assert [person.relationship.following for person in people if person.relationship] == [True, False]
    assert [person.relationship.followed_by for person in people if person.relationship] == [False, True]


def test_the_viewers_own_row_has_no_relationship() -> None:
    owner, viewer = a_user("owner"), a_user("viewer")
    follows(viewer, owner)
    card = profiles_by_ids([id_of(owner)])[id_of(owner)]
    (row,) = people_page(id_of(viewer), card, Side.FOLLOWER).items
    assert row.relationship is None
