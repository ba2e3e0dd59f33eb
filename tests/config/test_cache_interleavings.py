"""Readers, writers, refreshes, losses and delays in thousands of orders: nobody sees less than was seen or acknowledged before.

A key's states are numbered by its writes. What may be read is any state from the highest that was acknowledged to its writer,
or shown to any reader, before the read began. A state may be a deletion: whoever asks after that was acknowledged finds nothing.
"""

import os
from collections.abc import Callable
from random import Random

import pytest

from config.cache import Kind, Tiered, leases, refreshing
from config.ids import next_id
from tests.config.stage import Stage, on_stage

RUNS = int(os.environ.get("ROOST_INTERLEAVINGS", "2500"))
"""10,000 take half a minute."""
OFTEN_DUE = 3e5
"""Beta with which an entry of an hour, loaded in some milliseconds, is often loaded anew."""


class SeenOlder(AssertionError):
    """What must never be."""


class World:
    """One key: its states in the database, and from which one on each process may be answered."""

    def __init__(self, stage: Stage, processes: list[Tiered[int, str]], key: int, *, seed: int) -> None:
        self.stage, self.processes, self.key = stage, processes, key
        self.chance = Random(seed)
        self.is_local = processes[0].kind.local_seconds > 0
        self.states: list[str | None] = ["0"]
        self.floors = [0] * len(processes)
        self.two_write = self.chance.random() < 0.5

    def actors(self) -> list[Callable[[], None]]:
        """Who takes part."""
        roles = [self.reader] * self.chance.choice((2, 2, 3)) + [self.writer] * (1 + self.two_write)
        if self.chance.random() < 0.3:
            roles.append(self.loser)
        return roles

    def load(self, keys: list[int]) -> dict[int, str]:
        """What the database says, at some moment between asking and hearing it."""
        self.stage.sleep(self.chance.random() * 0.05)
        found = self.states[-1]
        self.stage.sleep(self.chance.random() * 0.05)
        return {key: found for key in keys if found is not None}

    def reader(self) -> None:
        process = self.chance.randrange(len(self.processes))
        for _read in range(self.chance.choice((1, 2, 2))):
            floor = self.floors[process]
            # Of equal reads at once a process makes one; who asks for more besides is on their own.
            keys = [self.key, *self.chance.choice(((), (), (-1 - self.key,), (-1_000_000 - self.key,)))]
            self.heard(process, floor, self.processes[process].get_many(keys, self.load)[self.key])
            if not self.is_local:
                process = self.chance.randrange(len(self.processes))

    def heard(self, process: int, floor: int, value: str | None) -> None:
        """It must be a state from the floor on; from the first such one on everybody reads now."""
        places = [n for n, state in enumerate(self.states) if n >= floor and state == value]
        if not places:
            raise SeenOlder(self.states, floor, value)
        self._raise(process, places[0])

    def writer(self) -> None:
        for _write in range(self.chance.choice((1, 1, 2))):
            process = self.chance.randrange(len(self.processes))
            tiered, place = self.processes[process], len(self.states)
            state = None if self.chance.random() < 0.3 else str(place)
            self.states.append(state)
            self.stage.pause()
            way = self.chance.random()
            if way < 0.5:
                tiered.forget(self.key)
            elif way < 0.6:
                tiered.doubt(self.key)
            elif state is None and not self.two_write:
                tiered.put({self.key: None})
            else:
                tiered.put({self.key: state}, {self.key: place})
            self._raise(process, place)

    def loser(self) -> None:
        """Redis drops what it likes."""
        self.stage.pause()
        leases.client().unlink(self.processes[0].name(self.key))

    def _raise(self, process: int, place: int) -> None:
        for other in [process] if self.is_local else range(len(self.processes)):
            self.floors[other] = max(self.floors[other], place)


def processes_of(kind: Kind) -> list[Tiered[int, str]]:
    """Two processes, as far as this cache goes: each with an L1 and with flights of its own."""
    return [Tiered(kind, write=str, read=str, version_of=int) for _process in range(2)]


def play(stage: Stage, runs: int, *, local_seconds: float = 0, copies: int = 0) -> None:
    """With copies, every key is hot for both processes, and each asks for another copy."""
    kind = Kind(
        f"test{next_id()}",
        seconds=3600,
        absent_seconds=60,
        local_seconds=local_seconds,
        wait_seconds=0.1,
        copies=copies,
    )
    processes = processes_of(kind)
    for number, process in enumerate(processes, 1):
        process.hot, process.copy = set(range(runs)), min(copies, number)
    for seed in range(runs):
        world = World(stage, processes, seed, seed=seed)
        try:
            stage.play(seed, world.actors(), hung=0.01)
        except SeenOlder as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(refreshing, "BETA", OFTEN_DUE)
    return on_stage(monkeypatch)


def test_nobody_sees_less_than_was_seen_or_acknowledged_whatever_the_order(stage: Stage) -> None:
    play(stage, RUNS * 7 // 10)


def test_in_a_process_that_answers_by_itself_nobody_there_does(stage: Stage) -> None:
    play(stage, RUNS * 3 // 10, local_seconds=60)


def test_copies_of_hot_keys_change_nothing_of_that(stage: Stage) -> None:
    play(stage, RUNS * 3 // 10, copies=2)


def a_change_leaves_copies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "_WITHOUT_COPIES", leases._WITHOUT_COPIES.replace("'unlink'", "'exists'"))


def test_that_a_change_takes_them_away_is_needed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    a_change_leaves_copies(monkeypatch)
    with pytest.raises(SeenOlder):
        play(stage, 10_000, copies=2)


def every_fill_is_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "_FILL", leases._FILL.replace("redis.call('get', key) == ARGV[3 * i - 2]", "true"))


def a_write_leaves_tokens_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "_FORGET", leases._FORGET.replace("~= '~'", "== '='"))


def who_is_refused_answers_all_the_same(patch: pytest.MonkeyPatch) -> None:
    refusing = leases.fill
    patch.setattr(
        leases,
        "fill",
        lambda names, triples, copies: [1 for _taken in refusing(names, triples, copies=copies)],
    )


def an_older_version_replaces(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "_PUT", leases._PUT.replace("if new_high > high or", "if true or"))


@pytest.mark.parametrize(
    "without",
    [
        every_fill_is_taken,
        a_write_leaves_tokens_alone,
        who_is_refused_answers_all_the_same,
        an_older_version_replaces,
    ],
)
def test_each_guard_is_needed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, without: Callable[[pytest.MonkeyPatch], None]
) -> None:
    without(monkeypatch)
    with pytest.raises(SeenOlder):
        play(stage, 10_000)
