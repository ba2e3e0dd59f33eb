"""Handing one change to its handlers: retried, waited for, or put aside, but never dropped.

handler returns      next handler; after the last one the record is done
handler raises       again after a moment, and again; at last a dead letter, then the next handler
an outage            again after a moment, without end: the stream keeps the record
"""

import random
from collections import deque
from collections.abc import Iterable

import structlog

from config.logs import bound_request_id
from config.metrics import STREAM_RECORDS
from config.streams.change import Change
from config.streams.dead_letters import dead_letter_put
from config.streams.netting import Told, told
from config.streams.outages import OUTAGES
from config.streams.registry import Handler

logger = structlog.get_logger()
ATTEMPTS = 5
FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 2.0


class Delivery:
    """One change on its way through its handlers. Those that are done are not called again."""

    def __init__(self, change: Change, handlers: Iterable[Handler], *, as_told: Told | None = None) -> None:
        self.change = change
        self.told = as_told or next(told([change]))
        self.remaining = deque(handlers)
        self.failures = 0
        self.outages = 0
        self.dead = 0

    def attempt(self) -> float | None:
        """Call the handlers that remain. None when all are done, else the seconds to wait before the next attempt.

        Raises: an outage of DynamoDB where a dead letter could not be kept; attempt again.
        """
        with bound_request_id(self.change.request_id):
            while self.remaining:
                wait = self._call(self.remaining[0])
                if wait is not None:
                    return wait
                self.remaining.popleft()
                self.failures = self.outages = 0
        return None

    def _call(self, handler: Handler) -> float | None:
        changes = self.told.to(handler)
        if not changes:
            return None
        change = changes[0]
        facts = {"handler": handler.name, "event_id": change.event_id}
        try:
            handler(*changes)
        except OUTAGES as error:
            self.outages += 1
            STREAM_RECORDS.labels(self.change.table.name, "waiting").inc()
            logger.warning("stream_handler_waits", **facts, error=repr(error), times=self.outages)
            return _wait_seconds(self.outages)
        except Exception as error:
            # Any fault of a handler must end as a retry or a dead letter: the shard goes on, the record is kept.
            if len(changes) > 1:
                logger.warning("stream_handler_apart", **facts, error=repr(error), events=len(changes))
                self.told.among.take_apart(handler)
                return 0.0
            self.failures += 1
            if self.failures < ATTEMPTS:
                logger.warning("stream_handler_failed", **facts, error=repr(error), times=self.failures)
                return _wait_seconds(self.failures)
            dead_letter_put(change, handler.name, error=repr(error), attempts=self.failures)
            self.dead += 1
            STREAM_RECORDS.labels(self.change.table.name, "dead").inc()
            logger.exception("stream_dead_letter", **facts)
        else:
            if handler.is_of_many:
                self.told.among.has_heard(handler)
        return None


def _wait_seconds(times: int) -> float:
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(times, 10))
    return random.uniform(longest / 2, longest)
