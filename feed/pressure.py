"""Whether fan-outs keep up: too many of their tasks wait, so that long ones are turned into pull until they have caught up.

The queues stay bounded: a fan-out that is turned costs one write instead of one a follower. Short ones, of authors with
a first page of followers, go on as tasks, each of which is bounded itself.
"""

import time
from threading import Lock
from typing import Final

import structlog
from django.conf import settings

from config.queues import waiting
from config.streams.outages import OUTAGES
from feed.fan_out_readers import FIRST_READERS

logger = structlog.get_logger()

QUEUES: Final = ("fanout", "fanout_rest")
ASKED_EVERY_SECONDS: Final = 0.5
SHORT_ONES: Final = 10
"""A short fan-out is one task more: they go on until there are so many times more of them."""


class _Gauge:
    """The depth of the queues as this process last saw it."""

    def __init__(self) -> None:
        self.lock, self.asked_at, self.depth = Lock(), float("-inf"), 0

    def read(self) -> int:
        """Asks the broker at most every half second. A broker that is away says nothing of its depth: the last one stands."""
        with self.lock:
            now = time.monotonic()
            if now - self.asked_at >= ASKED_EVERY_SECONDS:
                self.asked_at = now
                try:
                    self.depth = waiting(QUEUES)
                except OUTAGES as error:
                    # Fail-open: whoever queues a task meets the broker next, and its record or task comes again.
                    logger.warning("queue_depth_unknown", error=repr(error))
            return self.depth


_gauge = _Gauge()


def is_high() -> bool:
    """Whether more tasks of fan-outs wait than `ROOST_FANOUT_WAITING`.

    Cost: at most 4 requests to the broker every half second.
    """
    return _gauge.read() >= settings.FANOUT_WAITING


def is_too_high_for(followers: int) -> bool:
    """Whether no fan-out to so many followers is to begin: long ones while the queues are full, any while they are ten times so.

    Cost: as `is_high`.
    """
    depth = _gauge.read()
    return depth >= settings.FANOUT_WAITING * (1 if followers > FIRST_READERS else SHORT_ONES)
