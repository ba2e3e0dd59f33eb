"""Changes that one handler could not digest: kept whole, so that they can be replayed once the handler is mended."""

import time
from dataclasses import dataclass

from config.dynamodb import Table, delete_item, get_item, put_item, query_all
from config.dynamodb.items import Item
from config.dynamodb.tables import registry
from config.logs import bound_request_id
from config.streams.change import Change
from config.streams.registry import Handlers
from config.streams.tables import DEAD_LETTERS

# One partition takes 1,000 letters a second; beyond that the shards slow down, which is right when all is failing.
SOURCE = "stream"
KEPT_SECONDS = 90 * 86_400


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One change that one handler gave up on."""

    key: str
    handler: str
    change: Change
    error: str
    attempts: int
    died_at_ms: int


def dead_letter_put(change: Change, handler: str, *, error: str, attempts: int) -> None:
    """Keep a change for later.

    Idempotent: by event id and handler; a redelivery that fails again replaces its letter.
    Cost: 1 round, 1 write unit per started KB.
    """
    now = time.time()
    item: Item = {
        "source": SOURCE,
        "sk": f"{change.event_id}#{handler}",
        "handler": handler,
        "error": error[:2000],
        "attempts": attempts,
        "died_at_ms": int(now * 1000),
        "ttl": int(now) + KEPT_SECONDS,
        "change": {
            "event_id": change.event_id,
            "table": change.table.name,
            "kind": change.kind,
            "keys": change.keys,
            "old": change.old,
            "new": change.new,
            "sequence": change.sequence,
            "at_ms": change.at_ms,
            "request_id": change.request_id,
            "expired": change.expired,
        },
    }
    put_item(DEAD_LETTERS, item)


def dead_letters(*, handler: str | None = None) -> list[DeadLetter]:
    """All letters, oldest first, of one handler if named.

    Cost: 0.5 read units per 4 KB of all letters.
    """
    letters = [_letter(item) for item in query_all(DEAD_LETTERS, SOURCE)]
    chosen = [letter for letter in letters if handler in {None, letter.handler}]
    return sorted(chosen, key=lambda letter: (letter.died_at_ms, letter.change.sequence))


def dead_letter_by_key(key: str) -> DeadLetter | None:
    """The letter of that key, None if it was replayed or dropped.

    Cost: 1 read unit per 4 KB.
    Consistency: strong.
    """
    item = get_item(DEAD_LETTERS, {"source": SOURCE, "sk": key}, consistent=True)
    return _letter(item) if item else None


def dead_letter_replay(letter: DeadLetter, handlers: Handlers) -> None:
    """Call its handler once more; the letter goes when that succeeds, and stays when it does not.

    Idempotent: as its handler is.
    Raises: LookupError when no code has that handler any more; whatever the handler raises.
    """
    handler = handlers.named(letter.handler)
    if handler is None:
        message = f"no handler is called {letter.handler}"
        raise LookupError(message)
    with bound_request_id(letter.change.request_id):
        handler(letter.change)
    dead_letter_drop(letter.key)


def dead_letter_drop(key: str) -> None:
    """Forget a letter for good.

    Cost: 1 round, 1 write unit per started KB.
    """
    delete_item(DEAD_LETTERS, {"source": SOURCE, "sk": key})


def _letter(item: Item) -> DeadLetter:
    kept = dict(item["change"])
    table: Table = registry[kept.pop("table")]
    return DeadLetter(
        key=item["sk"],
        handler=item["handler"],
        change=Change(table=table, **kept),
        error=item["error"],
        attempts=item["attempts"],
        died_at_ms=item["died_at_ms"],
    )
