"""Private accounts: following is asked for, and the asked one decides."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.services import profile_update
from config.dynamodb.metering import assert_dynamodb_calls, metered
from graph import people
from graph.entities import Counts, FollowState, Relationship, Side
from graph.errors import AccountGone, RequestNotFound
from graph.selectors import counts, edges_page, is_following, relationships
from graph.services import (
    follow_delete,
    follower_remove,
    request_approve,
    request_cancel,
    request_decline,
)
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return a_user("ana")


@pytest.fixture
def private() -> User:
    return a_user("private", is_private=True)


def pair(follower: User, followee: User) -> dict[str, int]:
    return {"follower_id": id_of(follower), "followee_id": id_of(followee)}


def requests_of(owner: User, side: Side) -> list[int]:
    return [person.profile.id for person in people.requests_page(id_of(owner), side).items]


def stands(viewer: User, other: User) -> Relationship:
    return relationships(id_of(viewer), [id_of(other)])[id_of(other)]


def test_following_a_private_account_asks_in_one_request_of_six_units(ana: User, private: User) -> None:
    for units in (6, 4):  # the second is refused, so that its index entries cost nothing
        with assert_dynamodb_calls(1), metered() as calls:
            assert follows(ana, private) is FollowState.REQUESTED
        assert [call.write_units for call in calls] == [units]
    assert not is_following(id_of(ana), id_of(private))
    assert counts(id_of(private)) == counts(id_of(ana)) == Counts(0, 0)
    assert stands(ana, private) == Relationship(requested=True)
    assert requests_of(private, Side.REQUEST_IN) == [ana.pk]
    assert requests_of(ana, Side.REQUEST_OUT) == [private.pk]


def test_approving_is_one_request_and_makes_the_follow(ana: User, private: User) -> None:
    follows(ana, private)
    with assert_dynamodb_calls(1), metered() as calls:
        request_approve(**pair(ana, private))
    assert [call.write_units for call in calls] == [14]
    assert stands(ana, private) == Relationship(following=True)
    assert counts(id_of(private)) == Counts(1, 0)
    assert counts(id_of(ana)) == Counts(0, 1)
    assert requests_of(private, Side.REQUEST_IN) == requests_of(ana, Side.REQUEST_OUT) == []


def test_approving_twice_has_the_same_answer(ana: User, private: User) -> None:
    follows(ana, private)
    for _ in range(2):
        request_approve(**pair(ana, private))
    assert counts(id_of(private)) == Counts(1, 0)


def test_following_again_once_approved_says_following(ana: User, private: User) -> None:
    follows(ana, private)
    request_approve(**pair(ana, private))
    assert follows(ana, private) is FollowState.FOLLOWING
    assert not stands(ana, private).requested


@pytest.mark.parametrize("act", [request_decline, request_cancel])
def test_declining_and_withdrawing_remove_both_halves(
    act: Callable[..., None], ana: User, private: User
) -> None:
    follows(ana, private)
    for _ in range(2):
        with assert_dynamodb_calls(1):
            act(**pair(ana, private))
    assert stands(ana, private) == Relationship()
    assert requests_of(private, Side.REQUEST_IN) == requests_of(ana, Side.REQUEST_OUT) == []
    with pytest.raises(RequestNotFound):
        request_approve(**pair(ana, private))
    assert counts(id_of(private)) == Counts(0, 0)


@pytest.mark.django_db(transaction=True)  # what listens to a profile's change hears of it after the commit
def test_a_request_that_nobody_made_or_whose_maker_is_gone_cannot_be_approved(
    ana: User, private: User
) -> None:
    with pytest.raises(RequestNotFound):
        request_approve(**pair(ana, private))
    follows(ana, private)
    ana.is_active = False
    ana.save()
    with pytest.raises(AccountGone):
        request_approve(**pair(ana, private))
    assert requests_of(private, Side.REQUEST_IN) == []


@pytest.mark.django_db(transaction=True)  # what listens to a profile's change hears of it after the commit
def test_a_follow_made_while_public_takes_the_requests_place_at_once(
    ana: User, private: User, settle: Callable[[], None]
) -> None:
    follows(ana, private)
    profile_update(user_id=id_of(private), is_private=False)
    with assert_dynamodb_calls(2), metered() as calls:
        assert follows(ana, private) is FollowState.FOLLOWING
    assert calls[-1].write_units == 14
    assert stands(ana, private) == Relationship(following=True, requested=False)
    assert edges_page(Side.REQUEST_IN, id_of(private)).items == []
    assert edges_page(Side.REQUEST_OUT, id_of(ana)).items == []
    assert counts(id_of(private)) == Counts(1, 0)
    # Nothing is left that could come back as a request nobody made, nor be approved by what the stream still brings.
    follow_delete(**pair(ana, private))
    profile_update(user_id=id_of(private), is_private=True)
    assert stands(ana, private) == Relationship()
    assert requests_of(private, Side.REQUEST_IN) == []
    settle()
    assert stands(ana, private) == Relationship()
    assert counts(id_of(private), consistent=True) == Counts(0, 0)


@pytest.mark.django_db(transaction=True)  # what listens to a profile's change hears of it after the commit
def test_a_quick_follow_and_unfollow_is_not_undone_by_going_public(
    ana: User, private: User, settle: Callable[[], None]
) -> None:
    follows(ana, private)
    profile_update(user_id=id_of(private), is_private=False)
    follows(ana, private)
    follow_delete(**pair(ana, private))
    settle()  # all requests are approved: there is none
    assert stands(ana, private) == Relationship()


@pytest.mark.parametrize("leave", [follow_delete, follower_remove])
def test_leaving_withdraws_a_request(leave: Callable[..., None], ana: User, private: User) -> None:
    follows(ana, private)
    leave(**pair(ana, private))
    assert stands(ana, private) == Relationship()
    assert edges_page(Side.REQUEST_IN, id_of(private)).items == []
    assert counts(id_of(private)) == counts(id_of(ana)) == Counts(0, 0)


def test_asking_whom_one_follows_changes_nothing(ana: User, private: User) -> None:
    follows(ana, private)
    request_approve(**pair(ana, private))
    for act in (request_decline, request_cancel):
        act(**pair(ana, private))
        assert stands(ana, private) == Relationship(following=True)


def test_requests_are_paged_newest_first(private: User) -> None:
    askers = [a_user(f"asker{position}") for position in range(5)]
    for asker in askers:
        follows(asker, private)
    first = people.requests_page(id_of(private), Side.REQUEST_IN, limit=3)
    rest = people.requests_page(id_of(private), Side.REQUEST_IN, limit=3, cursor=first.next_cursor)
    seen = [person.profile.id for person in (*first.items, *rest.items)]
    assert seen == [asker.pk for asker in reversed(askers)]
    assert rest.next_cursor is None
