"""What each condition of the cache's scripts is for: a case in which an older value would be answered without it, or one too many loads."""

import time

import pytest

from config.cache import Lookup, Tiered, fill, leases, look_up, refreshing
from config.cache.lookups import lease_left
from config.cache.waiting import wait_for
from config.errors import Unavailable
from tests.config.test_cache_away import given_up
from tests.config.test_cache_tiers import Store, elsewhere, tiered


@pytest.fixture
def store() -> Store:
    return Store()


def asked(one: Tiered[int, str]) -> Lookup[int, str]:
    (lookup,) = look_up((one, [1]))
    return lookup


def raw_of(one: Tiered[int, str]) -> bytes | None:
    (raw,) = leases.ask([one.name(1)])
    return raw


def test_of_two_who_waited_for_a_dead_loader_one_takes_over() -> None:
    """The second one has seen a token that is not there any more: it waits for the first."""
    values = tiered()
    dead, first, second = (asked(elsewhere(values)) for _process in range(3))
    for waiting in (first, second):
        wait_for([waiting], until=time.monotonic())
        lease_left([waiting])
    assert [one.missing for one in (dead, first, second)] == [[1], [1], []]
    assert list(second.awaited) == [1]
    fill((dead, {1: "late"}, 0))
    fill((first, {1: "one"}, 0))
    assert asked(elsewhere(values)).found == {1: "one"}


def test_a_version_does_not_stand_over_an_absence_that_tells_none(store: Store) -> None:
    """Deleted as version 5, of which the absence that was loaded knows nothing; version 4 is told late."""
    values = tiered(absent_seconds=60)
    store.values.clear()
    assert values.get(1, store.load) is None
    values.put({1: "four"}, {1: 4})
    assert values.get(1, store.load) is None
    assert store.asked == [[1], [1]]


def test_an_absence_that_tells_its_version_stands_over_what_is_older(store: Store) -> None:
    values = tiered(absent_seconds=60)
    values.get(1, store.load)
    values.put({1: None}, {1: 5})
    values.put({1: "four"}, {1: 4})
    assert values.get(1, store.load) is None
    values.put({1: "sixsix"}, {1: 6})
    assert values.get(1, store.load) == "sixsix"
    assert store.asked == [[1]]


def test_what_was_refused_is_not_answered_by_this_process_either(store: Store) -> None:
    values = tiered(local_seconds=60)
    reader = asked(values)
    elsewhere(values).forget(1)
    fill((reader, {1: "one"}, 0))
    assert reader.found == {}
    store.values[1] = "changed"
    assert values.get(1, store.load) == "changed"


def test_what_was_loaded_anew_too_late_is_not_held(store: Store) -> None:
    values = tiered(local_seconds=60)
    values.put({1: "old"})

    def load(keys: list[int]) -> dict[int, str]:
        elsewhere(values).put({1: "newer"})
        return store.load(keys)

    before = raw_of(values) or b""
    assert refreshing._refreshed(values, 1, before, load) == "too late"
    assert values.local.get(1) is None
    assert values.get(1, store.load) == "newer"
    assert refreshing._refreshed(values, 1, before, pytest.fail) == "too late"


def test_a_version_takes_the_token_of_who_reads_strongly(store: Store) -> None:
    values = tiered()
    values.forget(1)
    reader = asked(values)
    values.put({1: "changed"}, {1: 7})
    fill((reader, {1: "one"}, 0))
    assert reader.found == {}
    assert asked(values).changed == {1}


def test_what_was_forgotten_since_redis_was_asked_is_not_held(store: Store) -> None:
    values = tiered(local_seconds=60)
    elsewhere(values).get(1, store.load)
    early, seen = Lookup(values, [1]), raw_of(values)
    values.forget(1)
    early.take(1, seen, None)
    store.values[1] = "changed"
    assert values.get(1, store.load) == "changed"


def test_one_process_loads_anew(store: Store) -> None:
    values = tiered()
    values.get(1, store.load)
    leases.client().set(f"{values.name(1)}:refresh", b"1", px=5_000)
    assert refreshing._refreshed(values, 1, raw_of(values) or b"", store.load) == "by another"
    assert store.asked == [[1]]


def test_a_load_that_failed_leaves_what_it_found(store: Store) -> None:
    """Nobody waits for it, and a change is still to be read strongly."""
    values = tiered()
    with pytest.raises(Unavailable):
        values.get(1, store.fail)
    assert raw_of(values) is None
    values.forget(1)
    with pytest.raises(Unavailable):
        values.get(1, store.fail)
    assert asked(values).changed == {1}


def test_who_loads_in_doubt_holds_nothing_older(store: Store) -> None:
    """With Redis away afterwards, what was held from before the doubt would be answered."""
    values = tiered(away_seconds=60)
    assert values.get(1, store.load) == "one"
    elsewhere(values).doubt(1)
    store.values[1] = "changed"
    assert values.get(1, store.load) == "changed"
    with given_up():
        assert values.get(1, store.load) == "changed"


def test_who_hears_of_a_change_once_more_leaves_what_says_it(store: Store) -> None:
    values = tiered()
    values.get(1, store.load)
    before = raw_of(values)
    values.forget_unless({1: "one"})
    assert raw_of(values) == before
    values.forget_unless({1: "changed"})
    assert asked(elsewhere(values)).changed == {1}  # it has a token now
    values.forget_unless({1: "one"})
    assert asked(elsewhere(values)).missing == [1]  # which nobody knows if the change came before
    values.doubt(1)
    values.forget_unless({1: "one"})
    reader = asked(values)
    assert (reader.missing, reader.tokens) == ([1], {})


def test_who_gives_up_waiting_for_who_reads_strongly_does_so_too() -> None:
    values = tiered()
    values.forget(1)
    asked(elsewhere(values))
    waiting = asked(values)
    wait_for([waiting], until=time.monotonic())
    waiting.give_up()
    assert (waiting.missing, waiting.changed) == ([1], {1})


def test_who_waits_for_a_fill_that_is_refused_is_told_nothing_by_it() -> None:
    """Not that there is nothing either: it asks again."""
    values = tiered()
    first, waiting = asked(values), asked(values)
    elsewhere(values).forget(1)
    fill((first, {1: "one"}, 0))
    wait_for([waiting], until=time.monotonic())
    assert (waiting.found, list(waiting.left)) == ({}, [1])
