"""The media that a post is made of: chosen by their ids, or uploaded together with it."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import IO

from config.entities import UserId
from posts.entities import MediumId, Photo
from posts.media import files, limits
from posts.media.entities import Medium, MediumState
from posts.media.errors import MediumNotFound, MediumNotReady, TooManyPhotos
from posts.media.services import medium_store
from posts.repository import media
from posts.text.limits import alt_text


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes together with its post."""

    file: IO[bytes]
    alt: str = ""
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A medium of before; None keeps the description that it has."""

    id: MediumId
    alt: str | None = None


Source = Upload | Chosen | Photo


def require_few(sources: Sequence[object]) -> None:
    """Raises: TooManyPhotos, before anything is read."""
    if len(sources) > limits.PHOTOS_A_POST:
        raise TooManyPhotos(limit=limits.PHOTOS_A_POST)


def first_source(photo: IO[bytes] | Photo | None, alt: str) -> list[Source]:
    """One photo, given as a file or stored already."""
    if photo is None or isinstance(photo, Photo):
        return [] if photo is None else [photo]
    return [Upload(photo, alt, getattr(photo, "content_type", None) or "")]


def stored(owner_id: UserId, sources: Sequence[Source], undo: ExitStack) -> list[Chosen | Photo]:
    """The same in their order, uploads stored as media. What is new is taken back by `undo`, if no post took it.

    Cost: `medium_store` an upload. Raises: as `medium_store`.
    """
    chosen = list[Chosen | Photo]()
    for source in sources:
        if isinstance(source, Photo):
            undo.callback(files.photo_remove, source)
        elif isinstance(source, Upload):
            medium = medium_store(
                owner_id=owner_id, file=source.file, alt=source.alt, declared=source.declared
            )
            undo.callback(_take_back, medium)
            source = Chosen(medium.id)  # noqa: PLW2901  # the medium stands for the file
        chosen.append(source)
    return chosen


def _take_back(medium: Medium) -> None:
    """Remove a medium with its files, unless a post has it. Idempotent."""
    if media.delete_unused(medium.id):
        files.remove_folder(medium.folder)


def media_unused(owner_id: UserId, medium_ids: Sequence[MediumId]) -> list[Medium]:
    """Those of the media that are the person's and still to be had, in their order.

    Cost: 1 batch, 1 RU each; nothing for none.
    """
    found = media.get_media(medium_ids[: limits.PHOTOS_A_POST]) if medium_ids else {}
    own = [found[medium_id] for medium_id in medium_ids if medium_id in found]
    return [
        medium for medium in own if medium.owner_id == owner_id and medium.post_id is None and medium.look
    ]


def photos_of(owner_id: UserId, chosen: Sequence[Chosen | Photo]) -> tuple[Photo, ...]:
    """The photos of a post to be, as their media are now.

    Cost: 1 batch, 1 RU each. Raises: MediumNotFound, MediumNotReady, TextTooLong.
    """
    ids = [one.id for one in chosen if isinstance(one, Chosen)]
    found = media.get_media(ids) if ids else {}
    if len(set(ids)) < len(ids):
        raise MediumNotFound
    photos = list[Photo]()
    for one in chosen:
        if isinstance(one, Photo):
            photos.append(one)
            continue
        medium = found.get(one.id)
        if medium is None or medium.owner_id != owner_id:
            raise MediumNotFound
        if medium.state not in {MediumState.WAITING, MediumState.READY}:
            raise MediumNotReady
        photos.append(medium.photo if one.alt is None else replace(medium.photo, alt=alt_text(one.alt)))
    return tuple(photos)
