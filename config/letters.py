"""All that was put aside, of both kinds alike: changes (`config.streams.dead_letters`) and tasks (`config.task_letters`)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.celery import app
from config.streams.dead_letters import (
    DeadLetter,
    dead_letter_by_key,
    dead_letter_drop,
    dead_letter_replay,
    dead_letters,
)
from config.streams.registry import handlers
from config.task_letters import (
    TaskLetter,
    task_letter_by_key,
    task_letter_drop,
    task_letter_replay,
    task_letters,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A change or a task. `of`: the handler or the task that gave up on it; `about`: what it came with."""

    key: str
    of: str
    about: str
    error: str
    attempts: int
    died_at_ms: int
    replay: Callable[[], None]
    drop: Callable[[], None]


def letters(*, of: str | None = None) -> list[Letter]:
    """All letters, oldest first, of one handler or task if named.

    Cost: 0.5 read units per 4 KB of all letters.
    """
    found = [_of_change(letter) for letter in dead_letters(handler=of)]
    found += [_of_task(letter) for letter in task_letters(task=of)]
    return sorted(found, key=lambda letter: letter.died_at_ms)


def letter_by_key(key: str) -> Letter | None:
    """The letter of that key, None if it was replayed or dropped.

    Cost: 2 read units per 4 KB. Consistency: strong.
    """
    if change := dead_letter_by_key(key):
        return _of_change(change)
    task = task_letter_by_key(key)
    return _of_task(task) if task else None


def _of_change(letter: DeadLetter) -> Letter:
    return Letter(
        letter.key,
        letter.handler,
        f"{letter.change.table.name} {letter.change.kind} {letter.change.keys}",
        letter.error,
        letter.attempts,
        letter.died_at_ms,
        replay=partial(dead_letter_replay, letter, handlers),
        drop=partial(dead_letter_drop, letter.key),
    )


def _of_task(letter: TaskLetter) -> Letter:
    return Letter(
        letter.key,
        letter.task,
        f"{letter.args} {letter.kwargs or ''}".strip()[:200],
        letter.error,
        letter.attempts,
        letter.died_at_ms,
        replay=partial(task_letter_replay, letter, _send),
        drop=partial(task_letter_drop, letter.key),
    )


def _send(task: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    app.send_task(task, args, kwargs)
