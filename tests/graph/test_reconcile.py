"""Counters against edges: what is broken is found and repaired, while people follow, and a broken walk goes on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from config.dynamodb import Update, put_item, update_item
from config.entities import UserId
from config.ids import next_id
from config.metrics import GRAPH_COUNT_DRIFT
from graph import repository, selectors
from graph.entities import Counts, Edge
from graph.keys import counts_key, out_edge_key
from graph.reconcile import Drift, account_reconcile, accounts_reconcile
from graph.tables import GRAPH
from graph.walks import position_delete
from tests.accounts.factory import a_user
from tests.graph.factory import a_stranger, follows, id_of
from tests.graph.test_heat import followed, made_hot


@pytest.fixture(autouse=True)
def no_walk_begun() -> Iterator[None]:
    position_delete(GRAPH)
    yield
    position_delete(GRAPH)


def broken(user_id: UserId, *, shard: int = 0, **by: int) -> None:
    update_item(GRAPH, counts_key(user_id, shard=shard), Update(add=by))


def test_what_is_right_is_left_alone() -> None:
    bob = a_stranger()
    followed(bob, 5)
    followed(bob, 5, heat=made_hot(bob, shards=4, write_shards=4))
    repository.edge_put(Edge(bob, a_stranger(), next_id()))
    put_item(GRAPH, out_edge_key(bob, a_stranger()) | {"blocked_by": {"1"}})
    assert account_reconcile(user_id=bob, repair=True) == Drift(accounts=1)
    assert selectors.counts(bob, consistent=True) == Counts(10, 1)


def test_drift_is_found_by_shard_and_repaired_once() -> None:
    bob = a_stranger()
    followed(bob, 12, heat=made_hot(bob, shards=4, write_shards=4))
    broken(bob, followers=3, following=2)
    broken(bob, shard=1, followers=-2)
    expected = Drift(followers=5, following=2, accounts=1)
    assert account_reconcile(user_id=bob, repair=False) == expected
    assert selectors.counts(bob, consistent=True) == Counts(13, 2)
    assert account_reconcile(user_id=bob, repair=True) == expected
    assert selectors.counts(bob) == selectors.counts(bob, consistent=True) == Counts(12, 0)
    assert account_reconcile(user_id=bob, repair=True) == Drift(accounts=1)


def test_counters_that_are_missing_or_of_two_regions_are_repaired_in_this_one(settings: object) -> None:
    bob = a_stranger()
    settings.REGIONS = [settings.REGION, "south-1"]  # type: ignore[attr-defined]
    followed(bob, 4)
    update_item(GRAPH, counts_key(bob, region="south-1"), Update(set={"followers": 7, "following": 0}))
    assert account_reconcile(user_id=bob, repair=True).followers == 7
    assert selectors.counts(bob) == Counts(4, 0)


def test_repairing_while_people_follow_and_leave_loses_nothing() -> None:
    bob = a_stranger()
    hot = made_hot(bob, shards=2, write_shards=2)
    followed(bob, 20, heat=hot)
    broken(bob, followers=11)
    broken(bob, shard=1, followers=-4)

    def wander(position: int) -> None:
        for step in range(25):
            edge = Edge(a_stranger(), bob, next_id(), follower_handle=f"w{position}")
            repository.edge_put(edge, heat=hot)
            if step % 2:
                repository.edge_delete(edge.follower_id, bob, follower_handle=edge.follower_handle, heat=hot)

    with ThreadPoolExecutor(4) as pool:
        walks = [pool.submit(wander, position) for position in range(4)]
        while not all(walk.done() for walk in walks):
            account_reconcile(user_id=bob, repair=True)
        assert [walk.result() for walk in walks] == [None] * 4
    account_reconcile(user_id=bob, repair=True)
    ids, _ = selectors.follower_ids_page(bob)
    assert len(ids) == 20 + 4 * 13
    assert selectors.counts(bob, consistent=True) == Counts(len(ids), 0)
    assert account_reconcile(user_id=bob, repair=False) == Drift(accounts=1)


@pytest.mark.django_db
def test_the_command_walks_all_accounts_tells_the_metric_and_ends_with_a_code() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    for follower, followee in ((ana, bob), (eve, bob), (bob, ana)):
        follows(follower, followee)
    broken(id_of(eve), following=4)
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile_counts", stdout=StringIO())
    assert ended.value.code == 1
    assert GRAPH_COUNT_DRIFT.labels("following")._value.get() == 4
    with pytest.raises(SystemExit):
        call_command("reconcile_counts", user=eve.username, stdout=StringIO())
    out = StringIO()
    call_command("reconcile_counts", repair=True, step=2, stdout=out)
    assert "3 accounts: drift repaired: 0 followers, 4 following" in out.getvalue()
    call_command("reconcile_counts", stdout=StringIO())
    assert GRAPH_COUNT_DRIFT.labels("following")._value.get() == 0
    assert selectors.counts(id_of(eve)) == Counts(0, 1)


@pytest.mark.django_db
def test_a_walk_that_is_broken_off_anywhere_goes_on_and_ends_as_an_unbroken_one() -> None:
    people = [id_of(a_user(f"p{number}")) for number in range(6)]
    seen: list[UserId] = []

    def stops(_accounts: int, last: UserId) -> None:
        seen.append(last)
        raise KeyboardInterrupt

    for person in people:
        broken(person, followers=1, following=0)
    for _ in range(6):
        with pytest.raises(KeyboardInterrupt):
            accounts_reconcile(repair=True, step=1, progress=stops)
    assert seen == people
    assert accounts_reconcile(repair=True, step=1, progress=stops) == Drift(), "that was the end of it"
    assert set(selectors.counts_by_ids(people).values()) == {Counts(0, 0)}
    with pytest.raises(KeyboardInterrupt):
        accounts_reconcile(repair=False, step=1, progress=stops)
    assert seen[-1] == people[0], "a new walk begins at the beginning"
    connections.close_all()
