"""The approval of all requests, read off the table's stream."""

from dataclasses import dataclass
from typing import ClassVar, Self

from config.entities import UserId
from config.streams import Change


@dataclass(frozen=True, slots=True)
class ApprovalBegun:
    """A run is to begin."""

    version: ClassVar[int] = 1
    event_id: str
    owner_id: UserId
    run: int

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of a new run; None of its steps and of all else."""
        new, old = change.new, change.old
        if new is None or new["sk"] != "APPROVAL" or (old is not None and old["run"] == new["run"]):
            return None
        return cls(change.event_id, UserId(int(new["pk"].partition("#")[2])), new["run"])
