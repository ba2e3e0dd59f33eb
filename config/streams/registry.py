"""Which functions hear of which events: `@on(TABLE, Event)` in a room's `consumers.py`."""

from collections.abc import Callable, Sequence
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
    is_of_many: bool = False
    """It takes a list, of events that were read at once: see `folding.py`."""

    def __call__(self, *changes: Change) -> None:
        """Handle the changes that are this handler's events.

        Raises: whatever the function raises; the caller decides between waiting, retrying and giving up.
        """
        found = [self.event_type.from_change(change) for change in changes]
        events = [event for event in found if event is not None]
        if not self.is_of_many:
            for event in events:
                self.function(event)
        elif events:
            self.function(events)

    def is_told(self, change: Change) -> bool:
        """Whether the change is this handler's event."""
        return self.event_type.from_change(change) is not None


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
        _refuse_without_stream(table)

        def register(function: Callable[[E], object]) -> Callable[[E], object]:
            self._add(Handler(_name_of(function), table, event_type, function, is_net=net))
            return function

        return register

    def on_many(
        self, table: Table, event_type: type[E]
    ) -> Callable[[Callable[[Sequence[E]], object]], Callable[[Sequence[E]], object]]:
        """Register a function that takes a list of the events that were read at once, see `folding.py`. Raises: as `on`."""
        _refuse_without_stream(table)

        def register(function: Callable[[Sequence[E]], object]) -> Callable[[Sequence[E]], object]:
            self._add(Handler(_name_of(function), table, event_type, function, is_of_many=True))
            return function

        return register

    def _add(self, handler: Handler) -> None:
        if handler.name in self._by_name:
            message = f"two stream handlers are called {handler.name}"
            raise ImproperlyConfigured(message)
        self._by_name[handler.name] = handler
        self._tables[handler.table.name] = handler.table
        self._by_table.setdefault(handler.table.name, []).append(handler)

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


def _refuse_without_stream(table: Table) -> None:
    if not table.stream:
        message = f"the table {table.name} has no stream"
        raise ImproperlyConfigured(message)


def _name_of(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


handlers = Handlers()
on, on_many = handlers.on, handlers.on_many
