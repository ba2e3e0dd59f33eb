"""The queues of a machine: tasks of the feed wait until they are run, in any order, twice, or up to where they are killed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from celery import Task

from feed import tasks

GIVEN_UP = {
    "feed.fan_out_page": tasks.fan_out_given_up,
    "feed.fan_out_rest": tasks.fan_out_given_up,
    "feed.sync_edge": tasks.edge_given_up,
    "feed.sync_edges": tasks.edges_given_up,
    "feed.backfill_page": tasks.edge_given_up,
}
"""What is done for a task before it is put aside; of the others nothing is missed."""
LATE = {*GIVEN_UP, "feed.take_back_page", "feed.rebuild_reader", "feed.decide_reader", "feed.demote_author"}
REMEMBERED = 20


@dataclass
class Errand:
    """A task with its arguments."""

    task: Any
    args: list[Any]

    def __call__(self) -> None:
        self.task(*self.args)

    def give_up(self) -> None:
        if hook := GIVEN_UP.get(self.task.name):
            hook(*self.args)


@dataclass
class Broker:
    """`done`: the last ones, which may be delivered again."""

    waiting: list[Errand] = field(default_factory=list)
    done: list[Errand] = field(default_factory=list)

    def note_done(self, errand: Errand) -> None:
        self.done = [*self.done, errand][-REMEMBERED:]


@contextmanager
def late_tasks() -> Iterator[Broker]:
    """Instead of being sent, tasks of the feed wait here; all others are run as they would be."""
    broker, at_once = Broker(), Task.apply_async

    def queued(task: Any, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        if task.name not in LATE:
            return at_once(task, args, kwargs, **options)
        assert not kwargs
        broker.waiting.append(Errand(task, json.loads(json.dumps(list(args)))))
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Task, "apply_async", queued)
        yield broker
