"""Server-sent events: a bounded number of streams a process, each in a thread that sleeps, one thread that looks for all.

        window ──► /live/ ──► EventStream: waits ◄── notified ── watcher: once a second, the stamps of all readers
                                   │                              (2 round trips to the cache, whatever their number)
                                   └─► "bell" or "posts": the window asks for the piece itself

An event says that something changed, never what: what is shown is asked for where everything is judged. A stream ends
after some minutes, when the process is about to, and soon after its window went, for it is written to every few seconds;
a window comes back by itself with the id of its last event, and is told at once what changed meanwhile.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final, Self

from django.conf import settings
from django.db import connections

from config.closing import is_closing, when_closing
from config.entities import UserId
from config.metrics import LIVE_STREAMS
from feed.notifications import live

LOOKED_EVERY_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
COME_BACK: Final = b"retry: 2000\n\n"
LIFETIME_SECONDS: Final = 300.0
OPEN_TOLD_EVERY_SECONDS: Final = 30.0
OF_ONE_READER: Final = 4
"""Windows of one person that a process serves: nobody takes all streams."""

Stamps = tuple[int, int]
EVENTS: Final = ("bell", "posts")


class Watch:
    """The readers whose streams this process holds, and their stamps as last seen."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers: Counter[UserId] = Counter()
        self._stamps: dict[UserId, Stamps] = {}
        self._watcher: threading.Thread | None = None

    @property
    def open_streams(self) -> int:
        """How many there are."""
        return self._readers.total()

    def enter(self, reader_id: UserId) -> bool:
        """Take a place; False if there is none, for this reader or for anybody."""
        with self._changed:
            is_full = self.open_streams >= settings.LIVE_STREAMS or self._readers[reader_id] >= OF_ONE_READER
            if is_full or is_closing():
                return False
            self._readers[reader_id] += 1
            LIVE_STREAMS.inc()
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._look, name="live", daemon=True)
                self._watcher.start()
            return True

    def wake(self) -> None:
        """Have all who wait look up."""
        with self._changed:
            self._changed.notify_all()

    def leave(self, reader_id: UserId) -> None:
        """Give the place back."""
        with self._changed:
            self._readers[reader_id] -= 1
            self._readers += Counter()  # without those that are at zero
            LIVE_STREAMS.dec()
            if reader_id not in self._readers:
                self._stamps.pop(reader_id, None)

    def wait(self, reader_id: UserId, seen: Stamps, *, seconds: float) -> Stamps | None:
        """The stamps when they are others than `seen`; None when the time is up or the process is about to end."""
        with self._changed:
            self._changed.wait_for(
                lambda: is_closing() or self._stamps.get(reader_id, seen) != seen, timeout=seconds
            )
            found = self._stamps.get(reader_id, seen)
            return None if found == seen else found

    def _look(self) -> None:
        """The watcher: until nobody is left."""
        told_at = 0.0
        while True:
            with self._changed:
                readers = list(self._readers)
                if not readers:
                    self._watcher = None
                    return
            found = live.stamps(readers)
            if time.monotonic() - told_at > OPEN_TOLD_EVERY_SECONDS:
                live.is_open_set(readers)
                told_at = time.monotonic()
            with self._changed:
                self._stamps.update((who, found[who]) for who in readers if who in self._readers)
                self._changed.notify_all()
            time.sleep(LOOKED_EVERY_SECONDS)


WATCH: Final = Watch()
when_closing(WATCH.wake)


class EventStream:
    """What one window reads. Closed once, whether it was read or not."""

    def __init__(self, reader_id: UserId, seen: Stamps, *, watch: Watch = WATCH) -> None:
        self._reader_id, self._watch = reader_id, watch
        self._events = self._written(seen)
        self._is_open = True

    @classmethod
    def opened(cls, reader_id: UserId, seen: Stamps | None, *, watch: Watch = WATCH) -> Self | None:
        """A stream that tells what is new since `seen`, or since now; None if there is no place for it.

        Cost: 2 round trips to the cache.
        """
        if not watch.enter(reader_id):
            return None
        live.is_open_set([reader_id])
        return cls(reader_id, live.stamps([reader_id])[reader_id] if seen is None else seen, watch=watch)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._events)

    def close(self) -> None:
        """Give the place back; called by the server when the window is gone or the stream has ended."""
        if self._is_open:
            self._is_open = False
            self._watch.leave(self._reader_id)

    def _written(self, seen: Stamps) -> Iterator[bytes]:
        _let_go_of_databases()
        yield COME_BACK
        ends_at = time.monotonic() + LIFETIME_SECONDS
        while time.monotonic() < ends_at and not is_closing():
            found = self._watch.wait(self._reader_id, seen, seconds=HEARTBEAT_SECONDS)
            if found is None:
                yield b": here\n\n"
                continue
            for name, before, now in zip(EVENTS, seen, found, strict=True):
                if before != now:
                    yield f"id: {found[0]}-{found[1]}\nevent: {name}\ndata: {now}\n\n".encode()
            seen = found


def _let_go_of_databases() -> None:
    """A stream needs none for minutes. A test's own transaction is left alone."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
