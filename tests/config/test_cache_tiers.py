"""The tiered cache with a real Redis: what is loaded, how often, and what is answered meanwhile."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django_redis import get_redis_connection

from config.cache import Kind, Lookup, Tiered, fill, leases, look_up, settle, watchers, watching
from config.cache.entries import now_us
from config.cache.refreshing import judge
from config.errors import Unavailable
from config.ids import next_id
from config.metrics import CACHE_FILLS_REFUSED
from tests.config.test_cache import counted


class Store:
    """What is loaded from, and what was asked of it; a load waits while `gate` is shut."""

    def __init__(self) -> None:
        self.values: dict[int, str] = {1: "one", 2: "two", 3: "three"}
        self.asked: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def load(self, keys: list[int]) -> dict[int, str]:
        self.asked.append(keys)
        assert self.gate.wait(10)
        return {key: self.values[key] for key in keys if key in self.values}

    def fail(self, keys: list[int]) -> dict[int, str]:
        self.load(keys)
        raise Unavailable


@pytest.fixture
def store() -> Store:
    return Store()


def tiered(**said: float) -> Tiered[int, str]:
    """A kind that no other test has written to."""
    return Tiered(Kind(f"test{next_id()}", **said), write=str, read=str, version_of=len)  # type: ignore[arg-type]


def elsewhere(one: Tiered[int, str]) -> Tiered[int, str]:
    """The same kind as another process has it: with an L1 and with flights of its own."""
    return Tiered(one.kind, write=str, read=str, version_of=len)


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.002)


def test_what_is_missing_is_loaded_once_and_nothing_else(store: Store) -> None:
    values = tiered()
    assert values.get_many([1, 2], store.load) == {1: "one", 2: "two"}
    assert values.get_many([3, 2, 1, 3], store.load) == {1: "one", 2: "two", 3: "three"}
    assert elsewhere(values).get_many([1, 2, 3], store.load) == {1: "one", 2: "two", 3: "three"}
    assert store.asked == [[1, 2], [3]]


def test_several_kinds_are_one_round(store: Store) -> None:
    first, second = tiered(), tiered()
    assert first.get_many([1, 2], store.load)
    assert second.get(1, store.load)
    client = get_redis_connection("default")
    client.config_resetstat()
    found = look_up((first, [1, 2]), (second, [1]))
    commands = {name for name, said in client.info("commandstats").items() if said["calls"]}
    assert client.info("commandstats")["cmdstat_mget"]["calls"] == 1
    assert commands <= {
        "cmdstat_mget",
        "cmdstat_config|resetstat",
        "cmdstat_info",
        "cmdstat_ping",
        "cmdstat_config",
    }
    assert [lookup.found for lookup in found] == [{1: "one", 2: "two"}, {1: "one"}]


def test_what_is_not_there_is_kept_for_a_while_if_its_kind_says_so(store: Store) -> None:
    values, forgetful = tiered(absent_seconds=30), tiered()
    for _twice in range(2):
        assert values.get(9, store.load) is None
        assert forgetful.get(9, store.load) is None
    assert len(store.asked) == 3
    store.values[9] = "nine"
    values.forget(9)
    assert elsewhere(values).get(9, store.load) == "nine"


def in_threads(
    count: int, call: Callable[[int], Any], store: Store, *, waiting: Callable[[], bool]
) -> list[Any]:
    """What so many get who all ask before the load comes to its end."""
    store.gate.clear()
    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(call, number) for number in range(count)]
        eventually(waiting)
        store.gate.set()
        return [one.result() for one in asked]


def test_many_threads_are_one_load(store: Store) -> None:
    values = tiered()
    got = in_threads(30, lambda _n: values.get(1, store.load), store, waiting=lambda: bool(store.asked))
    assert got == ["one"] * 30
    assert store.asked == [[1]]


def test_many_tasks_are_one_load(store: Store) -> None:
    values = tiered()

    async def all_ask() -> list[dict[int, str | None]]:
        return await asyncio.gather(*(values.aget_many([1, 2], store.load) for _ in range(20)))

    with ThreadPoolExecutor(
        1
    ) as elsewhere:  # a browser of an earlier test may have left a loop in this thread
        assert elsewhere.submit(asyncio.run, all_ask()).result() == [{1: "one", 2: "two"}] * 20
    assert store.asked == [[1, 2]]


def test_processes_wait_for_each_other(store: Store) -> None:
    both = [one := tiered(wait_seconds=5), elsewhere(one)]
    got = in_threads(
        8,
        lambda n: both[n % 2].get_many([1, 2], store.load),
        store,
        waiting=lambda: len(both[0].flights) + len(both[1].flights) == 4,
    )
    assert got == [{1: "one", 2: "two"}] * 8
    assert store.asked == [[1, 2]]


def test_who_came_after_a_write_is_not_told_what_was_loaded_before_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the moment a fill is taken and the moment those who wait are told, somebody writes and two more come."""
    kind = tiered()
    early = look_up((kind, [1]))[0]
    later: list[Lookup[int, str]] = []
    filling = leases.fill

    def fill_and_go_on(*places: Any, **named: Any) -> list[int]:
        taken = filling(*places, **named)
        if not later:
            kind.forget(1)
            later.extend(look_up((kind, [1]))[0] for _comer in range(2))
        return taken

    monkeypatch.setattr(leases, "fill", fill_and_go_on)
    fill((early, {1: "one"}, 0.0))
    leading, waiting = later
    assert early.found == {1: "one"}
    assert (leading.missing, list(waiting.awaited)) == ([1], [1])
    fill((leading, {1: "changed"}, 0.0))
    settle([waiting], pytest.fail)
    assert waiting.found == {1: "changed"}


def test_what_was_asked_before_somebody_found_newer_is_not_held(store: Store) -> None:
    kind = tiered(local_seconds=60)
    elsewhere(kind).get(1, store.load)
    early = Lookup(kind, [1])
    (seen,) = leases.ask([kind.name(1)])
    store.values[1] = "changed"
    elsewhere(kind).forget(1)
    assert kind.get(1, store.load) == "changed"
    early.take(1, seen, None)
    assert kind.get(1, store.load) == "changed"


def test_a_leader_who_died_is_waited_for_only_so_long(store: Store) -> None:
    values = tiered(wait_seconds=0.01)
    (dead,) = look_up((elsewhere(values), [1]))
    assert dead.missing == [1]
    assert values.get(1, store.load) == "one"
    fill((dead, {1: "late"}, 0))
    assert elsewhere(values).get(1, store.load) == "one"
    assert store.asked == [[1]]
    assert counted(CACHE_FILLS_REFUSED, values.kind.name) == 1


def test_who_waits_for_a_load_that_fails_fails_with_it_and_the_next_one_loads(store: Store) -> None:
    values = tiered(wait_seconds=60)

    def ask(_number: int) -> str:
        with pytest.raises(Unavailable) as failed:
            values.get(1, store.fail)
        return type(failed.value).__name__

    assert in_threads(5, ask, store, waiting=lambda: bool(store.asked)) == ["Unavailable"] * 5
    assert values.get(1, store.load) == "one"
    assert elsewhere(values).get(1, store.fail) == "one"


def test_a_change_is_seen_by_every_process_at_its_next_read(store: Store) -> None:
    here = tiered()
    there = elsewhere(here)
    assert here.get(1, store.load) == there.get(1, store.load) == "one"
    store.values[1] = "changed"
    there.forget(1)
    assert here.get(1, store.load) == "changed"
    there.put({1: None}, seconds=60)
    assert here.get(1, store.load) is None
    assert len(store.asked) == 2


def test_what_was_changed_is_to_be_read_strongly_once(store: Store) -> None:
    values = tiered()
    values.forget(1)
    (lookup,) = look_up((values, [1, 2]))
    assert (lookup.missing, lookup.changed) == ([1, 2], {1})
    fill((lookup, store.values, 0))
    assert look_up((values, [1, 2]))[0].missing == []


def test_while_a_write_is_in_doubt_nothing_is_kept(store: Store) -> None:
    values = tiered()
    values.doubt(1)
    values.forget(1)  # another's write: the doubt stays
    for _twice in range(2):
        (lookup,) = look_up((values, [1]))
        assert (lookup.missing, lookup.changed) == ([1], {1})
        fill((lookup, store.values, 0))
    values.put({1: None}, seconds=60)
    assert values.get(1, store.load) is None


def test_a_later_version_is_not_replaced_by_an_earlier_one() -> None:
    values = tiered()
    values.put({1: "longer"})
    values.put({1: "long"}, {1: 4})
    assert values.get(1, dict.fromkeys) == "longer"
    values.put({1: "longest"}, {1: 7})
    values.put({1: "longer"}, {1: 6})
    assert elsewhere(values).get(1, dict.fromkeys) == "longest"


def test_a_version_is_not_put_where_nothing_is(store: Store) -> None:
    values = tiered()
    values.put({1: "?"}, {1: 1})
    assert values.get(1, store.load) == "one"
    (reader,) = look_up((values, [2]))
    values.put({2: "changed"}, {2: 7})
    fill((reader, {2: "two"}, 0))
    store.values[2] = "changed"
    assert values.get(2, store.load) == "changed"


def test_what_is_warmed_is_found_and_nothing_newer_is_covered(store: Store) -> None:
    values = tiered(local_seconds=60)
    values.forget(2)
    values.warm({1: "one", 2: "late"})
    get_redis_connection("default").unlink(values.name(1))
    assert values.get_many([1, 2], store.load) == {1: "one", 2: "two"}
    assert store.asked == [[2]]


def test_what_is_stale_is_answered_and_loaded_anew_behind_it(store: Store) -> None:
    values = tiered(stale_seconds=60)
    values.put({1: "old"}, seconds=0.001)
    time.sleep(0.002)
    assert values.get(1, store.load) == "old"
    eventually(lambda: values.get(1, store.load) == "one")
    assert store.asked == [[1]]


def test_what_is_loaded_anew_goes_over_nothing_but_what_was_seen(store: Store) -> None:
    values = tiered(stale_seconds=60)
    values.put({1: "old"}, seconds=0.001)
    time.sleep(0.002)
    store.gate.clear()
    assert values.get(1, store.load) == "old"
    eventually(lambda: bool(store.asked))
    values.put({1: "written meanwhile"})
    store.gate.set()
    eventually(lambda: not get_redis_connection("default").exists(f"{values.name(1)}:refresh"))
    assert values.get(1, store.load) == "written meanwhile"


def test_the_nearer_the_end_and_the_longer_the_load_the_likelier_it_is_loaded_anew() -> None:
    def due_in(seconds: float, load_seconds: float) -> float:
        return (
            sum(judge(now_us() + int(seconds * 1e6), int(load_seconds * 1e6))[1] for _ in range(2_000))
            / 2_000
        )

    assert due_in(50, 1) == 0
    assert 0.3 < due_in(10, 10) < 0.45  # 1 / e
    assert 0.1 < due_in(20, 10) < 0.18
    assert judge(now_us() - 1, 0) == (True, True)


def test_l1_is_bounded_by_entries_and_by_bytes(store: Store) -> None:
    few, small = tiered(local_entries=100), tiered(local_bytes=100_000)
    store.values = dict.fromkeys(range(500), "x" * 200)
    for values in (few, small):
        assert len(values.get_many(range(500), store.load)) == 500
    assert len(few.local) <= 100
    assert small.local.size_bytes <= 100_000
    assert len(small.local) > 10
    store.values = {1: "x" * 50_000}
    small.forget(1)
    small.get(1, store.load)
    assert small.local.get(1) is None  # it alone would push out a good part of the others


def test_with_redis_away_a_process_answers_what_it_may_and_loads_the_rest(
    store: Store, redis_stopped: None
) -> None:
    strict, tolerant = tiered(), tiered(local_seconds=60)
    for _twice in range(2):
        assert strict.get_many([1, 2], store.load) == {1: "one", 2: "two"}
        assert tolerant.get_many([1, 9], store.load)[1] == "one"
    assert store.asked == [[1, 2], [1, 9], [1, 2], [9]]
    tolerant.forget(1)
    assert tolerant.get(1, store.load) == "one"
    assert store.asked[-1] == [1]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str | int]]]:
    """What a watcher hears who hears everything."""
    monkeypatch.setattr(watching, "SAMPLED", 1)
    heard: list[tuple[str, str | int]] = []
    watcher = lambda kind, key: heard.append((kind, key))  # noqa: E731  # taken out again by name
    watchers.append(watcher)
    yield heard
    watchers.remove(watcher)


def test_watchers_hear_what_is_asked_for(store: Store, heard: list[tuple[str, str | int]]) -> None:
    values = tiered(local_seconds=60)
    for _twice in range(2):
        values.get_many([1, 2], store.load)
    assert heard == [(values.kind.name, 1), (values.kind.name, 2)] * 2
