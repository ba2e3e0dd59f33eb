"""Likes that came and went, read off the table's stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from config.entities import PostId, UserId
from config.ids import first_id_at
from config.streams import Change
from posts.mark_entities import MarkKind
from posts.tables import MARK_PREFIX


@dataclass(frozen=True, slots=True)
class LikeCreated:
    """Somebody likes a post of `author_id`."""

    event_id: str
    post_id: PostId
    user_id: UserId
    author_id: UserId
    like_id: int = 0
    """Grows from a like to the next one of the same person and post."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new
        if change.kind != "INSERT" or item is None or "moved" in item or not _is_like(item):
            return None
        return cls(
            change.event_id,
            PostId(item["post_id"]),
            UserId(item["user_id"]),
            UserId(item["author_id"]),
            like_id_of(item),
        )


@dataclass(frozen=True, slots=True)
class LikeDeleted:
    """A like was taken back, or went with its post."""

    event_id: str
    post_id: PostId
    user_id: UserId
    author_id: UserId
    like_id: int = 0
    """Grows from a like to the next one of the same person and post."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.old
        if change.kind != "REMOVE" or item is None or not _is_like(item):
            return None
        return cls(
            change.event_id,
            PostId(item["post_id"]),
            UserId(item["user_id"]),
            UserId(item["author_id"]),
            like_id_of(item),
        )


def like_id_of(item: Mapping[str, Any]) -> int:
    """The id of a like on a post or a comment; of one from before likes had ids, the first of its millisecond."""
    return int(item.get("mark_id") or first_id_at(item["created_at_ms"]))


def _is_like(item: Mapping[str, Any]) -> bool:
    """A like on a post, not on a comment."""
    sk: str = item["sk"]
    return sk.startswith(MARK_PREFIX) and sk.endswith(f"#{MarkKind.LIKED}")
