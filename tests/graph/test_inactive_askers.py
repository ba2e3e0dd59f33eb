"""Requests of accounts that are switched off wait unseen: nobody can approve them, nobody loses them."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import account_switch, profile_update
from graph import people
from graph.approvals import approval_of, requests_approve_all
from graph.entities import FollowState, Side
from graph.errors import AccountGone
from graph.repository import state_get
from graph.services import request_approve, request_decline
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

# What listens to a profile's change hears of it after the commit.
pytestmark = pytest.mark.django_db(transaction=True)
Settle = Callable[[], None]


@pytest.fixture
def owner() -> User:
    return a_user("owner", is_private=True)


@pytest.fixture
def askers(owner: User) -> list[User]:
    """Five who ask; the second and the fourth are switched off since."""
    askers = [a_user(f"asker{position}") for position in range(5)]
    for asker in askers:
        assert follows(asker, owner) is FollowState.REQUESTED
    for asker in askers[1::2]:
        switch(asker, on=False)
    return askers


def switch(user: User, *, on: bool) -> None:
    account_switch(user_id=id_of(user), is_active=on)


def waiting(owner: User, side: Side = Side.REQUEST_IN, limit: int = 20) -> list[int]:
    """All pages, as they are shown."""
    shown: list[int] = []
    cursor = None
    while True:
        page = people.requests_page(id_of(owner), side, cursor=cursor, limit=limit)
        shown += [person.profile.id for person in page.items]
        if (cursor := page.next_cursor) is None:
            return shown


def states(askers: list[User], owner: User) -> list[str]:
    return [state_get(id_of(asker), id_of(owner)).value for asker in askers]


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_lists_skip_them_on_full_pages_and_show_them_again(
    owner: User, askers: list[User], limit: int
) -> None:
    assert waiting(owner, limit=limit) == [asker.pk for asker in askers[::-2]]
    first = people.requests_page(id_of(owner), Side.REQUEST_IN, limit=2)
    assert len(first.items) == 2, "who is skipped leaves no hole"
    for asker in askers[1::2]:
        switch(asker, on=True)
    assert waiting(owner, limit=limit) == [asker.pk for asker in askers[::-1]]


def test_pages_and_api_skip_them_too(owner: User, askers: list[User]) -> None:
    client = Client()
    client.force_login(owner)
    for shown in (
        client.get("/follows/requests/").content.decode(),
        client.get("/api/v1/follow-requests/").content.decode(),
    ):
        assert [asker.username in shown for asker in askers] == [True, False, True, False, True]


def test_approving_all_leaves_them_waiting(owner: User, askers: list[User], settle: Settle) -> None:
    requests_approve_all(owner_id=id_of(owner))
    settle()
    approval = approval_of(id_of(owner))
    assert approval is not None
    assert (approval.approved, approval.skipped, approval.done) == (3, 2, True)
    assert states(askers, owner) == ["following", "requested", "following", "requested", "following"]
    assert waiting(owner) == []
    with pytest.raises(AccountGone):
        request_approve(follower_id=id_of(askers[1]), followee_id=id_of(owner))
    switch(askers[1], on=True)
    assert waiting(owner) == [askers[1].pk]
    assert waiting(askers[1], Side.REQUEST_OUT) == [owner.pk]
    request_approve(follower_id=id_of(askers[1]), followee_id=id_of(owner))
    switch(askers[3], on=True)
    request_decline(follower_id=id_of(askers[3]), followee_id=id_of(owner))
    assert states(askers, owner) == [*["following"] * 3, "none", "following"]


def test_who_comes_back_to_an_account_that_is_public_by_now_waits_until_it_is_answered(
    owner: User, askers: list[User], settle: Settle
) -> None:
    profile_update(user_id=id_of(owner), is_private=False)
    settle()
    assert states(askers, owner) == ["following", "requested", "following", "requested", "following"]
    switch(askers[1], on=True)
    switch(askers[3], on=True)
    assert waiting(owner) == [askers[3].pk, askers[1].pk]
    assert follows(askers[1], owner) is FollowState.FOLLOWING, "as anybody may by now"
    requests_approve_all(owner_id=id_of(owner))
    settle()
    assert waiting(owner) == []
    assert states(askers, owner) == ["following"] * 5


def test_an_asked_account_that_is_switched_off_is_skipped_and_comes_back(
    owner: User, askers: list[User]
) -> None:
    switch(owner, on=False)
    assert waiting(askers[0], Side.REQUEST_OUT) == []
    switch(owner, on=True)
    assert waiting(askers[0], Side.REQUEST_OUT) == [owner.pk]
