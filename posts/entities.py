"""What a post is, to everyone who does not store it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from accounts.entities import ProfileCard
from config.entities import PostId, UserId
from posts.previews.entities import PreviewCard
from posts.text.facets import Facets
from posts.text.parse import facets_of

CommentId = NewType("CommentId", int)


class Audience(StrEnum):
    """Who may see a post; a private account narrows EVERYONE to its followers."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    CLOSE_FRIENDS = "close_friends"
    ONLY_ME = "only_me"


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo: names of its renditions by their longer side, never the upload itself.

    Units: pixels. `width` and `height` are those of the largest rendition.
    """

    renditions: dict[int, str]
    width: int
    height: int
    blurhash: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PostCounts:
    """What the post's COUNTS item says."""

    likes: int = 0
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One post with its counts."""

    id: PostId
    author_id: UserId
    text: str
    photo: Photo | None
    audience: Audience
    created_at_ms: int
    deleted: bool = False
    like_count: int = 0
    comment_count: int = 0
    facets: Facets | None = None
    """None in a post of before texts were read when they are written."""

    @property
    def shown_facets(self) -> Facets:
        """What in the text leads somewhere; in an older one, whoever may have the handles that it mentions."""
        return facets_of(self.text) if self.facets is None else self.facets


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; its id is minted at its creation, so the order of ids is the order of time."""

    id: CommentId
    post_id: PostId
    author_id: UserId
    text: str
    created_at_ms: int
    facets: Facets | None = None

    @property
    def shown_facets(self) -> Facets:
        """As a post's."""
        return facets_of(self.text) if self.facets is None else self.facets


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One rendition as a page needs it. Units: pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post made ready to be shown to one viewer."""

    post: Post
    author: ProfileCard
    liked: bool
    photo_files: tuple[PhotoFile, ...]
    """Smallest first; empty without a photo."""
    photo_preview: str
    """A data: address of some hundred bytes, shown until the photo has come; empty without one."""
    can_delete: bool
    preview: PreviewCard | None = None
    """Of the first link, once a worker has fetched it."""

    @property
    def audience(self) -> Audience:
        """As the viewer is told: who is on a list of close friends does not learn of the list from a post to it."""
        is_told_less = self.post.audience is Audience.CLOSE_FRIENDS and not self.can_delete
        return Audience.FOLLOWERS if is_told_less else self.post.audience


@dataclass(frozen=True, slots=True)
class CommentCard:
    """A comment made ready to be shown to one viewer."""

    comment: Comment
    author: ProfileCard
    can_delete: bool
