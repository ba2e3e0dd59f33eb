"""What the tests of the streams share: an event, handlers that remember, and consumers that are quick to act."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from config import ids
from config.dynamodb import Table, put_item
from config.logs import current_request_id
from config.streams import Change, Consumer, Timing
from config.streams.registry import Handlers

QUICK = Timing(
    lease_seconds=2.0,
    renew_seconds=0.2,
    discover_seconds=0.5,
    checkpoint_seconds=0.1,
    poll_min_seconds=0.01,
    poll_max_seconds=0.03,
)


def a_name(kind: str = "p") -> str:
    """A partition, or a consumer group, that no other test has."""
    return f"{kind}{ids.next_id()}"


def write(table: Table, pk: str, *numbers: int) -> None:
    """One item a number, in that order."""
    for number in numbers:
        put_item(table, {"pk": pk, "sk": number})


@dataclass(frozen=True, slots=True)
class Written:
    """An item of a test was inserted."""

    event_id: str
    pk: str
    number: int

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """Only inserts."""
        if change.kind != "INSERT":
            return None
        return cls(change.event_id, change.keys["pk"], change.keys["sk"])


@dataclass
class Listener:
    """A handler of one partition of some tables: remembers what it heard, and fails as it is told."""

    pk: str
    heard: list[int] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)
    request_ids: list[str | None] = field(default_factory=list)
    handlers: Handlers = field(default_factory=Handlers)
    fail: Callable[[Written], None] = lambda event: None

    def listen(self, *tables: Table) -> Self:
        """Register on each of the tables."""
        for table in tables:

            def hear(event: Written) -> None:
                if event.pk != self.pk:
                    return
                self.request_ids.append(current_request_id())
                self.fail(event)
                self.heard.append(event.number)
                self.event_ids.append(event.event_id)

            hear.__qualname__ = f"hear_{table.name}_{self.pk}"
            self.handlers.on(table, Written)(hear)
        return self


@contextmanager
def consuming(handlers: Handlers, group: str, *, timing: Timing = QUICK) -> Iterator[Consumer]:
    """A consumer in this process, stopped in good order at the end."""
    consumer = Consumer(handlers, group=group, timing=timing, threads=3)
    consumer.start()
    try:
        yield consumer
    finally:
        consumer.stop()


def eventually(check: Callable[[], object], *, within_seconds: float = 60.0) -> None:
    """Wait until it is true. The limit only ends a hang."""
    deadline = time.monotonic() + within_seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
