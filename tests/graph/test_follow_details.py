"""What a follow has besides being there: refusals by name, settings, removal, and the client's own request ids."""

from collections.abc import Callable

import pytest

from config.dynamodb import Update, get_item, put_item, update_item
from config.dynamodb.metering import assert_dynamodb_calls, assert_units
from config.entities import UserId
from config.ids import next_id
from graph import repository, request_repository, selectors
from graph.counter_repository import FOLLOWING_LIMIT
from graph.entities import Counts, Edge, FollowKind, FollowSettings, FollowState
from graph.errors import AccountGone, Blocked, NotFollowing, RequestNotFound, TooManyFollowing
from graph.keys import counts_key, out_edge_key
from graph.services import (
    follow_create,
    follow_delete,
    follow_update,
    follower_remove,
    request_approve,
)
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.factory import a_stranger, follows, id_of

pytestmark = pytest.mark.django_db


def a_pair() -> dict[str, UserId]:
    return {"follower_id": id_of(a_user("ana")), "followee_id": id_of(a_user("bob"))}


def tombstone(follower_id: UserId, followee_id: UserId) -> None:
    """As a block leaves it."""
    put_item(GRAPH, out_edge_key(follower_id, followee_id) | {"blocked_by": {str(followee_id)}})


# --- refusals ---------------------------------------------------------------------------------------------------------
def test_a_tombstone_refuses_and_is_nowhere_a_follow() -> None:
    ends = a_pair()
    ana, bob = ends["follower_id"], ends["followee_id"]
    tombstone(ana, bob)
    with pytest.raises(Blocked) as refusal:
        follow_create(follower_id=ana, followee_id=bob)
    assert (refusal.value.code, refusal.value.http_status) == (AccountGone.code, AccountGone.http_status)
    assert str(refusal.value) == str(AccountGone())
    with pytest.raises(Blocked):
        request_repository.request_put(Edge(ana, bob, next_id()))
    assert not selectors.is_following(ana, bob)
    assert selectors.followees_among(ana, [bob]) == set()
    assert not selectors.relationships(ana, [bob])[bob].following
    assert not selectors.relationships(bob, [ana])[ana].followed_by
    assert list(selectors.following_ids(ana)) == []
    assert selectors.following_page(ana).items == []
    follow_delete(follower_id=ana, followee_id=bob)
    with pytest.raises(NotFollowing):
        follow_update(follower_id=ana, followee_id=bob, notify=True)
    assert get_item(GRAPH, out_edge_key(ana, bob)) is not None, "nothing but a block's end removes it"
    assert selectors.counts(ana) == selectors.counts(bob) == Counts(0, 0)


def test_approving_who_is_blocked_by_now_is_refused() -> None:
    private, ana = a_user("private", is_private=True), a_user("ana")
    follows(ana, private)
    tombstone(id_of(ana), id_of(private))
    with pytest.raises(RequestNotFound):
        request_approve(follower_id=id_of(ana), followee_id=id_of(private))


def test_one_may_follow_so_many_and_no_more_yet_repeat_and_leave() -> None:
    ends = a_pair()
    ana = ends["follower_id"]
    follow_create(**ends)
    update_item(GRAPH, counts_key(ana), Update(set={"following": FOLLOWING_LIMIT}))
    with pytest.raises(TooManyFollowing):
        follow_create(follower_id=ana, followee_id=id_of(a_user("eve")))
    assert follow_create(**ends) is FollowState.FOLLOWING
    follow_delete(**ends)
    assert follow_create(**ends) is FollowState.FOLLOWING


# --- removal and settings ---------------------------------------------------------------------------------------------
def test_a_follower_is_removed_in_one_request_and_removing_twice_is_removing_once() -> None:
    ends = a_pair()
    follow_create(**ends)
    for _ in range(2):
        with assert_dynamodb_calls(1):
            follower_remove(**ends)
        assert not selectors.is_following(**ends)
        assert selectors.counts(ends["followee_id"]) == Counts(0, 0)


def test_a_follow_has_settings_that_the_follower_chooses() -> None:
    ends = a_pair()
    with pytest.raises(NotFollowing):
        follow_update(**ends, notify=True)
    assert selectors.follow_settings(**ends) is None
    follow_create(**ends)
    assert selectors.follow_settings(**ends) == FollowSettings(notify=False, kind=FollowKind.FOLLOW)
    for units in (2, 1):  # the first time the index of those who are notified changes too
        with assert_dynamodb_calls(1), assert_units(write=units):
            follow_update(**ends, notify=True)
    follow_update(**ends, kind=FollowKind.FRIEND)
    assert selectors.follow_settings(**ends) == FollowSettings(notify=True, kind=FollowKind.FRIEND)
    follow_create(**ends)
    assert selectors.follow_settings(**ends) == FollowSettings(notify=True, kind=FollowKind.FRIEND)
    follow_delete(**ends)
    follow_create(**ends)
    assert selectors.follow_settings(**ends) == FollowSettings(), "a new follow begins anew"


# --- request ids ------------------------------------------------------------------------------------------------------
def test_a_follow_that_comes_late_and_twice_does_not_undo_leaving() -> None:
    ends = a_pair()
    assert follow_create(**ends, request_id="tap-1") is FollowState.FOLLOWING
    assert follow_create(**ends, request_id="tap-1") is FollowState.FOLLOWING
    follow_delete(**ends, request_id="tap-2")
    assert follow_create(**ends, request_id="tap-1") is FollowState.NONE
    assert selectors.counts(ends["followee_id"]) == Counts(0, 0)
    assert follow_create(**ends, request_id="tap-3") is FollowState.FOLLOWING


def test_leaving_that_comes_late_and_twice_does_not_undo_a_new_follow() -> None:
    ends = a_pair()
    follow_create(**ends)
    follow_delete(**ends, request_id="tap-1")
    follow_create(**ends)
    follow_delete(**ends, request_id="tap-1")
    assert selectors.is_following(**ends)
    assert selectors.counts(ends["followee_id"]) == Counts(1, 0)


@pytest.mark.parametrize("verb", [follow_create, follow_delete])
def test_beyond_the_tokens_time_the_condition_holds(verb: Callable[..., object]) -> None:
    # After ten minutes DynamoDB has forgotten a token, and it is as if the repeat came with another one.
    ends = a_pair()
    follow_create(**ends, request_id="long ago")
    expected = Counts(int(verb is follow_create), 0)
    for token in ("forgotten", "forgotten too"):
        verb(**ends, request_id=token)
        assert selectors.counts(ends["followee_id"]) == expected


def test_a_request_id_is_its_persons_own() -> None:
    followee, first, second = (id_of(a_user(name)) for name in ("bob", "ana", "eve"))
    for follower in (first, second):
        assert follow_create(follower_id=follower, followee_id=followee, request_id="1") == "following"
    assert selectors.counts(followee) == Counts(2, 0)


def test_a_half_that_we_never_write_is_an_error_and_not_an_answer() -> None:
    ana, bob = a_stranger(), a_stranger()
    repository.edge_put(Edge(ana, bob, next_id(), follower_handle="ana"))
    with pytest.raises(Exception, match="cancelled"):
        repository.edge_delete(ana, bob, follower_handle="not_ana")
    assert selectors.is_following(ana, bob)
