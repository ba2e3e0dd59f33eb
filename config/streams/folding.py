"""Events of one kind that were read at once, told together: for handlers whose work is cheaper for many than for each.

    read at once     a  x  b  c         x is no event of this handler
    told each        a     b  c
    told many        abc

At most MOST a time. Who writes little is heard of as soon as ever; a burst comes in fewer, larger pieces the further the
consumer is behind. A handler hears of an event before its turn, so only one that minds neither order nor repetition may
ask for it: a process that is killed between the telling and the last event's checkpoint tells of some again.

What fails together is told one by one: what is wrong with one becomes its own dead letter.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from config.streams.change import Change
from config.streams.registry import Handler

MOST: Final = 100


class ReadAtOnce:
    """Changes of one shard in their order, and up to which of them each handler of many has heard."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._telling: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        self._is_apart: set[str] = set()

    def told_at(self, position: int, handler: Handler) -> list[Change]:
        """What a handler of many is told when the change at this position has its turn; nothing if it has heard of it."""
        if position < self._heard.get(handler.name, 0) or not handler.is_told(self._changes[position]):
            return []
        behind = (at for at in range(position, len(self._changes)) if handler.is_told(self._changes[at]))
        told = list(islice(behind, 1 if handler.name in self._is_apart else MOST))
        self._telling[handler.name] = told[-1] + 1
        return [self._changes[at] for at in told]

    def has_heard(self, handler: Handler) -> None:
        """The handler has been told that."""
        self._heard[handler.name] = self._telling[handler.name]

    def take_apart(self, handler: Handler) -> None:
        """From now on this handler is told one by one."""
        self._is_apart.add(handler.name)
