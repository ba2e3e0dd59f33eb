"""Following and leaving: what it costs, what it answers, and that doing it twice is doing it once."""

from itertools import pairwise

import pytest

from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered
from config.entities import Page, UserId
from config.ids import next_id
from graph import repository
from graph.entities import Counts, Edge, FollowState, Relationship
from graph.errors import AccountGone, FollowSelf
from graph.selectors import (
    counts,
    counts_by_ids,
    followees_among,
    followers_page,
    is_following,
    relationships,
)
from graph.services import follow_create, follow_delete
from tests.accounts.factory import a_user
from tests.graph.factory import a_stranger, follows, id_of

pytestmark = pytest.mark.django_db


def test_a_follow_is_one_request_of_ten_write_units_and_so_is_leaving() -> None:
    ana, bob = id_of(a_user("ana")), id_of(a_user("bob"))
    for first_time in (True, False):
        with assert_dynamodb_calls(1), metered() as calls:
            assert follow_create(follower_id=ana, followee_id=bob) is FollowState.FOLLOWING
        assert [call.write_units for call in calls] == [10], first_time
        with assert_dynamodb_calls(1), metered() as calls:
            follow_delete(follower_id=ana, followee_id=bob)
        assert [call.write_units for call in calls] == [10], first_time


def test_a_follow_counts_on_both_sides_and_goes_one_way() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    assert is_following(id_of(ana), id_of(bob))
    assert not is_following(id_of(bob), id_of(ana))
    both = counts_by_ids([id_of(ana), id_of(bob)])
    assert both == {id_of(ana): Counts(0, 1), id_of(bob): Counts(1, 0)}


def test_repeating_a_follow_or_an_unfollow_changes_nothing_and_has_the_same_answer() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    assert follows(ana, bob) is follows(ana, bob) is FollowState.FOLLOWING
    assert counts(id_of(bob)) == Counts(1, 0)
    for _ in range(2):
        follow_delete(follower_id=id_of(ana), followee_id=id_of(bob))
        assert counts(id_of(bob)) == counts(id_of(ana)) == Counts(0, 0)
    assert not is_following(id_of(ana), id_of(bob))


def test_a_repeated_follow_keeps_the_first_time() -> None:
    ana, bob = a_stranger(), a_stranger()
    first, second = Edge(ana, bob, next_id()), Edge(ana, bob, next_id())
    assert repository.edge_put(first)
    assert not repository.edge_put(second)
    assert followers_page(bob, limit=5) == Page([first])


def test_who_cannot_be_followed() -> None:
    ana, gone = a_user("ana"), a_user("gone")
    gone.is_active = False
    gone.save()
    with pytest.raises(FollowSelf):
        follows(ana, ana)
    with pytest.raises(AccountGone):
        follows(ana, gone)
    for nobody in (a_stranger(), UserId(1)):
        with pytest.raises(AccountGone):
            follow_create(follower_id=id_of(ana), followee_id=nobody)


def test_one_may_leave_who_is_gone() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    bob.is_active = False
    bob.save()
    follow_delete(follower_id=id_of(ana), followee_id=id_of(bob))
    assert counts(id_of(ana)) == Counts(0, 0)


def test_is_following_is_one_strong_read() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    with assert_dynamodb_calls(1), assert_units(read=1, write=0):
        assert is_following(id_of(ana), id_of(bob))


def test_followees_among_is_one_batch() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    follows(ana, bob)
    with assert_dynamodb_calls(1):
        assert followees_among(id_of(ana), [id_of(bob), id_of(eve), id_of(bob)]) == {id_of(bob)}
    with assert_dynamodb_calls(0):
        assert followees_among(id_of(ana), []) == set()


def test_relationships_tell_each_direction() -> None:
    ana, bob, eve, private = a_user("ana"), a_user("bob"), a_user("eve"), a_user("private", is_private=True)
    follows(ana, bob)
    follows(eve, ana)
    follows(ana, private)
    with assert_dynamodb_calls(1):
        found = relationships(id_of(ana), map(id_of, (bob, eve, private, ana)))
    assert found == {
        id_of(bob): Relationship(following=True),
        id_of(eve): Relationship(followed_by=True),
        id_of(private): Relationship(requested=True),
    }
    assert [row.state for row in found.values()] == ["following", "none", "requested"]


def test_counts_of_many_are_one_batch() -> None:
    people = [a_stranger() for _ in range(20)]
    for follower, followee in pairwise(people):
        repository.edge_put(Edge(follower, followee, next_id()))
    with assert_dynamodb_calls(1), assert_units(read=10):
        found = counts_by_ids(people)
    assert list(found.values()) == [Counts(0, 1), *[Counts(1, 1)] * 18, Counts(1, 0)]
    assert counts_by_ids([a_stranger()]).popitem()[1] == Counts(0, 0)
