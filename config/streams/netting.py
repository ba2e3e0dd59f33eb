"""What became of an item over all changes of it that were read at once: for handlers that need not hear of each.

    read at once       a0 -> a1     b0 -> b1     a1 -> a2     a2 -> a3
    told each          a0 -> a1     b0 -> b1     a1 -> a2     a2 -> a3
    told net           a0 -> a3     b0 -> b1     -            -

Only for an event that a net shows whenever one of its changes does, as that of a number that only grows: a like that came
and went is no net at all. It is told at the first of them, when all have happened already: a process that is killed after that has told of each that
it has checkpointed, and those that come again are told again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from config.streams.change import Change, Kind
from config.streams.folding import ReadAtOnce
from config.streams.registry import Handler


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is told.

    Most handlers are told of it alone, those of the net what became of its item by the end, and those of many all of what
    was read at once that concerns them.
    """

    change: Change
    net: Change | None
    """None if an earlier one has told it."""
    among: ReadAtOnce
    position: int = 0

    def to(self, handler: Handler) -> list[Change]:
        """What a handler is told, perhaps nothing."""
        if handler.is_of_many:
            return self.among.told_at(self.position, handler)
        told = self.net if handler.is_net else self.change
        return [] if told is None else [told]


def told(changes: Sequence[Change]) -> Iterator[Told]:
    """Changes of one shard that were read at once, in their order."""
    last: dict[tuple[Any, ...], Change] = {_item(change): change for change in changes}
    among = ReadAtOnce(changes)
    for position, change in enumerate(changes):
        end = last.pop(_item(change), None)
        yield Told(change, None if end is None else _net(change, end), among, position)


def _item(change: Change) -> tuple[Any, ...]:
    return tuple(change.keys.values())


def _net(first: Change, end: Change) -> Change:
    """From before the first to after the end; told under the id of the first, at whose place it is retried."""
    if first is end:
        return first
    return replace(first, kind=_kind(first, end), new=end.new, at_ms=end.at_ms, expired=end.expired)


def _kind(first: Change, end: Change) -> Kind:
    if end.new is None:
        return "REMOVE"
    return "INSERT" if first.old is None else "MODIFY"
