"""Equal reads of one process at the same time, sent as one. Nobody is answered by what was sent before they asked.

    first     asks, is sent ................. answered
    second              asks, waits for that ......... is sent ........... answered
    others                asks, asks, asks, wait for the second's ........ answered by it

So however many ask for one partition, two requests are under way or waiting. A write that was acknowledged before somebody asked,
by any process, is in their answer as if they had asked alone. Who waits for one that does not come, or fails, is sent alone.

Only eventually consistent reads of one partition; batches are seldom equal.
"""

import os
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import orjson

from config.metrics import DYNAMODB_JOINED

JOINED: Final = frozenset({"get_item", "query"})
PATIENCE_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 2.0
"""For so long one waits for an answer that somebody else is to share."""


class Flight:
    """One request, for all who asked before it was sent."""

    __slots__ = ("answer", "is_good", "landed", "next")

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.is_good = False
        self.answer: Any = None
        self.next: Flight | None = None


class Flights:
    """Those of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flying: dict[bytes, Flight] = {}

    def share(self, key: bytes, send: Callable[[], Any]) -> Any:
        """The answer to a request that is sent from now on: by this thread, or by another that asks for the same.

        Raises: what `send` does.
        """
        with self._lock:
            before = self._flying.get(key)
            if before is None:
                mine = self._flying[key] = Flight()
            elif before.next is None:
                mine = before.next = Flight()
            else:
                mine = before.next
                DYNAMODB_JOINED.inc()
                before = mine
        if before is mine:
            mine.landed.wait(LONGEST_SECONDS)
            return mine.answer if mine.is_good else send()
        if before is not None and not before.landed.wait(PATIENCE_SECONDS):
            self._overtake(key, before, mine)
        return self._fly(key, mine, send)

    def _overtake(self, key: bytes, before: Flight, mine: Flight) -> None:
        with self._lock:
            if self._flying.get(key) is before:
                self._flying[key] = mine

    def _fly(self, key: bytes, mine: Flight, send: Callable[[], Any]) -> Any:
        try:
            mine.answer = send()
            mine.is_good = True
        finally:
            with self._lock:
                if self._flying.get(key) is mine:
                    if mine.next is None:
                        del self._flying[key]
                    else:
                        self._flying[key] = mine.next
            mine.landed.set()
        return mine.answer


def key_of(operation: str, parameters: Mapping[str, Any]) -> bytes | None:
    """What equal reads have in common; None for what is not to be joined."""
    if operation not in JOINED or parameters.get("ConsistentRead"):
        return None
    return operation.encode() + orjson.dumps(parameters, default=repr)


@cache
def flights() -> Flights:
    """Those of this process."""
    return Flights()


os.register_at_fork(after_in_child=flights.cache_clear)
