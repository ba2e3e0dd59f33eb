"""What happened in the feed's own tables, read off the stream."""

from dataclasses import dataclass
from typing import Self

from config.entities import UserId
from config.streams import Change
from feed.tables import PUSH_PREFIX


@dataclass(frozen=True, slots=True)
class PushEdgeKept:
    """A reader follows too many pulled authors: this edge is to be pushed again."""

    event_id: str
    reader_id: UserId
    author_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a new PUSH# item; None of all else."""
        item = change.new
        if change.kind != "INSERT" or item is None or not item["sk"].startswith(PUSH_PREFIX):
            return None
        return cls(change.event_id, UserId(item["reader_id"]), UserId(item["author_id"]))
