"""What is to be scanned, read off the table's stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from config.entities import PostId
from config.streams import Change
from posts.tables import META

IMPORT_MS: Final = 86_400_000
"""What is written a day and more after its own time was brought in by an operator: trusted, and not scanned."""


@dataclass(frozen=True, slots=True)
class PostToScan:
    """There is a new post, or a new version of one, or the last of its photos has been made."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if new is None or new["sk"] != META:
            return None
        is_new = old is None and not _is_import(new, change)
        is_changed = old is not None and (
            old.get("version", 1) != new.get("version", 1) or (_is_waiting(old) and not _is_waiting(new))
        )
        return cls(change.event_id, PostId(new["id"])) if is_new or is_changed else None


@dataclass(frozen=True, slots=True)
class PostJudged:
    """A post stands elsewhere than before."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META or old.get("standing") == new.get("standing"):
            return None
        return cls(change.event_id, PostId(new["id"]))


@dataclass(frozen=True, slots=True)
class CommentToScan:
    """There is a new comment, wherever it lies."""

    event_id: str
    partition: str
    sort_key: str

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        new = change.new
        if change.kind != "INSERT" or new is None or "comment_id" not in new or "text" not in new:
            return None
        if _is_import(new, change):
            return None
        return cls(change.event_id, new["pk"], new["sk"])


def _is_import(item: Mapping[str, Any], change: Change) -> bool:
    return bool(item["created_at_ms"] < change.at_ms - IMPORT_MS)


def _is_waiting(item: Mapping[str, Any]) -> bool:
    """Some of its photos are still being made."""
    return any(not photo["renditions"] and not photo.get("failed") for photo in item.get("photos", []))
