"""One leased shard: read, handle in order, checkpoint. A step never waits; it says when it wants to be called again."""

import time
from collections import deque
from dataclasses import dataclass, replace
from threading import Lock

import structlog

from config.dynamodb import ConditionFailed, Table
from config.metrics import STREAM_LAG_SECONDS, STREAM_RECORDS
from config.streams.broker_life import BrokerWatch, is_of_another_life, lease_at, lease_back
from config.streams.delivery import Delivery
from config.streams.leases import Lease, lease_release, lease_renew
from config.streams.netting import Told, told
from config.streams.registry import Handlers
from config.streams.shards import FINISHED
from config.streams.tail import ShardTail

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a consumer is. Tests use shorter times; the proportions matter more than the values."""

    lease_seconds: float = 10.0  # a beat that stands still this long belongs to a dead consumer
    renew_seconds: float = 2.0  # several renewals may fail before the lease is taken
    discover_seconds: float = 15.0  # how often shards are listed; a shard that ends asks at once
    checkpoint_seconds: float = 1.0  # while records flow; the price is what a kill has handled twice
    slice_seconds: float = 0.5  # then another shard has its turn on this thread
    poll_min_seconds: float = 0.04  # while there were records lately
    poll_max_seconds: float = 0.2  # when it has been quiet
    warm_seconds: float = 2.0  # how long "lately" is


class ShardReader:
    """Handles one shard for as long as its lease is held. One thread steps it at a time; another one may renew it.

    `held_since`: of the monotonic clock, before the lease was asked for. It counts from then and not from the answer, which
    may have waited as long as this process has slept.
    """

    def __init__(
        self,
        table: Table,
        lease: Lease,
        handlers: Handlers,
        timing: Timing,
        broker: BrokerWatch,
        *,
        held_since: float,
    ) -> None:
        self.table = table
        self.lease = lease
        self.timing = timing
        self.handled = lease.checkpoint
        self.is_over = False  # lost, released or finished: never step it again
        self.is_leaving = False  # release it at the end of the step
        self._handlers = handlers.of(table)
        self._broker = broker
        self._begin_at(lease.checkpoint)
        self._saving = Lock()
        self._saved = lease.checkpoint
        self._saved_at = held_since
        self._warm_until = 0.0
        self._poll_seconds = timing.poll_min_seconds
        self._lag_seconds = 0.0

    def step(self) -> float:
        """Handle what there is, for one slice of time at most. Seconds until the next step is wanted.

        Raises: StreamGone, Throttled, DatabaseUnavailable. Nothing is lost by them: step again.
        """
        if self.is_leaving:
            self.release()
        if is_of_another_life(self.lease, self._broker.life):
            self._go_back()
        if self.is_over:
            return 0.0
        if not self._pending and not self._tail.has_ended:
            self._pending.extend(told(self._tail.read()))
            self._pace(found=bool(self._pending))
        wait = self._handle()
        if self.is_leaving:
            self.release()
        elif self._tail.has_ended and not self._pending:
            self.finish()
        elif self.handled != self._saved and self._unsaved_seconds() >= self.timing.checkpoint_seconds:
            self.save()
        return wait if self._pending else self._poll_seconds

    def save(self) -> None:
        """Renew the lease and keep the position; learn whether it was lost, or is wanted by another.

        Raises: Throttled, DatabaseUnavailable.
        """
        with self._saving:
            if self.is_over:
                return
            at = lease_at(self.lease, self.handled, life=self._broker.life, now_ms=_now_ms())
            self._renew(replace(at, lag_ms=int(self._lag_seconds * 1000)))

    def _renew(self, lease: Lease) -> None:
        asked_at = time.monotonic()
        try:
            self.lease = lease_renew(lease)
        except ConditionFailed:
            self._end("stream_lease_lost")
            return
        self._saved = lease.checkpoint
        self._saved_at = asked_at
        self.is_leaving = self.is_leaving or bool(self.lease.wanted_by)

    def _begin_at(self, position: str) -> None:
        self._tail = ShardTail(self.table, self.lease.stream_arn, self.lease.shard_id, position)
        self._pending: deque[Told] = deque()
        self._delivery: Delivery | None = None

    def _go_back(self) -> None:
        """The broker has lost the tasks of what was handled lately: handle it again."""
        with self._saving:
            life = self._broker.life
            if self.is_over or life is None:
                return
            back = lease_back(self.lease, life, _now_ms())
            facts = {"table": self.table.name, "shard": self.lease.shard_id}
            logger.error("stream_goes_back", **facts, position=back.checkpoint, handled=self.handled)
            self.handled = back.checkpoint
            self._begin_at(back.checkpoint)
            self._renew(back)

    def save_if_due(self) -> None:
        """Renew when nothing was saved for a while. Called by the keeper, so that a slow handler costs no lease."""
        if self._unsaved_seconds() >= self.timing.renew_seconds:
            self.save()

    def release(self) -> None:
        """Give the shard to whoever comes next, at the last record handled. No step may be running."""
        self._give_back(self.handled, "stream_shard_released")

    def finish(self) -> None:
        """The shard is handled to its end: its children may begin."""
        self._give_back(FINISHED, "stream_shard_finished")

    def _give_back(self, checkpoint: str, event: str) -> None:
        with self._saving:
            if self.is_over:
                return
            try:
                lease_release(self.lease, checkpoint=checkpoint)
            except ConditionFailed:
                event = "stream_lease_lost"
            self._end(event)

    def _end(self, event: str) -> None:
        self.is_over = True
        logger.info(event, table=self.table.name, shard=self.lease.shard_id, position=self.handled)

    def _handle(self) -> float:
        """Records in order until none is left, the slice is over, or one has to wait; seconds of that wait."""
        until = time.monotonic() + self.timing.slice_seconds
        while self._pending and self._is_ours() and not self.is_leaving:
            change = self._pending[0].change
            self._delivery = self._delivery or Delivery(change, self._handlers, as_told=self._pending[0])
            wait = self._delivery.attempt()
            self._lag_seconds = change.age_seconds
            STREAM_LAG_SECONDS.labels(self.table.name).set(self._lag_seconds)
            if wait is not None:
                return wait
            STREAM_RECORDS.labels(self.table.name, "handled").inc()
            self._delivery = None
            self._pending.popleft()
            self.handled = change.sequence
            if time.monotonic() >= until:
                break
        return 0.0

    def _is_ours(self) -> bool:
        """Whether the lease is still held: asked of DynamoDB when this process may have been asleep."""
        if self._unsaved_seconds() > self.timing.lease_seconds / 2:
            self.save()
        return not self.is_over

    def _pace(self, *, found: bool) -> None:
        """Poll fast while records come and shortly after, then ever slower."""
        now = time.monotonic()
        if found:
            self._warm_until = now + self.timing.warm_seconds
        else:
            self._lag_seconds = 0.0  # read up to the end: nothing is behind, however old the last record
            STREAM_LAG_SECONDS.labels(self.table.name).set(0.0)
        if now < self._warm_until:
            self._poll_seconds = self.timing.poll_min_seconds
        else:
            self._poll_seconds = min(self.timing.poll_max_seconds, self._poll_seconds * 1.5)

    def _unsaved_seconds(self) -> float:
        return time.monotonic() - self._saved_at


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
