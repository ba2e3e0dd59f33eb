"""A save, a collection, and how they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from config.entities import PostId, UserId
from posts.entities import PhotoCard, Post

SaveId = NewType("SaveId", int)
CollectionId = NewType("CollectionId", int)


@dataclass(frozen=True, slots=True)
class Save:
    """A post that somebody keeps. Its id is minted when it is saved: what was saved last has the largest."""

    id: SaveId
    user_id: UserId
    post_id: PostId
    collections: tuple[CollectionId, ...] = ()
    """In the order of adding. One that is deleted may still be named."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Saved posts under a name."""

    id: CollectionId
    user_id: UserId
    name: str
    posts: int = 0
    """How many are in it, hidden ones too."""
    cover_id: PostId | None = None
    """The post whose first photo it shows: the last one with a photo that was put in."""


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection made ready to be shown to its owner."""

    collection: Collection
    cover: PhotoCard | None


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page of saved posts, the last saved first."""

    posts: Sequence[Post]
    hidden: int
    """How many of those looked at for the page can't be seen at present."""
    next_cursor: str | None
