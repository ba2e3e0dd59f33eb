"""What people have marked each other as, read off the table's stream: blocks, mutes, close friends."""

from dataclasses import dataclass
from typing import ClassVar, Self

from config.entities import UserId
from config.streams import Change
from graph.mark_repository import Mark


@dataclass(frozen=True, slots=True)
class MarkEvent:
    """What all of them carry. `version` grows when a field changes its meaning."""

    version: ClassVar[int] = 1
    mark: ClassVar[Mark]
    kind: ClassVar[str]
    event_id: str
    owner_id: UserId
    other_id: UserId
    at_ms: int

    def __init_subclass__(cls, *, mark: Mark, kind: str) -> None:
        """Each event says which mark, and whether it came (INSERT) or went (REMOVE)."""
        cls.mark, cls.kind = mark, kind

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a mark that came or went; None of all else. A mute that ends by itself goes some time later."""
        item = change.new if cls.kind == "INSERT" else change.old
        if change.kind != cls.kind or item is None or not item["sk"].startswith(f"{cls.mark}#"):
            return None
        owner_id, other_id = (UserId(int(item[key].partition("#")[2])) for key in ("pk", "sk"))
        return cls(change.event_id, owner_id, other_id, change.at_ms)


class Blocked(MarkEvent, mark=Mark.BLOCK, kind="INSERT"):
    """Somebody blocks somebody."""

    __slots__ = ()


class Unblocked(MarkEvent, mark=Mark.BLOCK, kind="REMOVE"):
    """A block is taken back."""

    __slots__ = ()


class Muted(MarkEvent, mark=Mark.MUTE, kind="INSERT"):
    """Somebody mutes somebody."""

    __slots__ = ()


class Unmuted(MarkEvent, mark=Mark.MUTE, kind="REMOVE"):
    """A mute ends."""

    __slots__ = ()


class CloseFriendAdded(MarkEvent, mark=Mark.CLOSE, kind="INSERT"):
    """Somebody is put on a list of close friends."""

    __slots__ = ()


class CloseFriendRemoved(MarkEvent, mark=Mark.CLOSE, kind="REMOVE"):
    """Somebody is taken off a list of close friends."""

    __slots__ = ()
