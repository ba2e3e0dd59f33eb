"""What readers of suggestions make happen, read off the table's stream."""

from dataclasses import dataclass
from typing import ClassVar, Self

from config.entities import UserId
from config.streams import Change
from graph.suggestion_repository import SUGGESTIONS


@dataclass(frozen=True, slots=True)
class SuggestionsAsked:
    """A reader was shown candidates that are old, or a first few: better ones are wanted."""

    version: ClassVar[int] = 1
    event_id: str
    reader_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        """The event of candidates that are asked for anew; None of all else."""
        item = change.new
        if item is None or item["sk"] != SUGGESTIONS or "asked_at_ms" not in item:
            return None
        if change.old is not None and change.old.get("asked_at_ms") == item["asked_at_ms"]:
            return None
        return cls(change.event_id, UserId(int(item["pk"].partition("#")[2])))
