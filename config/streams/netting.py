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


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is told: itself to most handlers, and to those of the net what became of its item by the end."""

    change: Change
    net: Change | None
    """None if an earlier one has told it."""

    def to(self, is_net: bool) -> Change | None:  # noqa: FBT001  # a handler's flag, handed on
        """What a handler is told, None for nothing."""
        return self.net if is_net else self.change


def told(changes: Sequence[Change]) -> Iterator[Told]:
    """Changes of one shard that were read at once, in their order."""
    last: dict[tuple[Any, ...], Change] = {_item(change): change for change in changes}
    for change in changes:
        end = last.pop(_item(change), None)
        yield Told(change, None if end is None else _net(change, end))


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
