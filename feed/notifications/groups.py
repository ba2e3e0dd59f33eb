"""A line of the page as it is stored: how many did it, and the last of them. Pure."""

from dataclasses import dataclass, replace
from typing import Final

from config.entities import PostId, UserId
from feed.notifications.entities import Line

LATEST: Final = 10
"""Rows that lie with the group itself, so that a page is one Query."""
FULL: Final = 1_000
"""Then a line says "more than": it grows no more, so that what a million like costs its author's partition no writes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One who did it."""

    source: int
    actor_id: UserId
    noted_id: int
    root_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A line. `version` is another one after every change; 0: it is not stored."""

    line: Line
    post_id: PostId | None
    count: int = 0
    latest: tuple[Row, ...] = ()
    version: int = 0

    @property
    def newest_id(self) -> int:
        """Where it stands in the page."""
        return max((row.noted_id for row in self.latest), default=0)

    @property
    def is_full(self) -> bool:
        """It grows no more."""
        return self.count >= FULL

    @property
    def needs_more(self) -> bool:
        """So many were taken back that others, who are not here, should move up."""
        return len(self.latest) <= LATEST // 2 and self.count > len(self.latest)


def with_row(group: Group, row: Row) -> Group:
    """One more, who was not in it."""
    latest = tuple(sorted((*group.latest, row), key=lambda each: -each.noted_id)[:LATEST])
    return replace(group, count=group.count + 1, latest=latest)


def without_row(group: Group, source: int) -> Group:
    """One less, who was in it."""
    latest = tuple(row for row in group.latest if row.source != source)
    return replace(group, count=group.count - 1, latest=latest)


def refilled(group: Group, rows: list[Row]) -> Group:
    """With the newest of all who are in it."""
    return replace(group, latest=tuple(sorted(rows, key=lambda each: -each.noted_id)[:LATEST]))
