"""What the stream tells of archives."""

from dataclasses import dataclass
from typing import ClassVar, Self

from accounts.entities import ArchiveState
from config.entities import UserId
from config.streams import Change


@dataclass(frozen=True, slots=True)
class ReturnBegun:
    """An account's edges are wanted; how far the request itself has brought them shows when this is heard."""

    version: ClassVar[int] = 1
    event_id: str
    user_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of an archive that has come to be returning; None of all else."""
        old, new = change.old or {}, change.new or {}
        began = new.get("sk") == "ARCHIVE" and new["state"] == ArchiveState.RETURNING != old.get("state")
        return cls(change.event_id, UserId(int(new["pk"].removeprefix("USER#")))) if began else None
