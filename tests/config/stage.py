"""A stage for actors who take turns by chance: the real code, stopped before and after each word with Redis and each load.

Actors are greenlets of one thread. Whoever waits, by a sleep or for a flight, gives the turn away, and their waiting is what
moves the clock. With the same seed everything happens again.
"""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from types import SimpleNamespace
from typing import Any

import greenlet  # comes with playwright
import pytest

from config.cache import filling, flights, leases, local, refreshing, tiers, waiting
from config.dynamodb import joining


class Stage:
    """Actors, the clock, and whose turn it is."""

    def __init__(self) -> None:
        self.now = 0.0
        self.actors: list[greenlet.greenlet] = []
        self.late: list[greenlet.greenlet] = []
        self.chance = random.Random(0)
        self._hub: greenlet.greenlet | None = None

    def play(self, seed: int, actors: list[Callable[[], None]], *, hung: float = 0.0) -> None:
        """Until all are done. Some, by chance, hang in the middle and go on when all others are done."""
        self.chance = random.Random(seed)
        self._hub = greenlet.getcurrent()
        self.actors, self.late = [greenlet.greenlet(actor) for actor in actors], []
        while self.actors or self.late:
            if not self.actors:
                self.actors, self.late = self.late, []
                hung = 0.0
            place = self.chance.randrange(len(self.actors))
            actor = self.actors[place]
            actor.switch()
            if actor.dead:
                self.actors.remove(actor)
            elif hung and self.chance.random() < hung:
                self.actors.remove(actor)
                self.late.append(actor)
        self._hub = None

    def pause(self) -> None:
        """Give the turn away."""
        if self._hub is not None and greenlet.getcurrent() is not self._hub:
            self._hub.switch()

    def submit(self, call: Callable[..., object], *arguments: Any) -> "Future[None]":
        """As a pool does: one actor more."""
        done: Future[None] = Future()

        def act() -> None:
            call(*arguments)
            done.set_result(None)

        self.actors.append(greenlet.greenlet(act))
        return done

    def monotonic(self) -> float:
        self.now += 1e-6
        return self.now

    perf_counter = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pause()


class Paused:
    """A client of Redis that gives the turn away before and after each command."""

    def __init__(self, client: Any, stage: Stage) -> None:
        self._client, self._stage = client, stage

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def paused(*arguments: Any, **named: Any) -> Any:
            self._stage.pause()
            answer = call(*arguments, **named)
            self._stage.pause()
            return answer

        return paused


def on_stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Redis, clock, waiting and the pool of the tiered cache are the stage's from now on."""
    stage = Stage()
    client = Paused(leases.client(), stage)

    class StagedFuture(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            until = stage.now + (timeout or 0)
            while not self.done():
                if stage.now >= until:
                    raise TookTooLong
                stage.sleep(0.01)
            return super().result()

    class StagedEvent:
        def __init__(self) -> None:
            self._is_set = False

        def set(self) -> None:
            self._is_set = True

        def wait(self, timeout: float | None = None) -> bool:
            until = stage.now + (1e9 if timeout is None else timeout)
            while not self._is_set and stage.now < until:
                stage.sleep(0.01)
            return self._is_set

    monkeypatch.setattr(joining, "threading", SimpleNamespace(Event=StagedEvent, Lock=threading.Lock))
    monkeypatch.setattr(leases, "client", lambda: client)
    monkeypatch.setattr(flights, "Future", StagedFuture)
    monkeypatch.setattr(refreshing, "_pool", lambda: stage)
    for module in (filling, local, tiers, waiting):
        monkeypatch.setattr(module, "time", stage)
    return stage
