"""Which functions hear of which events: `@on(TABLE, Event)` in a room's `consumers.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

from django.core.exceptions import ImproperlyConfigured

from config.dynamodb import Table
from config.streams.change import Change


class Event(Protocol):
    """What a room's event can tell: whether a change is one of its kind."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event that the change stands for, None if it stands for another or for nothing."""


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Handler:
    """One function that hears of one kind of event. Its name is kept in dead letters, so renaming it is a migration."""

    name: str
    table: Table
    event_type: type[Event]
    function: Callable[[Any], object]
    is_net: bool = False
    """Of several changes of an item that were read at once it hears what became of it: see `netting.py`."""

    def __call__(self, change: Change) -> None:
        """Handle the change if it is this handler's event.

        Raises: whatever the function raises; the caller decides between waiting, retrying and giving up.
        """
        event = self.event_type.from_change(change)
        if event is not None:
            self.function(event)


class Handlers:
    """A set of handlers. The process has one, `handlers`; tests make their own."""

    def __init__(self) -> None:
        self._by_table: dict[str, list[Handler]] = {}
        self._tables: dict[str, Table] = {}
        self._by_name: dict[str, Handler] = {}

    def on(
        self, table: Table, event_type: type[E], *, net: bool = False
    ) -> Callable[[Callable[[E], object]], Callable[[E], object]]:
        """Register the decorated function. `net`: told once of all changes of an item that were read at once, see `netting.py`.

        Raises: ImproperlyConfigured for a table without a stream and for a name that is taken.
        """
        if not table.stream:
            message = f"the table {table.name} has no stream"
            raise ImproperlyConfigured(message)

        def register(function: Callable[[E], object]) -> Callable[[E], object]:
            name = f"{function.__module__}.{function.__qualname__}"
            if name in self._by_name:
                message = f"two stream handlers are called {name}"
                raise ImproperlyConfigured(message)
            handler = Handler(name, table, event_type, function, net)
            self._by_name[name] = handler
            self._tables[table.name] = table
            self._by_table.setdefault(table.name, []).append(handler)
            return function

        return register

    def of(self, table: Table) -> list[Handler]:
        """The handlers of a table, in the order they were registered."""
        return self._by_table.get(table.name, [])

    def named(self, name: str) -> Handler | None:
        """The handler of that name, None if no code has it any more."""
        return self._by_name.get(name)

    @property
    def tables(self) -> list[Table]:
        """The tables whose streams anyone listens to."""
        return list(self._tables.values())


handlers = Handlers()
on = handlers.on
