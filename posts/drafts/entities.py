"""A draft: what its author has written so far, valid or not."""

from dataclasses import dataclass
from typing import Final, NewType

from config.entities import PostId, UserId
from posts.details import NOTHING_SAID, Details
from posts.entities import Audience, MediumId
from posts.media.entities import Medium

DraftId = NewType("DraftId", int)


@dataclass(frozen=True, slots=True)
class DraftPhoto:
    """A medium with the description that the post is to have."""

    id: MediumId
    alt: str = ""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What is to be posted. The text may still be longer than a post's."""

    text: str = ""
    photos: tuple[DraftPhoto, ...] = ()
    audience: Audience = Audience.EVERYONE
    details: Details = NOTHING_SAID
    quote_of: PostId | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """When a draft is to publish itself, and the time zone that the author chose the time in; None: not by itself."""

    due_at_ms: int | None = None
    zone: str = ""


NEVER: Final = Timing()


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as it is stored."""

    id: DraftId
    author_id: UserId
    content: DraftContent
    saved_at_ms: int
    version: int = 1
    """Goes up with every save, so that none is made over another that was not seen."""
    timing: Timing = NEVER
    problem: str = ""
    """Why it is still here though its time has come: the code of the refusal."""

    @property
    def medium_ids(self) -> tuple[MediumId, ...]:
        """Its photos', in their order."""
        return tuple(photo.id for photo in self.content.photos)

    @property
    def due_at_ms(self) -> int | None:
        """When it publishes itself."""
        return self.timing.due_at_ms


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft made ready to be shown to its author."""

    draft: Draft
    media: tuple[Medium, ...]
    """Its photos that are still to be had, each with the description that the draft has."""

    @property
    def photos_gone(self) -> int:
        """How many are not: another post has taken them."""
        return len(self.draft.content.photos) - len(self.media)
