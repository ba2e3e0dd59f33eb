"""A draft: what its author has written so far, valid or not."""

from dataclasses import dataclass
from typing import NewType

from config.entities import UserId
from posts.details import NOTHING_SAID, Details
from posts.entities import Audience, MediumId

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


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as it is stored."""

    id: DraftId
    author_id: UserId
    content: DraftContent
    saved_at_ms: int
    version: int = 1
    """Goes up with every save, so that none is made over another that was not seen."""
    due_at_ms: int | None = None
    """When it publishes itself."""
    zone: str = ""
    """The time zone that its author chose the time in, as the IANA names it."""
    problem: str = ""
    """Why it is still here though its time has come: the code of the refusal."""

    @property
    def medium_ids(self) -> tuple[MediumId, ...]:
        """Its photos', in their order."""
        return tuple(photo.id for photo in self.content.photos)
