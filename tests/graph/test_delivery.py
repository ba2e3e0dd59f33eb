"""The mark on an in-edge: told to fan-outs, of one edge and no other, and left behind by the archive."""

from typing import Any

import pytest

from accounts.models import User
from config.dynamodb.metering import metered
from config.entities import UserId
from graph import heat_repository
from graph.delivery import edge_delivery_set, edge_is_pulled, edges_delivery_set, follow_of, follows_of
from graph.entities import Edge, Heat
from graph.selectors import followers_to_deliver
from graph.services import follow_delete
from tests.accounts.factory import a_user
from tests.graph.archiving import archived, returned
from tests.graph.factory import follows, id_of

pytestmark = pytest.mark.django_db


def edge_of(follower: User, followee: User) -> Edge:
    edge = follow_of(id_of(follower), id_of(followee))
    assert edge is not None
    return edge


def pulled_followers_of(followee: User) -> set[UserId]:
    edges, _end = followers_to_deliver(id_of(followee), limit=2)
    return {edge.follower_id for edge in edges if edge.is_pulled}


def test_a_fan_out_is_told_who_is_not_pushed_to_for_one_unit_a_change() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    follows(bob, ana)
    follows(eve, ana)
    for pulled, expected in ((True, {id_of(bob)}), (True, {id_of(bob)}), (False, set()), (False, set())):
        with metered() as calls:
            assert edge_delivery_set(edge_of(bob, ana), pulled=pulled)
        assert sum(call.write_units for call in calls) == 1
        assert edge_is_pulled(edge_of(bob, ana)) is pulled
        assert pulled_followers_of(ana) == expected


def test_a_mark_is_of_one_edge_and_never_of_the_next_one() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(bob, ana)
    first = edge_of(bob, ana)
    assert edge_delivery_set(first, pulled=True)
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    assert not edge_delivery_set(first, pulled=True)
    follows(bob, ana)
    assert not edge_delivery_set(first, pulled=True)
    assert not edge_is_pulled(first)
    assert pulled_followers_of(ana) == set()


def test_many_edges_are_marked_wherever_their_other_halves_lie() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    follows(eve, ana)
    assert heat_repository.heat_put(id_of(bob), Heat(shards=8, write_shards=8, version=1))
    follows(eve, bob)
    edges_delivery_set(follows_of(id_of(eve)), pulled=True)
    assert pulled_followers_of(ana) == pulled_followers_of(bob) == {id_of(eve)}


@pytest.mark.django_db(transaction=True)
def test_the_archive_leaves_the_mark_behind(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0
    ana, bob = a_user("ana"), a_user("bob")
    follows(bob, ana)
    assert edge_delivery_set(edge_of(bob, ana), pulled=True)
    archived(ana)
    assert not edge_delivery_set(edge_of(bob, ana), pulled=False)
    returned(ana)
    assert pulled_followers_of(ana) == set()
