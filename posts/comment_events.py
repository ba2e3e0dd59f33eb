"""What happened to comments and replies, read off the stream of the table `posts`."""

from dataclasses import dataclass
from typing import ClassVar, Self

from config.dynamodb import Item
from config.entities import PostId, UserId
from config.streams import Change
from posts.comment_entities import CommentRef
from posts.entities import CommentId
from posts.like_events import like_id_of
from posts.naming_events import mentioned_in
from posts.ranks import rung_of, settled
from posts.tables import COMMENT_PREFIX, REPLY_PREFIX


@dataclass(frozen=True, slots=True)
class CommentCreated:
    """Somebody commented on a post, or answered a comment under it."""

    event_id: str
    post_id: PostId
    comment_id: CommentId
    author_id: UserId
    root_id: CommentId | None = None
    """Of a reply: what its thread begins with."""
    parent_id: CommentId | None = None
    """Of a reply: what it answers, and whom."""
    parent_author_id: UserId | None = None
    mentioned: tuple[UserId, ...] = ()

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new
        if change.kind != "INSERT" or item is None or not _is_comment(item):
            return None
        return cls(
            change.event_id,
            PostId(item["post_id"]),
            CommentId(item["comment_id"]),
            UserId(item["author_id"]),
            item.get("root_id"),
            item.get("parent_id"),
            item.get("parent_author_id"),
            mentioned_in(item),
        )


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """A comment or reply was deleted; its place may stay for what hangs on it."""

    event_id: str
    post_id: PostId
    comment_id: CommentId
    author_id: UserId
    had_likes: bool
    root_id: CommentId | None = None
    parent_id: CommentId | None = None
    parent_author_id: UserId | None = None
    mentioned: tuple[UserId, ...] = ()

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or not _is_comment(old) or "gone" in old or (new is not None and "gone" not in new):
            return None
        return cls(
            change.event_id,
            PostId(old["post_id"]),
            CommentId(old["comment_id"]),
            UserId(old["author_id"]),
            "likes" in old,
            old.get("root_id"),
            old.get("parent_id"),
            old.get("parent_author_id"),
            mentioned_in(old),
        )


@dataclass(frozen=True, slots=True)
class CommentLikeEvent:
    """What both events of a like carry. `author_id` wrote the comment or reply."""

    kind: ClassVar[str]
    event_id: str
    post_id: PostId
    comment_id: CommentId
    root_id: CommentId | None
    user_id: UserId
    author_id: UserId
    like_id: int = 0
    """Grows from a like to the next one of the same person and comment."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new if cls.kind == "INSERT" else change.old
        if change.kind != cls.kind or item is None or not item["pk"].startswith("MARKS#"):
            return None
        if not item["sk"].startswith(COMMENT_PREFIX):
            return None
        return cls(
            change.event_id,
            PostId(item["post_id"]),
            CommentId(item["comment_id"]),
            item.get("root_id"),
            UserId(item["user_id"]),
            UserId(item["author_id"]),
            like_id_of(item),
        )


class CommentLiked(CommentLikeEvent):
    """Somebody likes a comment or reply."""

    __slots__ = ()
    kind = "INSERT"


class CommentUnliked(CommentLikeEvent):
    """A like was taken back, or went with its comment."""

    __slots__ = ()
    kind = "REMOVE"


@dataclass(frozen=True, slots=True)
class CommentLikesCounted:
    """The likes of a comment that a thread begins with have left the rung that it stands on."""

    event_id: str
    ref: CommentRef

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or not _is_comment(new) or new["sk"].startswith(REPLY_PREFIX):
            return None
        if old.get("likes", 0) == new.get("likes", 0):
            return None
        stands_on = rung_of(new.get("rank", 0))
        if settled(stands_on, new["likes"]) == stands_on:
            return None
        return cls(change.event_id, CommentRef(PostId(new["post_id"]), CommentId(new["comment_id"])))


def _is_comment(item: Item) -> bool:
    """Likes of comments lie with who likes, under keys that begin alike."""
    return bool(item["pk"].startswith("POST#") and item["sk"].startswith((COMMENT_PREFIX, REPLY_PREFIX)))
