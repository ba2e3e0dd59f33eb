"""What a comment is, to everyone who does not store it."""

from dataclasses import dataclass

from accounts.entities import ProfileCard
from config.entities import PostId, UserId
from posts.entities import CommentId
from posts.standing import SHOWN, Moderation
from posts.text.facets import Facets
from posts.text.parse import facets_of


@dataclass(frozen=True, slots=True)
class CommentRef:
    """What a comment is found by: of a reply also the comment that its thread begins with.

    As text, in addresses: the id; of a reply the thread's, a hyphen, and its own.
    """

    post_id: PostId
    id: CommentId
    root_id: CommentId | None = None

    def __str__(self) -> str:
        return str(self.id) if self.root_id is None else f"{self.root_id}-{self.id}"

    @property
    def root(self) -> "CommentRef":
        """The comment that the thread begins with: itself, unless it is a reply."""
        return self if self.root_id is None else CommentRef(self.post_id, self.root_id)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment or reply; its id is minted at its creation, so the order of ids is the order of time."""

    id: CommentId
    post_id: PostId
    author_id: UserId
    """0 of a deleted one."""
    text: str
    created_at_ms: int
    facets: Facets | None = None
    root_id: CommentId | None = None
    """The comment that the thread begins with; None: it is one."""
    parent_id: CommentId | None = None
    """What it answers, at any depth."""
    parent_author_id: UserId | None = None
    """Whom it answers; None also where the viewer is not to be told."""
    replies: int = 0
    """Of a comment, all in its thread; of a reply, those that answer it."""
    likes: int = 0
    hidden: bool = False
    """By the post's author; `visibility` says from whom."""
    gone: bool = False
    """Deleted: there only because replies hang on it, without text and author."""
    part: int | None = None
    """Where it lies among a hot post's comments; None: beside the post."""
    moderation: Moderation = SHOWN

    @property
    def ref(self) -> CommentRef:
        """What it is found by."""
        return CommentRef(self.post_id, self.id, self.root_id)

    @property
    def parent(self) -> CommentRef | None:
        """What it answers."""
        if self.parent_id is None:
            return None
        return CommentRef(
            self.post_id, self.parent_id, None if self.parent_id == self.root_id else self.root_id
        )

    @property
    def shown_facets(self) -> Facets:
        """As a post's."""
        return facets_of(self.text) if self.facets is None else self.facets


@dataclass(frozen=True, slots=True)
class CommentCard:
    """A comment made ready to be shown to one viewer."""

    comment: Comment
    author: ProfileCard | None
    """None of a deleted one."""
    can_delete: bool
    can_hide: bool = False
    """Hide it and show it again."""
    liked: bool = False
    answers: ProfileCard | None = None
    """Whom a reply answers."""
