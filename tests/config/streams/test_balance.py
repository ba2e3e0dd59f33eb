"""Shares of the shards, decided on plain values."""

from config.streams.balance import Candidate, candidate_of, lease_to_ask, leases_to_take
from config.streams.leases import NOBODY, Lease


def a_lease(name: str, owner: str = NOBODY, wanted_by: str = NOBODY) -> Lease:
    return Lease("g#t", name, name, "arn", owner, 1, 1, "TRIM_HORIZON", wanted_by, 0, 0)


def owned(owner: str, count: int) -> list[Candidate]:
    return [Candidate(a_lease(f"{owner}{n}", owner), owner) for n in range(count)]


def free(count: int) -> list[Candidate]:
    return [Candidate(a_lease(f"free{n}"), NOBODY) for n in range(count)]


def test_alone_it_takes_everything() -> None:
    assert len(leases_to_take(free(5), "me")) == 5


def test_with_others_it_takes_its_share_rounded_up() -> None:
    assert len(leases_to_take(owned("b", 2) + free(3), "me")) == 3
    assert len(leases_to_take(owned("b", 4) + free(1), "me")) == 1
    assert len(leases_to_take(owned("me", 2) + owned("b", 1) + free(1), "me")) == 0


def test_every_free_lease_is_within_somebody_s_share() -> None:
    candidates = owned("me", 1) + owned("b", 2) + owned("c", 2) + free(2)
    taken = sum(len(leases_to_take(candidates, name)) for name in ("me", "b", "c"))
    assert taken >= 2


def test_it_asks_the_busiest_for_one_when_it_has_two_fewer() -> None:
    asked = lease_to_ask(owned("b", 3) + owned("c", 1), "me")
    assert asked is not None
    assert asked.owner == "b"
    assert lease_to_ask(owned("b", 1), "me") is None
    assert lease_to_ask(owned("me", 1) + owned("b", 2), "me") is None


def test_it_asks_for_no_second_one_while_it_waits_and_for_none_that_another_wants() -> None:
    waiting = [Candidate(a_lease("x", "b", wanted_by="me"), "b"), *owned("b", 3)]
    assert lease_to_ask(waiting, "me") is None
    contested = [Candidate(a_lease("x", "b", wanted_by="c"), "b"), *owned("b", 1)]
    asked = lease_to_ask(contested, "me")
    assert asked is not None
    assert asked.sk == "b0"


def test_a_released_lease_is_left_to_who_asked_unless_it_never_comes() -> None:
    released = a_lease("x", wanted_by="b")
    awaited = candidate_of(released, owner_lives=True)
    assert leases_to_take([awaited, *owned("me", 2)], "me") == []
    assert leases_to_take([awaited], "b") == [released]
    given_up = candidate_of(released, owner_lives=False)
    assert leases_to_take([given_up, *owned("me", 2)], "me") == [released]
