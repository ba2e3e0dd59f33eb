"""Whether the broker still has what was queued: a name lies in it, which is gone when what it held is gone.

    consumer     handles records, queues tasks ............... (broker wiped) ... another name: goes back, handles again
    the lease    life A, settled up to 17, handled up to 42                       life B, handled up to 17

What a wiped broker held can't be known, but all of it came from records of streams, and those are kept for a day. So every
lease says in which life of the broker it was handled, and up to where tasks have long been done (`settled`).

A broker that forgets without being wiped (a replica that was behind takes over) keeps its name:
`manage.py replay_stream` is for that. A broker that is no Redis has no name here.
"""

from dataclasses import replace
from threading import Event, Thread
from typing import Final
from uuid import uuid4

import structlog

from config.celery import app
from config.streams.leases import Lease
from config.streams.outages import OUTAGES
from config.task_ledger import LostTasks

logger = structlog.get_logger()

NAME: Final = "roost.life"
LOOKED_EVERY_SECONDS: Final = 1.0
SETTLED_AFTER_MS: Final = 30 * 60_000
"""So long no task waits: fan-outs give way sooner (`ROOST_FANOUT_WAITING`)."""


def broker_life() -> str | None:
    """The name of the broker's present life, given to it if it has none.

    Cost: 1 request to the broker, 3 of a new one.
    Raises: an outage without a broker.
    """
    with app.connection_or_acquire() as connection:
        if connection.transport.driver_type != "redis":
            return None
        redis = connection.default_channel.client
        found = redis.get(NAME)
        if found is None:
            redis.set(NAME, uuid4().hex, nx=True)
            found = redis.get(NAME)
    return found.decode() if found else None


class BrokerWatch:
    """The broker's life as it was seen last. A thread of its own looks: a broker that hangs must not hold up leases."""

    def __init__(self) -> None:
        self.life: str | None = None
        self._lost = LostTasks()
        self._stopping = Event()
        self._thread = Thread(target=self._look, name="stream-broker", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a look at a broker that hangs is not waited for."""
        self._stopping.set()

    def _look(self) -> None:
        while not self._stopping.is_set():
            try:
                self.life = broker_life() or self.life
                self._lost.look()
            except OUTAGES as error:
                logger.debug("broker_life_unknown", error=repr(error))
            self._stopping.wait(LOOKED_EVERY_SECONDS)


def is_of_another_life(lease: Lease, life: str | None) -> bool:
    """Whether tasks of what this lease has handled may be lost."""
    return life is not None and lease.life not in {"", life}


def lease_at(lease: Lease, checkpoint: str, *, life: str | None, now_ms: int) -> Lease:
    """The lease at another checkpoint, its marks moved on: `settled` is where it stood at least SETTLED_AFTER_MS ago."""
    at = replace(lease, checkpoint=checkpoint, life=lease.life or life or "")
    if not lease.settled:
        return replace(at, settled=lease.checkpoint, settling=lease.checkpoint, settling_at_ms=now_ms)
    if now_ms - lease.settling_at_ms < SETTLED_AFTER_MS:
        return at
    return replace(at, settled=lease.settling, settling=checkpoint, settling_at_ms=now_ms)


def lease_back(lease: Lease, life: str, now_ms: int) -> Lease:
    """The lease once its tasks are lost: at `settled`, in the new life."""
    at = lease.settled or lease.checkpoint
    return replace(lease, life=life, checkpoint=at, settled=at, settling=at, settling_at_ms=now_ms)
