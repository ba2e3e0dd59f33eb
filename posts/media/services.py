"""Writes of media: uploaded whole, described, discarded; and what workers make of them.

    request   checks, decodes once in a child, stores the bare source ... puts the item (waiting) ... answers
    stream                                                                    the item is there -> task
    worker                                                renditions stored ... item ready, and the post that took it

A post takes a medium as it was read, waiting or ready (`repository.media.claims`), so whichever of the two comes second
sees the other: no post is left waiting for renditions that are there.
"""

import time
from typing import IO

import structlog

from config.entities import UserId
from config.errors import Invalid, Unavailable
from config.ids import next_id
from posts.entities import MediumId
from posts.media import files, limits
from posts.media.decoding import Checked, picture_check, renditions_of, sizes_for
from posts.media.entities import Medium, MediumState
from posts.media.errors import MediumNotFound, MediumUsed
from posts.media.names import SOURCE, new_folder
from posts.media.quota import quota_require
from posts.repository import media
from posts.repository.photos import put_photo
from posts.text.limits import alt_text

logger = structlog.get_logger()


def medium_store(*, owner_id: UserId, file: IO[bytes], alt: str = "", declared: str = "") -> Medium:
    """Take an upload: checked and decoded now, so that what is wrong with it is said now; renditions follow.

    Cost: 1 Query and 1 request, 2 WU and 0.5 RU; `picture_check`. Nothing is left behind when it is refused.
    Raises: as `picture_check`; TooManyUploads, TextTooLong.
    """
    alt = alt_text(alt)
    quota_require(owner_id)
    checked = picture_check(file, declared=declared)
    medium_id = MediumId(next_id())
    medium = Medium(
        id=medium_id,
        owner_id=owner_id,
        state=MediumState.WAITING,
        size=checked.size,
        folder=new_folder(medium_id),
        alt=alt,
        look=checked.look,
    )
    files.write({f"{medium.folder}/{SOURCE}": checked.source})
    try:
        media.put_medium(medium, ttl=unused_until())
    except Unavailable:
        raise  # it may have been written after all: files that have no item are swept
    except BaseException:
        files.remove_folder(medium.folder)
        raise
    _log_stored(medium, checked)
    return medium


def unused_until() -> int:
    """When a medium runs out that no post takes. Units: seconds since 1970."""
    return int(time.time()) + limits.UNUSED_SECONDS


def medium_own(owner_id: UserId, medium_id: MediumId) -> Medium:
    """A person's own medium; another's looks like none.

    Cost: 1 RU. Raises: MediumNotFound.
    """
    medium = media.get_medium(medium_id)
    if medium is None or medium.owner_id != owner_id:
        raise MediumNotFound
    return medium


def medium_describe(*, owner_id: UserId, medium_id: MediumId, alt: str) -> Medium:
    """Say what it shows, until a post has it.

    Cost: 1 RU, 1 WU a KB. Idempotent: by text. Raises: MediumNotFound, MediumUsed, TextTooLong.
    """
    alt = alt_text(alt)
    medium_own(owner_id, medium_id)
    described = media.set_alt(medium_id, alt)
    if described is None:
        raise MediumUsed
    return described


def medium_discard(*, owner_id: UserId, medium_id: MediumId) -> None:
    """Remove a medium that no post has; its files follow from the stream.

    Cost: 1 RU, 2 WU. Idempotent: no, it is gone the second time. Raises: MediumNotFound, MediumUsed.
    """
    medium = medium_own(owner_id, medium_id)
    if not media.delete_unused(medium_id):
        raise MediumNotFound if media.get_medium(medium_id) is None else MediumUsed
    logger.info("medium_discarded", medium_id=medium.id, owner_id=owner_id)


def medium_render(*, medium_id: MediumId) -> None:
    """Make a medium's renditions, and tell the post that has it.

    Cost: 2 requests, 1 RU and 1 WU; with a post 2 more; some 2 s of processor time in a child.
    Idempotent: by state; the same names are written again.
    """
    medium = media.get_medium(medium_id)
    if medium is None or medium.look is None:
        return
    if medium.state is MediumState.WAITING:
        medium = _rendered(medium)
    if medium is None:  # discarded meanwhile: what was just written goes too
        return
    if medium.post_id is not None:
        put_photo(medium.post_id, medium.photo)
    files.remove([f"{medium.folder}/{SOURCE}"])


def _rendered(medium: Medium) -> Medium | None:
    assert medium.look  # noqa: S101  # a waiting medium has been looked at
    sizes = sizes_for(medium.look)
    try:
        with files.photo_storage().open(f"{medium.folder}/{SOURCE}") as file:
            made, phash = renditions_of(file.read(), sizes)
    except (Invalid, FileNotFoundError) as problem:
        logger.warning("medium_failed", medium_id=medium.id, exc_info=problem)
        failed = media.set_failed(medium.id, reason="not_rendered")
        return failed or media.get_medium(medium.id)
    files.write({f"{medium.folder}/{name}": content for name, content in made.items()})
    ready = media.set_ready(medium.id, sizes=sizes, formats=limits.FORMATS, phash=phash)
    ready = ready or media.get_medium(medium.id)
    if ready is None:
        files.remove_folder(medium.folder)
    else:
        logger.info("medium_ready", medium_id=medium.id, files=len(made))
    return ready


def medium_files_remove(*, folder: str) -> None:
    """Remove what is left of a medium whose item is gone.

    Idempotent: by folder.
    """
    files.remove_folder(folder)
    files.remove_folder(files.pieces_folder(folder))


def _log_stored(medium: Medium, checked: Checked) -> None:
    logger.info(
        "medium_stored",
        medium_id=medium.id,
        owner_id=medium.owner_id,
        bytes=medium.size,
        child_memory_bytes=checked.memory_bytes,
    )
