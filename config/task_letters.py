"""Tasks that were given up: kept with their arguments, so that they can be queued again once what ails them is mended."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from config.dynamodb import Item, delete_item, get_item, put_item, query_all
from config.streams.tables import DEAD_LETTERS

SOURCE: Final = "tasks"
KEPT_SECONDS: Final = 90 * 86_400
Send = Callable[[str, list[Any], dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class TaskLetter:
    """One task that was delivered too often."""

    key: str
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    error: str
    attempts: int
    died_at_ms: int


def task_letter_put(
    task: str, task_id: str, args: Sequence[Any], kwargs: Mapping[str, Any], *, error: str, attempts: int
) -> None:
    """Keep a task for later. Of a task without arguments, which is a periodic one, one letter is kept.

    Idempotent: by task. Cost: 1 round, 1 write unit a started KB.
    """
    now = time.time()
    item: Item = {
        "source": SOURCE,
        "sk": f"{task}#{task_id}" if args or kwargs else task,
        "task": task,
        "arguments": orjson.dumps([list(args), dict(kwargs)]).decode(),
        "error": error[:2000],
        "attempts": attempts,
        "died_at_ms": int(now * 1000),
        "ttl": int(now) + KEPT_SECONDS,
    }
    put_item(DEAD_LETTERS, item)


def task_letters(*, task: str | None = None) -> list[TaskLetter]:
    """All letters, oldest first, of one task if named.

    Cost: 0.5 read units per 4 KB of all letters.
    """
    letters = [_letter(item) for item in query_all(DEAD_LETTERS, SOURCE)]
    chosen = [letter for letter in letters if task in {None, letter.task}]
    return sorted(chosen, key=lambda letter: letter.died_at_ms)


def task_letter_by_key(key: str) -> TaskLetter | None:
    """The letter of that key, None if it was replayed or dropped.

    Cost: 1 read unit a started 4 KB. Consistency: strong.
    """
    item = get_item(DEAD_LETTERS, {"source": SOURCE, "sk": key}, consistent=True)
    return _letter(item) if item else None


def task_letter_replay(letter: TaskLetter, send: Send) -> None:
    """Queue the task anew, with six deliveries before it; then the letter goes.

    Idempotent: as its task is. Raises: what `send` raises; the letter stays.
    """
    send(letter.task, letter.args, letter.kwargs)
    task_letter_drop(letter.key)


def task_letter_drop(key: str) -> None:
    """Forget a letter for good.

    Cost: 1 round, 1 write unit a started KB.
    """
    delete_item(DEAD_LETTERS, {"source": SOURCE, "sk": key})


def _letter(item: Item) -> TaskLetter:
    args, kwargs = orjson.loads(item["arguments"])
    return TaskLetter(
        item["sk"], item["task"], args, kwargs, item["error"], item["attempts"], item["died_at_ms"]
    )
