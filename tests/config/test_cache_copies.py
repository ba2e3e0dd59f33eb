"""Copies of hot entries: who asks for which, and that none is older than what anybody has seen."""

import pytest
from django_redis import get_redis_connection

from config import redis_debts
from config.cache import Kind, Tiered, leases
from config.cache.entries import is_entry
from config.cache.refreshing import HOT_US
from config.hot_keys.reporter import mark
from config.hot_keys.reports import HotKey
from config.ids import next_id
from tests.config.test_cache_tiers import Store
from tests.stack import eventually

KEY = 1


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def processes() -> list[Tiered[int, str]]:
    """One that asks for the entry, and two for a copy each."""
    kind = Kind(f"test{next_id()}", seconds=3600, copies=2)
    made = [Tiered(kind, write=str, read=str, version_of=len) for _process in range(3)]
    for number, process in enumerate(made):
        process.copy = number
    return made


def heat(process: Tiered[int, str], reads_per_second: float) -> None:
    mark([HotKey(process.kind.name, KEY, reads_per_second, 3, 0.1)])


def raw_of(name: str) -> bytes | None:
    (raw,) = leases.ask([name])
    return raw


def asked_and_copied(process: Tiered[int, str], store: Store) -> str:
    """Who loads the entry makes no copy, but who finds it does, in a thread."""
    copy = process.copy_asked(KEY)
    assert copy
    eventually(
        lambda: process.get(KEY, store.load) == store.values[KEY] and is_entry(raw_of(copy)),
        timeout_seconds=10,
        every_seconds=0.002,
    )
    return copy


def test_a_hot_key_is_asked_for_by_another_name_in_each_process(
    processes: list[Tiered[int, str]], store: Store, settings
) -> None:
    settings.HOT_KEY_READS = 100.0
    for process in processes:
        assert process.get(KEY, store.load) == "one"
        assert process.name_to_ask(KEY) == process.name(KEY)
    heat(processes[0], 100)
    assert len({process.name_to_ask(KEY) for process in processes}) == 3
    copies = [asked_and_copied(process, store) for process in processes[1:]]
    assert {raw_of(copy) for copy in copies} == {raw_of(processes[0].name(KEY))}
    client = get_redis_connection("default")
    assert 0 < client.pexpiretime(copies[0]) <= client.pexpiretime(processes[0].name(KEY))
    assert store.asked == [[KEY]]
    before = client.info("commandstats")["cmdstat_eval"]["calls"]
    assert processes[1].get(KEY, store.load) == "one"
    assert client.info("commandstats")["cmdstat_eval"]["calls"] == before
    heat(processes[0], 60)
    assert processes[1].copy_asked(KEY)
    heat(processes[0], 40)
    assert not processes[1].copy_asked(KEY)


def test_every_change_takes_all_copies_away_whoever_makes_it(
    processes: list[Tiered[int, str]], store: Store
) -> None:
    heat(processes[0], 1e6)
    unaware: Tiered[int, str] = Tiered(processes[0].kind, write=str, read=str, version_of=len)
    for change in (
        lambda: unaware.forget(KEY),
        lambda: unaware.put({KEY: "two"}),
        lambda: unaware.put({KEY: "33333333"}, {KEY: 8}),
        lambda: unaware.warm({KEY: "four"}),
        lambda: unaware.doubt(KEY),
    ):
        get_redis_connection("default").unlink(unaware.name(KEY))
        copies = [asked_and_copied(process, store) for process in processes[1:]]
        change()
        assert [raw_of(copy) for copy in copies] == [None, None]


def test_who_loads_what_redis_has_put_out_takes_the_copies_away(
    processes: list[Tiered[int, str]], store: Store
) -> None:
    heat(processes[0], 1e6)
    for process in processes[1:]:
        asked_and_copied(process, store)
    get_redis_connection("default").unlink(processes[0].name(KEY))
    store.values[KEY] = "new"
    assert processes[1].get(KEY, store.load) == "one"  # nobody has been told of another yet
    assert [process.get(KEY, store.load) for process in processes] == ["new", "new", "new"]


def test_what_has_changed_meanwhile_is_not_copied(processes: list[Tiered[int, str]], store: Store) -> None:
    heat(processes[0], 1e6)
    name = processes[0].name(KEY)
    processes[0].get(KEY, store.load)
    old = raw_of(name)
    assert old
    processes[0].forget(KEY)
    leases.copy(name, "copy", old)
    assert raw_of("copy") is None


def test_what_could_not_be_taken_away_is_owed_with_its_copies(
    processes: list[Tiered[int, str]], redis_stopped: None
) -> None:
    processes[1].forget(KEY)
    assert set(redis_debts.debts._keys) >= {processes[0].name(KEY), *processes[0].copies_of(KEY)}


def test_a_hot_one_is_loaded_anew_before_its_end_whatever_chance_says(store: Store) -> None:
    kind = Kind(f"test{next_id()}", seconds=HOT_US / 1e6 * 0.9, jitter=0)
    values: Tiered[int, str] = Tiered(kind, write=str, read=str)
    values.put({KEY: "one"})  # it took no time to load, so chance never says so
    raw = raw_of(values.name(KEY))
    values.get(KEY, store.load)
    assert not store.asked
    heat(values, 1e6)
    values.get(KEY, store.load)
    eventually(lambda: store.asked == [[KEY]] and raw_of(values.name(KEY)) != raw, every_seconds=0.002)
