"""What a post is, to everyone who does not store it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from accounts.entities import ProfileCard
from config.entities import PostId, UserId
from posts.details import NOTHING_SAID, Details
from posts.previews.entities import PreviewCard
from posts.standing import SHOWN, Moderation
from posts.text.facets import Facets
from posts.text.parse import facets_of

CommentId = NewType("CommentId", int)
MediumId = NewType("MediumId", int)


class Audience(StrEnum):
    """Who may see a post; a private account narrows EVERYONE to its followers."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    CLOSE_FRIENDS = "close_friends"
    ONLY_ME = "only_me"


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo: names of its WebP renditions by their longer side, never the upload itself.

    Units: pixels. `width` and `height` are those of the largest rendition.
    """

    renditions: dict[int, str]
    """Empty until a worker has made them."""
    width: int
    height: int
    blurhash: str
    alt: str = ""
    id: MediumId | None = None
    """None of a picture that was stored without a medium: before there were any, or by the demo network."""
    colour: str = ""
    """The one that most of it has, as #rrggbb; empty in photos of before it was kept."""
    formats: tuple[str, ...] = ("webp",)
    """What each rendition is there as; the other names differ in their ending alone."""
    animated: bool = False
    """The upload moved; this is its first picture."""
    failed: bool = False
    """No renditions will come."""

    @property
    def is_waiting(self) -> bool:
        """A worker has yet to make its renditions."""
        return not self.renditions and not self.failed


@dataclass(frozen=True, slots=True)
class PostCounts:
    """What the post's COUNTS item says."""

    likes: int = 0
    comments: int = 0
    reposts: int = 0
    quotes: int = 0
    shares: int = 0
    spread: int = 0
    """Of a hot post: over how many shards changes are spread, see `posts.spread`."""
    folded_at_ms: int | None = None
    """Of a hot post: since then changes in its shards may not be counted here."""
    changes: int = field(default=0, compare=False)
    """How often its COUNTS item has been changed, which says of two which is later; not of a hot post's shards."""


@dataclass(frozen=True, slots=True)
class PostRef:
    """Another post that a post repeats or quotes; its author is kept so that who is asked for is known without it."""

    post_id: PostId
    author_id: UserId


@dataclass(frozen=True, slots=True)
class Post:
    """One post with its counts."""

    id: PostId
    author_id: UserId
    text: str
    photos: tuple[Photo, ...]
    audience: Audience
    created_at_ms: int
    deleted: bool = False
    like_count: int = 0
    comment_count: int = 0
    repost_count: int = 0
    quote_count: int = 0
    share_count: int = 0
    spread: int = 0
    folded_at_ms: int | None = None
    """As in `PostCounts`, with the one before."""
    facets: Facets | None = None
    """None in a post of before texts were read when they are written."""
    details: Details = NOTHING_SAID
    version: int = 1
    """Goes up with every change by its author, so that none is made over another that was not seen."""
    edited_at_ms: int | None = None
    """When what it says was last changed; who may see it or comment is not what it says."""
    archived_at_ms: int | None = None
    """Put away by its author, for whom alone it is then."""
    purge_at_ms: int | None = None
    """Of a deleted post: until then its author can have it back."""
    repost_of: PostRef | None = None
    """It has nothing of its own then, and shows that post."""
    quote_of: PostRef | None = None
    """What its text is about."""
    target: "Post | None" = None
    """The post repeated or quoted, as one viewer may see it: `visibility` fills it in, and it is never stored."""
    moderation: Moderation = SHOWN

    @property
    def cover(self) -> str:
        """What readers are told instead of text and photos until they ask for them: the author's words or moderation's."""
        return self.details.warning or self.moderation.cover

    @property
    def photo(self) -> Photo | None:
        """The first one."""
        return self.photos[0] if self.photos else None

    @property
    def is_listed(self) -> bool:
        """In its author's list: neither deleted nor archived."""
        return not self.deleted and self.archived_at_ms is None

    @property
    def quoted_ids(self) -> tuple[PostId, ...]:
        """What it quotes; none or one."""
        return (self.quote_of.post_id,) if self.quote_of else ()

    @property
    def shown(self) -> "Post":
        """What a card of it shows: of a repost, the post that it repeats."""
        return self.target if self.repost_of is not None and self.target is not None else self

    @property
    def shown_facets(self) -> Facets:
        """What in the text leads somewhere; in an older one, whoever may have the handles that it mentions."""
        return facets_of(self.text) if self.facets is None else self.facets


@dataclass(frozen=True, slots=True)
class PostVersion:
    """What a post was before it was changed."""

    post: Post
    """As it was; `created_at_ms` is when this version came."""
    alts: tuple[str, ...]
    """Its photos' descriptions, in order; empty if there were none."""


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One rendition as a page needs it. Units: pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One photo of a post made ready to be shown to one viewer."""

    photo: Photo
    files: dict[str, tuple[PhotoFile, ...]]
    """By format ("webp", "avif"), smallest first; empty until they are made. Addresses are signed and run out."""
    preview: str
    """A data: address of some hundred bytes, shown until the photo has come."""


@dataclass(frozen=True, slots=True)
class RepostLine:
    """How a post came into a list: who repeated it, and when."""

    id: PostId
    by: ProfileCard
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class QuotedCard:
    """A quoted post inside the card of the one that quotes it: its text, its first photo, and nothing that it quotes."""

    post: Post
    author: ProfileCard
    photo: PhotoCard | None


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post made ready to be shown to one viewer; of a repost, the post that it repeats."""

    post: Post
    author: ProfileCard
    liked: bool
    photos: tuple[PhotoCard, ...]
    can_delete: bool
    preview: PreviewCard | None = None
    """Of the first link, once a worker has fetched it."""
    can_comment: bool = False
    saved: bool = False
    reposted: bool = False
    muted: bool = False
    """Of the viewer's own: notifications about this post are off."""
    repost: RepostLine | None = None
    quoted: QuotedCard | None = None
    """None without a quote, and where the viewer may not see what is quoted."""
    can_repost: bool = False

    @property
    def place_id(self) -> PostId:
        """Where the card stands in lists by time: by the repost, if it came by one."""
        return self.post.id if self.repost is None else self.repost.id

    @property
    def photo_files(self) -> tuple[PhotoFile, ...]:
        """The first photo as WebP, smallest first; empty without one and until it is made."""
        return self.photos[0].files.get("webp", ()) if self.photos else ()

    @property
    def is_waiting(self) -> bool:
        """Some of its photos are still being made."""
        return any(photo.is_waiting for photo in self.post.photos)

    @property
    def audience(self) -> Audience:
        """As the viewer is told: who is on a list of close friends does not learn of the list from a post to it."""
        is_told_less = self.post.audience is Audience.CLOSE_FRIENDS and not self.can_delete
        return Audience.FOLLOWERS if is_told_less else self.post.audience
