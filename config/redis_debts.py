"""What could not be taken out of the cache while it was away, taken out before anything is read from it again.

    writer   writes to DynamoDB ... takes the old value out of Redis: no answer. It owes that.
    Redis    hung and goes on, or was cut off and is not: it still has the old value
    breaker  pings: an answer. What is owed goes first (`when_back`), and this process is served by Redis after that

Each process owes for itself, in memory; one that dies before Redis is back leaves old values for as long as they live.
A process that wants nothing of Redis meanwhile has a thread look every few seconds, as long as it owes something.
"""

import os
import threading
from collections.abc import Iterable
from itertools import islice
from typing import Final

import redis
import structlog
from django_redis import get_redis_connection

from config import breaker
from config.metrics import REDIS_DEBTS, REDIS_DEBTS_LOST

AT_MOST: Final = 200_000
AT_ONCE: Final = 1_000

logger = structlog.get_logger()


class Debts:
    """Keys of the cache's server, whole as Redis has them."""

    def __init__(self, *, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._lock = threading.Lock()
        # Once paid is paid: nobody takes out what was put there since. Who pays may find out that Redis is back, and pay.
        self._paying = threading.RLock()
        self._keys: set[str] = set()
        self._payer: threading.Thread | None = None

    def __len__(self) -> int:
        return len(self._keys)

    def owe(self, keys: Iterable[str]) -> None:
        """Take these keys out as soon as Redis is back. Beyond the limit they are counted, and left to run out."""
        with self._lock:
            for key in keys:
                if len(self._keys) < self._at_most:
                    self._keys.add(key)
                else:
                    REDIS_DEBTS_LOST.inc()
            REDIS_DEBTS.set(len(self._keys))
            if self._keys and self._payer is None:
                self._payer = threading.Thread(target=self._pay_in_time, name="redis-debts", daemon=True)
                self._payer.start()

    def pay(self) -> None:
        """Take out all that is owed.

        Cost: 1 round trip to Redis a started 1,000 keys; none where nothing is owed.
        Raises: redis.RedisError; what is not paid stays owed.
        """
        with self._paying:
            while self._keys:
                with self._lock:
                    keys = list(islice(self._keys, AT_ONCE))
                client: redis.Redis = get_redis_connection("default")
                client.unlink(*keys)
                with self._lock:
                    self._keys.difference_update(keys)
                    REDIS_DEBTS.set(len(self._keys))
                logger.info("redis_debts_paid", keys=len(keys))

    def _pay_in_time(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(breaker.COOL_DOWN_SECONDS)
            try:
                get_redis_connection("default").ping()
                self.pay()
            except redis.RedisError as cause:
                logger.debug("redis_debts_wait", cause=str(cause))
            with self._lock:
                if not self._keys:
                    self._payer = None
                    return

    def forked(self) -> None:
        """In a child: what the parent owes the parent pays, and its threads are not here."""
        self._lock, self._paying = threading.Lock(), threading.RLock()
        self._keys, self._payer = set(), None


debts: Final = Debts()
owe = debts.owe
breaker.when_back(debts.pay)
os.register_at_fork(after_in_child=debts.forked)
