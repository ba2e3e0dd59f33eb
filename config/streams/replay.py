"""A table's stream read once more, within its retention (24 hours on AWS): for a handler that was wrong, or came late.

Handlers are idempotent by key or by event id, so a record that they have had before changes nothing. Shards are read one
after the other, parents first, from their oldest record on; leases and checkpoints of the consumers are not touched. A
replay ends where the stream stood when it began: what comes later the consumers have.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.conf import settings

from config.dynamodb import Table
from config.streams.change import Change
from config.streams.delivery import Delivery
from config.streams.errors import StreamGone
from config.streams.registry import Handler
from config.streams.shards import TRIM_HORIZON, Shard, readable, shards_of, stream_arn
from config.streams.tail import ShardTail

IDLE_READS: Final = 5
"""An open shard is at its end after so many empty reads: one alone may be a gap that is read over."""
IDLE_SECONDS: Final = 0.2
REPORT_EVERY: Final = 1000


@dataclass(frozen=True, slots=True)
class Since:
    """From where on: a time, or a sequence number; neither is all that is kept.

    A record's time is rounded down, to the second by DynamoDB and to the minute by DynamoDB Local, so one that may be
    of before is taken too: rather twice than never. Sequence numbers grow within a shard, and over all shards as far as
    their clocks agree.
    """

    at_ms: int | None = None
    sequence: int | None = None

    def includes(self, change: Change) -> bool:
        """Whether the change may be of then or later."""
        if self.sequence is not None:
            return int(change.sequence) >= self.sequence
        return self.at_ms is None or change.at_ms + _rounding_ms() > self.at_ms

    def may_include(self, shard: Shard) -> bool:
        """Whether the shard may hold such changes."""
        return self.sequence is None or not shard.last_sequence or int(shard.last_sequence) >= self.sequence


@dataclass(slots=True)
class Replayed:
    """What a replay has done so far. `handled` counts by handler, `dead` those that ended as dead letters."""

    read: int = 0
    included: int = 0
    handled: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    last: Change | None = None

    def __str__(self) -> str:
        at = datetime.fromtimestamp(self.last.at_ms / 1000, UTC).isoformat() if self.last else "nowhere"
        return f"{self.read} read, {self.included} of then or later, {self.handled.total()} handled, at {at}"


def replay(
    table: Table,
    handlers: Sequence[Handler],
    since: Since,
    *,
    dry_run: bool = False,
    report: Callable[[str], None],
) -> Replayed:
    """Hand every change since then to the handlers whose event it is, in the order of each item's changes.

    A handler that fails is tried again and then left a dead letter, an outage is waited for, as a consumer does.
    Cost: a request per 1,000 records or MB, no units of the table, and what the handlers cost.
    Idempotent: as the handlers are.
    Raises: StreamGone where the table has no stream; Throttled, DatabaseUnavailable: run it again.
    """
    done = Replayed()
    for change in _changes(table, since):
        done.read += 1
        done.last = change
        if since.includes(change):
            done.included += 1
            _hand_over(change, handlers, done, dry_run=dry_run)
        if done.read % REPORT_EVERY == 0:
            report(str(done))
    return done


def _hand_over(change: Change, handlers: Sequence[Handler], done: Replayed, *, dry_run: bool) -> None:
    hearing = [handler for handler in handlers if handler.event_type.from_change(change) is not None]
    if hearing and not dry_run:
        delivery = Delivery(change, hearing)
        while (wait_seconds := delivery.attempt()) is not None:
            time.sleep(wait_seconds)
        done.dead += delivery.dead
    done.handled.update(handler.name for handler in hearing)


def _changes(table: Table, since: Since) -> Iterator[Change]:
    """Everything that is kept and was there at the start, shard by shard, no child before its parent."""
    began_ms = int(time.time() * 1000)
    arn = stream_arn(table)
    if arn is None:
        raise StreamGone
    finished: set[str] = set()
    while True:
        shards = readable(shards_of(arn), finished)
        if not shards:
            return
        for shard in shards:
            if since.may_include(shard):
                yield from _changes_of_shard(table, shard, began_ms)
            finished.add(shard.id)


def _changes_of_shard(table: Table, shard: Shard, began_ms: int) -> Iterator[Change]:
    tail, idle = ShardTail(table, shard.stream_arn, shard.id, TRIM_HORIZON), 0
    while idle < IDLE_READS:
        changes = tail.read()
        for change in changes:
            if change.at_ms > began_ms:
                return
            yield change
        if tail.has_ended:
            return
        idle = 0 if changes else idle + 1
        if idle:
            time.sleep(IDLE_SECONDS)


def _rounding_ms() -> int:
    return 60_000 if settings.DYNAMODB_ENDPOINT else 1_000
