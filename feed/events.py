"""What happened in the feed's own tables, read off the stream."""

from dataclasses import dataclass
from typing import Self

from config.entities import UserId
from config.streams import Change
from feed.tables import FOLLOWS, PUSH_PREFIX, STATE


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


@dataclass(frozen=True, slots=True)
class RebuildAsked:
    """A page had to do without an inbox, or without the list of whom its reader follows."""

    event_id: str
    reader_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a FOLLOWS item that was asked for anew; None of all else."""
        item = change.new
        if item is None or item["sk"] != FOLLOWS or "asked_at_ms" not in item:
            return None
        if change.old is not None and change.old.get("asked_at_ms") == item["asked_at_ms"]:
            return None
        return cls(change.event_id, UserId(int(item["pk"].partition("#")[2])))


@dataclass(frozen=True, slots=True)
class ReadsNoted:
    """How often a reader reads was written anew. `decided_at_ms`: when push or pull was last decided; 0 if never."""

    event_id: str
    reader_id: UserId
    decided_at_ms: int

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a STATE item whose rate has another time; None of all else."""
        item, before = change.new, change.old or {}
        if item is None or item["sk"] != STATE or item.get("rate_at_ms") == before.get("rate_at_ms"):
            return None
        reader_id = UserId(int(item["pk"].partition("#")[2]))
        return cls(change.event_id, reader_id, item.get("decided_at_ms", 0))
