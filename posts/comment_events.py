"""What happened to comments and replies, read off the stream of the table `posts`."""

from dataclasses import dataclass
from typing import Self

from config.dynamodb import Item
from config.entities import PostId, UserId
from config.streams import Change
from posts.comment_entities import CommentRef
from posts.entities import CommentId
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
        )


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """A comment or reply was deleted; its place may stay for what hangs on it."""

    event_id: str
    post_id: PostId
    comment_id: CommentId
    author_id: UserId
    had_likes: bool

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
        )


@dataclass(frozen=True, slots=True)
class CommentLiked:
    """Somebody likes a comment or reply of `author_id`."""

    event_id: str
    post_id: PostId
    comment_id: CommentId
    root_id: CommentId | None
    user_id: UserId
    author_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new
        if change.kind != "INSERT" or item is None or not item["pk"].startswith("MARKS#"):
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
        )


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
