"""Streams handled in this process, at once and without leases: what tests and scripts use instead of a consumer."""

import time
from collections import deque

from config.dynamodb import Table
from config.streams.change import Change
from config.streams.registry import Handlers, handlers
from config.streams.shards import LATEST, TRIM_HORIZON, readable, shards_of, stream_arn
from config.streams.tail import ShardTail


class Drain:
    """Where this process is in every stream. What was there before `start` is not handled."""

    def __init__(self, listening: Handlers) -> None:
        self._handlers = listening
        self._is_started = False
        self._tails: dict[str, dict[str, ShardTail]] = {}
        self._finished: dict[str, set[str]] = {}
        self._pending: deque[Change] = deque()

    def start(self) -> None:
        """Stand at the present end of every stream: what happens from now on will be handled.

        Cost: three requests a table.
        """
        self._is_started = True
        self._pending.clear()
        for table in self._handlers.tables:
            self._finished[table.physical_name] = set()
            self._tails[table.physical_name] = {}
            self._find(table, LATEST)
            for tail in self._tails[table.physical_name].values():
                tail.seek()

    def drain(self, *, within_seconds: float = 60.0) -> int:
        """Handle everything that is there, and what comes of it, until all streams are idle. How many records.

        Shape: handlers are called in this thread; what one raises is raised here, and the record is not handled again.
        Cost: one request a table when nothing is there, about 3 ms each on a local engine.
        Raises: TimeoutError when handlers keep making new records.
        """
        if not self._is_started:
            self.start()
        deadline = time.monotonic() + within_seconds
        total = 0
        while self._read():
            while self._pending:
                change = self._pending.popleft()
                for handler in self._handlers.of(change.table):
                    handler(change)
                total += 1
                if time.monotonic() > deadline:
                    message = f"streams were not idle after {within_seconds} s and {total} records"
                    raise TimeoutError(message)
        return total

    def _read(self) -> bool:
        """Fetch what is new in all streams. Whether there is anything to handle."""
        for table in self._handlers.tables:
            tails = self._tails.setdefault(table.physical_name, {})
            if not tails:
                self._find(table, TRIM_HORIZON)
            for shard_id, tail in list(tails.items()):
                self._pending.extend(tail.read())
                if tail.has_ended:
                    del tails[shard_id]
                    self._finished[table.physical_name].add(shard_id)
                    self._find(table, TRIM_HORIZON)
        return bool(self._pending)

    def _find(self, table: Table, position: str) -> None:
        """Begin every shard that may be read and is not being read. At LATEST, closed shards count as handled."""
        arn = stream_arn(table)
        if arn is None:
            return
        shards = shards_of(arn)
        finished = self._finished.setdefault(table.physical_name, set())
        if position == LATEST:
            finished.update(shard.id for shard in shards if shard.is_closed)
        tails = self._tails[table.physical_name]
        for shard in readable(shards, finished):
            if shard.id not in tails:
                tails[shard.id] = ShardTail(table, arn, shard.id, position)


_drain = Drain(handlers)
start = _drain.start
drain = _drain.drain
