"""Following and leaving in a circle: noticed over all processes, and in each by itself while Redis is away."""

import time

import pytest
from django_redis import get_redis_connection

from config.ids import next_id
from config.rates import churn
from config.rates.churn import KEPT, UNDONE_TOO_MANY, UNDONE_TOO_MANY_LOCALLY, LocalChurn
from config.rates.limits import DAY


@pytest.fixture(autouse=True)
def other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in memory of what other tests did."""
    monkeypatch.setattr(churn, "_local", LocalChurn())


def circle(user_id: int, number: int) -> None:
    """Take up so many others, and drop them."""
    others = [next_id() for _ in range(number)]
    for other_id in others:
        churn.made(user_id, other_id)
    for other_id in others:
        churn.undone(user_id, other_id)


def test_one_less_than_too_many_is_nobodys_business() -> None:
    ana = next_id()
    circle(ana, UNDONE_TOO_MANY - 1)
    assert churn.standing(ana).undone == UNDONE_TOO_MANY - 1
    assert not churn.is_slowed(ana)


def test_too_many_are_slowed_for_a_day() -> None:
    ana = next_id()
    circle(ana, UNDONE_TOO_MANY)
    standing = churn.standing(ana)
    assert standing.slowed_until_ms is not None
    assert 0 <= time.time() + DAY - standing.slowed_until_ms / 1000 < 10
    assert churn.is_slowed(ana)
    assert not churn.is_slowed(next_id())


def test_other_processes_know(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = next_id()
    circle(ana, UNDONE_TOO_MANY)
    monkeypatch.setattr(churn, "_local", LocalChurn())
    assert churn.is_slowed(ana)


def test_the_same_person_again_and_again_counts_once() -> None:
    ana, bob = next_id(), next_id()
    for _ in range(UNDONE_TOO_MANY + 5):
        churn.made(ana, bob)
        churn.undone(ana, bob)
        churn.undone(ana, bob)
    assert churn.standing(ana).undone == 1


def test_leaving_people_of_before_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ana, old, others = next_id(), time.time() - DAY - 60, [next_id() for _ in range(UNDONE_TOO_MANY + 5)]
    with monkeypatch.context() as then:
        then.setattr(churn.time, "time", lambda: old)
        for other_id in others:
            churn.made(ana, other_id)
    for other_id in others:
        churn.undone(ana, other_id)
        churn.undone(ana, next_id())  # followed before anything was counted
    assert churn.standing(ana) == churn.ChurnStanding(0, None)


def test_what_is_kept_of_an_account_is_bounded_and_ends() -> None:
    ana, client = next_id(), get_redis_connection("default")
    for _ in range(KEPT + 20):
        churn.made(ana, next_id())
    assert client.zcard(churn._key("made", ana)) == KEPT
    circle(ana, UNDONE_TOO_MANY)
    for kind in ("made", "undone", "slowed"):
        assert 0 < client.ttl(churn._key(kind, ana)) <= DAY
    assert client.memory_usage(churn._key("made", ana)) < 100_000


def test_with_redis_away_a_process_notices_sooner(redis_stopped: None) -> None:
    ana, bob = next_id(), next_id()
    circle(ana, UNDONE_TOO_MANY_LOCALLY)
    circle(bob, UNDONE_TOO_MANY_LOCALLY - 1)
    assert churn.is_slowed(ana)
    assert not churn.is_slowed(bob)
    assert churn.standing(bob).undone == UNDONE_TOO_MANY_LOCALLY - 1


def test_memory_is_bounded_too() -> None:
    local = LocalChurn(pairs_max=50, accounts_max=5)
    for user_id in range(20):
        for other_id in range(40):
            local.made(user_id, other_id, 1.0)
            local.undone(user_id, other_id, 2.0)
    assert len(local._undone) == 5
    assert local.undone_count(19) == UNDONE_TOO_MANY
