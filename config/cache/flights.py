"""One load of a key at a time in this process: the others wait for it.

A flight is known by its key's name and by the token that lies in Redis while it lasts. Whoever boards has just seen that
token there, so nothing had been written before they came: what the flight brings is right for them too.

A flight of another process has a token as well: the first here who sees it asks Redis now and then, the others wait for them.
"""

import threading
from concurrent.futures import Future
from typing import Any, Final
from weakref import WeakValueDictionary


class Missed:
    """What a flight brings that came to nothing: everybody asks for themselves."""


MISSED: Final = Missed()


class Flight:
    """A load that is under way; `future` brings a value, None for an absence, or MISSED."""

    __slots__ = ("__weakref__", "_flights", "future", "name")

    def __init__(self, flights: "Flights", name: tuple[str, bytes]) -> None:
        self._flights = flights
        self.name = name
        self.future: Future[Any] = Future()

    def land(self, value: Any) -> None:
        """Tell all who wait; the first word counts."""
        if self._flights.end(self):
            self.future.set_result(value)

    def crash(self, error: BaseException) -> None:
        """The same for a load that failed: all who wait fail with it, instead of asking a database in trouble once each."""
        if self._flights.end(self):
            self.future.set_exception(error)


class Flights:
    """Those of one kind. A flight that its crew has left, say by an exception, goes with them: who waits takes over."""

    def __init__(self) -> None:
        self._under_way: WeakValueDictionary[tuple[str, bytes], Flight] = WeakValueDictionary()
        self._lock = threading.RLock()

    def board(self, name: str, token: bytes) -> tuple[Flight, bool]:
        """The flight with this token, and whether it was opened now: then the caller sees to its landing."""
        with self._lock:
            flight = self._under_way.get((name, token))
            if flight is not None:
                return flight, False
            flight = self._under_way[name, token] = Flight(self, (name, token))
            return flight, True

    def end(self, flight: Flight) -> bool:
        """Nobody boards any more; whether it had not ended before."""
        with self._lock:
            if self._under_way.get(flight.name) is not flight:
                return False
            del self._under_way[flight.name]
            return True

    def __len__(self) -> int:
        return len(self._under_way)
