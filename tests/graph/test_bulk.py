"""Bulk followers: the same keys, shards and counters as follows one by one; broken off, taken up, counted once."""

from io import StringIO

import pytest
from django.core.management import call_command

from config.entities import UserId
from graph import bulk, bulk_repository, heat_repository, selectors
from graph.entities import QUIET, Counts
from graph.reconcile import Drift, account_reconcile
from graph.services import follow_create
from tests.accounts.factory import a_user
from tests.graph.factory import a_stranger, id_of


def quiet_progress(_done: int, _total: int) -> None:
    """Nobody looks."""


def walked(user_id: UserId) -> list[UserId]:
    ids, cursor = [], None
    while True:
        page = selectors.followers_page(user_id, cursor=cursor, limit=100)
        ids += [edge.follower_id for edge in page.items]
        if (cursor := page.next_cursor) is None:
            return ids


def test_bulk_followers_are_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.promotion.FOLLOWERS_A_SHARD", 40)
    monkeypatch.setattr(bulk, "STRETCH", 100)
    bob = a_stranger()
    assert (
        bulk.followers_make(followee_id=bob, followee_handle="bob", number=250, progress=quiet_progress)
        == 250
    )
    assert heat_repository.heat_get(bob, consistent=True).shards == 8
    assert selectors.counts(bob) == selectors.counts(bob, consistent=True) == Counts(250, 0)
    newest_first = walked(bob)
    assert newest_first == sorted(newest_first, reverse=True)
    assert len(set(newest_first)) == 250
    some = newest_first[7]
    assert selectors.is_following(some, bob)
    assert selectors.counts(some) == Counts(0, 1)
    assert account_reconcile(user_id=bob, repair=False) == Drift(accounts=1)
    page = selectors.followers_by_handle(bob, prefix="load00001", limit=50)
    assert len(page.items) == 50
    assert [edge.follower_handle for edge in page.items[:2]] == ["load0000100", "load0000101"]


def test_what_is_broken_off_anywhere_is_ended_and_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STRETCH", 25)
    bob = a_stranger()
    transact, made = bulk_repository.transact, []

    def breaks(operations: list[object]) -> None:
        made.append(operations)
        if len(made) % 3 == 0:
            transact(operations)
        if len(made) % 3:
            raise KeyboardInterrupt  # before the stretch is counted

    def stops(_done: int, _total: int) -> None:
        raise KeyboardInterrupt  # after it is

    monkeypatch.setattr(bulk_repository, "transact", breaks)
    while True:
        try:
            bulk.followers_make(followee_id=bob, followee_handle="bob", number=100, progress=stops)
        except KeyboardInterrupt:
            if (work := bulk_repository.bulk_get(bob)) and work.done < work.total:
                continue
            break
    assert (
        bulk.followers_make(followee_id=bob, followee_handle="bob", number=7, progress=quiet_progress) == 100
    )
    assert selectors.counts(bob) == Counts(100, 0)
    assert len(set(walked(bob))) == 100
    assert account_reconcile(user_id=bob, repair=False) == Drift(accounts=1)
    assert bulk_repository.bulk_get(bob) is None
    monkeypatch.setattr(bulk_repository, "transact", transact)
    work = bulk_repository.Bulk(10, 5, 1, 1, 1)
    edges = [bulk._edge(work, 5, bob, "bob")]
    with pytest.raises(RuntimeError, match="same work"):
        bulk_repository.edges_put_bulk(edges, QUIET, work)


@pytest.mark.django_db
def test_the_commands() -> None:
    bob, out = a_user("bob"), StringIO()
    call_command("heat", "set", bob.username, shards=8, width=2, stdout=out)
    call_command("bulk_follow", followee=bob.username, followers=40, stdout=out)
    call_command("heat", "show", bob.username, stdout=out)
    call_command("heat", "list", stdout=out)
    text = out.getvalue()
    assert "40 of 40" in text
    assert "shards   8 (writes into   8)  width 2" in text
    assert text.count(f"@{bob.username}") == 4
    ana = id_of(a_user("ana"))
    follow_create(follower_id=ana, followee_id=id_of(bob))
    assert walked(id_of(bob))[0] == ana
    assert selectors.counts(id_of(bob), consistent=True) == Counts(41, 0)
