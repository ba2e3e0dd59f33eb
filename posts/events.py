"""What happened in the posts room, read off the table's stream. A deletion is soft, so it arrives as a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from config.entities import PostId, UserId
from config.streams import Change
from posts.entities import Audience, MediumId, Post
from posts.media.names import folder_of
from posts.repository.items import photos_of_item, post_of_item
from posts.tables import EDIT_PREFIX, MEDIUM, META, PREVIEW
from posts.text.facets import FacetKind, facets_of_item, kinds_in
from posts.text.parse import tags_of


@dataclass(frozen=True, slots=True)
class PostCreated:
    """A post is there. `audience` lets a fan-out leave out what only its author may see."""

    event_id: str
    post_id: PostId
    author_id: UserId
    audience: Audience
    created_at_ms: int
    text: str = ""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new
        if change.kind != "INSERT" or item is None or item["sk"] != META:
            return None
        return cls(
            change.event_id,
            PostId(item["id"]),
            UserId(item["author_id"]),
            Audience(item["audience"]),
            item["created_at_ms"],
            item.get("text", ""),
        )


@dataclass(frozen=True, slots=True)
class PostDeleted:
    """A post was deleted by its author; not one that was archived before, for that is when it left."""

    event_id: str
    post_id: PostId
    author_id: UserId
    has_photo: bool
    text: str = ""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META:
            return None
        if not _is_listed(old) or "deleted_at_ms" not in new:
            return None
        return cls(
            change.event_id,
            PostId(new["id"]),
            UserId(new["author_id"]),
            "photo" in new or "photos" in new,
            old.get("text", ""),
        )


@dataclass(frozen=True, slots=True)
class PostArchived:
    """A post was put away by its author."""

    event_id: str
    post_id: PostId
    author_id: UserId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META or not _is_listed(old):
            return None
        if "archived_at_ms" not in new or "deleted_at_ms" in new:
            return None
        return cls(change.event_id, PostId(new["id"]), UserId(new["author_id"]))


@dataclass(frozen=True, slots=True)
class PostReturned:
    """A post that was deleted or archived is in its author's list again."""

    event_id: str
    post_id: PostId
    author_id: UserId
    audience: Audience

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META or _is_listed(old) or not _is_listed(new):
            return None
        return cls(change.event_id, PostId(new["id"]), UserId(new["author_id"]), Audience(new["audience"]))


def _is_listed(item: Mapping[str, object]) -> bool:
    return "deleted_at_ms" not in item and "archived_at_ms" not in item


@dataclass(frozen=True, slots=True)
class PostEdited:
    """A live post was changed by its author: what it says, whom it is for, or who may comment."""

    event_id: str
    post_id: PostId
    author_id: UserId
    was_audience: Audience
    audience: Audience
    text_before: str
    text: str
    tags_before: tuple[str, ...]
    post: Post
    """As it was then, without counts."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META:
            return None
        if old.get("version", 1) == new.get("version", 1) or "deleted_at_ms" in new:
            return None
        return cls(
            change.event_id,
            PostId(new["id"]),
            UserId(new["author_id"]),
            Audience(old["audience"]),
            Audience(new["audience"]),
            old["text"],
            new["text"],
            tuple(tags_of(facets_of_item(old["text"], old.get("facets", [])))),
            post_of_item(new),
        )


@dataclass(frozen=True, slots=True)
class PostTagged:
    """A post with hashtags is there."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        post_id = _new_post_with(FacetKind.TAG, change)
        return None if post_id is None else cls(change.event_id, post_id)


@dataclass(frozen=True, slots=True)
class PostLinked:
    """A post with a link is there."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        post_id = _new_post_with(FacetKind.LINK, change)
        return None if post_id is None else cls(change.event_id, post_id)


def _new_post_with(kind: FacetKind, change: Change) -> PostId | None:
    item = change.new
    if change.kind != "INSERT" or item is None or item["sk"] != META:
        return None
    return PostId(item["id"]) if kind in kinds_in(item.get("facets", [])) else None


@dataclass(frozen=True, slots=True)
class PreviewExpired:
    """A preview with a picture is gone, or has another picture now: this one is nobody's."""

    event_id: str
    picture: str

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new or {}
        if old is None or old["sk"] != PREVIEW or "picture" not in old:
            return None
        is_kept = new.get("picture", {}).get("name") == old["picture"]["name"]
        return None if is_kept else cls(change.event_id, old["picture"]["name"])


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """Somebody has looked at a preview that is old, or gone."""

    event_id: str
    url: str

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old or {}, change.new or {}
        if new.get("sk") != PREVIEW or new.get("asked_at_ms") in {None, old.get("asked_at_ms")}:
            return None
        return cls(change.event_id, new["url"])


@dataclass(frozen=True, slots=True)
class MediumWaiting:
    """An upload is whole and checked; its renditions are to be made."""

    event_id: str
    medium_id: MediumId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if new is None or new["sk"] != MEDIUM or new["state"] != "waiting":
            return None
        was_waiting = old is not None and old["state"] == "waiting"
        return None if was_waiting else cls(change.event_id, MediumId(new["id"]))


@dataclass(frozen=True, slots=True)
class MediumRemoved:
    """A medium is gone: discarded, swept, run out, or with its post."""

    event_id: str
    folder: str

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old = change.old
        if change.kind != "REMOVE" or old is None or old["sk"] != MEDIUM:
            return None
        return cls(change.event_id, old["folder"])


@dataclass(frozen=True, slots=True)
class VersionRemoved:
    """A kept version that showed other photos than the next one is gone: media by id, folders of older photos."""

    event_id: str
    post_id: PostId
    medium_ids: tuple[int, ...]
    folders: tuple[str, ...]

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old = change.old
        if change.kind != "REMOVE" or old is None or not old["sk"].startswith(EDIT_PREFIX):
            return None
        photos = photos_of_item(old)
        if not photos:
            return None
        return cls(
            change.event_id,
            PostId(int(old["pk"].removeprefix("POST#"))),
            tuple(photo.id for photo in photos if photo.id is not None),
            tuple(folder_of(photo) for photo in photos if photo.id is None),
        )
