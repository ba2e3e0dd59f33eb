"""What the machines of these tests stand on: a database that fails, a stream that comes when they please, clients that insist."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, ClassVar

import pytest
from celery.exceptions import Retry
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from config.celery import app
from config.dynamodb import Table
from config.dynamodb.client import boto_client
from config.dynamodb.retry import budget
from config.entities import UserId
from config.errors import AppError, Unavailable
from config.streams import Change, handlers
from config.streams.draining import Drain
from tests.faults.proxy import FaultyServer, around_requests, faulty_dynamodb, mix, script

STORM = {"throttle": 0.08, "server_error": 0.05, "drop_before": 0.05, "drop_after": 0.12, "conflict": 0.06}
MOST_TRIES = 60
"""A client that meets an error tries again, so often at the most."""

seeds = st.integers(0, 10_000)
weathers = st.none() | st.tuples(seeds, st.sampled_from([False, False, True]))
"""None: nothing fails. Else the seed of a storm, and whether the service has the budget to try again by itself."""


class Heard:
    """Takes the place of the registered handlers where records are read, so that the machine may deliver them itself."""

    def __init__(self, tables: Sequence[Table] = ()) -> None:
        self.changes: list[Change] = []
        self._tables = list(tables)

    @property
    def tables(self) -> list[Table]:
        return self._tables or handlers.tables

    def of(self, _table: Table) -> list[Callable[[Change], None]]:
        return [self.changes.append]


class World(RuleBasedStateMachine):
    """People are known by number; `settled` as long as nothing has happened since all was handled."""

    server: ClassVar[FaultyServer]
    stream: ClassVar[Drain]
    heard: ClassVar[Heard]
    runs: ClassVar[int] = 0
    is_stormy: ClassVar[bool] = False
    """Else requests go past the proxy."""
    tables: ClassVar[tuple[Table, ...]] = ()
    """Whose streams are read; all, if there are none."""
    deaf: ClassVar[tuple[str, ...]] = ()
    """Handlers whose names begin so hear nothing: what they do is looked at elsewhere."""
    ids: list[UserId]
    delivered: list[Change]
    settled: bool

    def begin(self, ids: list[UserId], runs: int, ci_runs: int) -> None:
        World.runs += 1
        if runs > ci_runs and World.runs % 10 == 0 and sys.__stderr__ is not None:
            sys.__stderr__.write(f"run {World.runs} of {runs} at {time.strftime('%X')}\n")
        self.ids, self.delivered, self.settled = ids, [], True
        self.read_stream()
        self.heard.changes.clear()

    # What becomes of the stream.

    @rule(seed=seeds, weather=weathers)
    def deliver_some(self, seed: int, weather: Any) -> None:
        """Part of what waits, in any order, some of it twice, some that had come before."""
        self.read_stream()
        random = Random(seed)
        waiting = self.heard.changes
        random.shuffle(waiting)
        now = [waiting.pop() for _ in range(random.randint(0, len(waiting)))]
        again = random.choices([*now, *self.delivered], k=2) if now or self.delivered else []
        for change in [*now, *again]:
            self.deliver(change, weather)

    @rule()
    def settle(self) -> None:
        """All that waits, and what comes of it, until nothing more comes."""
        while self.deliver_all() or self.work():
            pass
        self.all_is_settled()

    def all_is_settled(self) -> None:
        self.settled = True

    def deliver_all(self) -> bool:
        """Every record there is by now, in its order; whether there was one."""
        self.read_stream()
        changes, self.heard.changes[:] = list(self.heard.changes), []
        for change in changes:
            self.deliver(change, None)
        return bool(changes)

    def work(self) -> bool:
        """Do what waits to be done besides; whether there was anything."""
        return False

    def read_stream(self) -> None:
        self.stream.drain()

    def deliver(self, change: Change, weather: Any) -> None:
        for handler in handlers.of(change.table):
            if not handler.name.startswith(self.deaf):
                self.do(weather, lambda handler=handler: handler(change))
        self.delivered.append(change)
        self.hear(change)

    def hear(self, change: Change) -> None:
        """What the model makes of it."""

    # How it is done.

    def do(
        self, weather: Any, act: Callable[..., Any], *, unless: type[AppError] | None = None, **sent: Any
    ) -> Any:
        """What the service answers, or the error by which it refuses. An engine that is away is asked again.

        `unless`: what a second try is told where the first was done though nobody heard so: then the answer is None.
        """
        sent = {
            name: self.ids[value] if name.endswith("_id") and value in range(len(self.ids)) else value
            for name, value in sent.items()
        }
        seed, patient = weather or (0, True)
        World.is_stormy = weather is not None
        self.server.plan = mix(seed, **STORM) if weather else script()
        try:
            for nth in range(MOST_TRIES):
                budget.tokens = budget.capacity if patient else 0.0
                try:
                    return act(**sent)
                except (Unavailable, Retry):  # a task that is to come again: here it does so at once
                    continue
                except AppError as refusal:
                    return None if nth and unless is type(refusal) else type(refusal)
            pytest.fail(f"away {MOST_TRIES} times in a row")
        finally:
            World.is_stormy = False
            self.server.plan = script()
            budget.tokens = budget.capacity


@contextmanager
def engines_of(machine: type[World]) -> Iterator[None]:
    """The machine on the engines, with tasks run where they are queued."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    machine.heard = Heard(machine.tables)
    machine.stream = Drain(machine.heard)  # type: ignore[arg-type]  # reads as `Handlers` do
    machine.stream.start()
    past_the_proxy = boto_client("dynamodb")

    def sent(send: Callable[..., Any], operation: str, parameters: Any) -> Any:
        return (send if World.is_stormy else past_the_proxy.direct.send)(operation, parameters)

    with faulty_dynamodb(script()) as machine.server, around_requests(sent):
        yield
    past_the_proxy.close()
    app.conf.task_always_eager, app.conf.task_eager_propagates = before
