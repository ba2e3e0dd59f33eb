"""Uploads in pieces, which can be gone on with after a broken connection: tus 1.0, and straight to a bucket.

Each piece is an object of its own beside the photos, so any web server of ours can take the next one, on a disk or in a
bucket. When the last byte is there the pieces are read as one file and treated as every upload is.

    piece 2 of a hurried client   reads offset 5 ... stores ... notes the end, if the offset is still 5: yes
    piece 2 once more                   reads offset 5 ... stores ...................... no: its object goes again
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import structlog
from django.conf import settings
from django.core.files.base import File
from django.http import UnreadablePostError
from django.utils.translation import gettext
from storages.backends.s3 import S3Storage

from config.bodies import BodyTooLarge
from config.entities import UserId
from config.errors import Invalid
from config.ids import next_id
from config.images import ImageInvalid, too_many_bytes
from posts.entities import MediumId
from posts.media import files, limits
from posts.media.decoding import picture_check
from posts.media.entities import Medium, MediumState
from posts.media.errors import MediumNotFound, NoDirectUploads, OffsetWrong, TooManyPieces
from posts.media.names import SOURCE, new_folder, new_piece
from posts.media.quota import quota_require
from posts.media.services import medium_own, unused_until
from posts.repository import media
from posts.text.limits import alt_text

logger = structlog.get_logger()
_MEMORY_BYTES: Final = 1 << 20
_BUCKET_SECONDS: Final = 3600


def upload_begin(*, owner_id: UserId, length: int, alt: str = "", declared: str = "") -> Medium:
    """Announce an upload of so many bytes.

    Cost: 1 Query and 1 request, 0.5 RU and 2 WU.
    Raises: config.images.ImageTooLarge, ImageInvalid, TooManyUploads, TextTooLong.
    """
    if length > settings.PHOTO_MAX_BYTES:
        raise too_many_bytes(settings.PHOTO_MAX_BYTES)
    if length < 1:
        raise ImageInvalid(gettext("This file is empty."))
    alt = alt_text(alt)
    quota_require(owner_id)
    medium_id = MediumId(next_id())
    medium = Medium(
        medium_id,
        owner_id,
        MediumState.UPLOADING,
        length,
        new_folder(medium_id),
        alt,
        declared=declared[:100],
    )
    media.put_medium(medium, ttl=unused_until())
    return medium


def upload_own(owner_id: UserId, medium_id: MediumId) -> Medium:
    """An upload of the person's, going on or ended.

    Cost: 1 RU. Raises: MediumNotFound.
    """
    return medium_own(owner_id, medium_id)


def upload_append(*, owner_id: UserId, medium_id: MediumId, offset: int, body: IO[bytes]) -> Medium:
    """Take the next piece, as much of it as comes; with the last byte the upload is checked.

    Cost: 2 requests, 1 RU and 1 WU a KB; for the last piece 1 more, and `picture_check`.
    Idempotent: by offset; a piece that comes twice is taken once.
    Raises: MediumNotFound, OffsetWrong, BodyTooLarge, TooManyPieces; with the last byte as `picture_check`, and then
        nothing of the upload is left.
    """
    medium = upload_own(owner_id, medium_id)
    if medium.state is not MediumState.UPLOADING or medium.offset != offset:
        raise OffsetWrong(offset=medium.offset)
    if len(medium.parts) >= limits.PARTS_AT_MOST:
        raise TooManyPieces(limit=limits.PARTS_AT_MOST)
    with SpooledTemporaryFile(max_size=_MEMORY_BYTES) as piece:
        received = _received(body, piece, at_most=medium.size - offset)
        if received:
            medium = _piece_stored(medium, piece, received)
    return _finished(medium) if medium.offset == medium.size else medium


def upload_address(
    *, owner_id: UserId, length: int, alt: str = "", declared: str = ""
) -> tuple[Medium, dict[str, Any]]:
    """Announce an upload that goes straight to the bucket: a form that the bucket accepts once, with its limits.

    Cost: as `upload_begin`; nothing is asked of the bucket. Raises: NoDirectUploads, and as `upload_begin`.
    """
    storage = files.photo_storage()
    if not isinstance(storage, S3Storage):
        raise NoDirectUploads
    medium = upload_begin(owner_id=owner_id, length=length, alt=alt, declared=declared)
    name = f"{files.pieces_folder(medium.folder)}/direct"
    form: dict[str, Any] = storage.connection.meta.client.generate_presigned_post(
        storage.bucket_name,
        f"{storage.location}/{name}".lstrip("/"),
        Conditions=[["content-length-range", 1, length]],
        ExpiresIn=_BUCKET_SECONDS,
    )
    return medium, form


def upload_fetch(*, owner_id: UserId, medium_id: MediumId) -> Medium:
    """Take what lies in the bucket now.

    Cost: as the last piece of `upload_append`. Idempotent: by medium.
    Raises: MediumNotFound, OffsetWrong if nothing lies there, and as `picture_check`.
    """
    medium = upload_own(owner_id, medium_id)
    if medium.state is not MediumState.UPLOADING:
        return medium
    name, storage = f"{files.pieces_folder(medium.folder)}/direct", files.photo_storage()
    if not storage.exists(name):
        raise OffsetWrong(offset=0)
    if storage.size(name) > settings.PHOTO_MAX_BYTES:
        _dropped(medium)
        raise too_many_bytes(settings.PHOTO_MAX_BYTES)
    if not medium.parts and not media.add_piece(medium, name=name, offset=medium.size, ttl=unused_until()):
        raise OffsetWrong(offset=medium.offset)
    return _finished(upload_own(owner_id, medium_id))


def _received(body: IO[bytes], piece: IO[bytes], *, at_most: int) -> int:
    """What came, until the body ends or its connection breaks. Raises: BodyTooLarge, one block too late at most."""
    received = 0
    while True:
        try:
            block = body.read(min(limits.BLOCK_BYTES, at_most - received + 1))
        except (UnreadablePostError, OSError):
            block = b""  # the client is gone; what has come is kept, and gone on with
        if not block:
            return received
        received += len(block)
        if received > at_most:
            raise BodyTooLarge(limit=at_most)
        piece.write(block)


def _piece_stored(medium: Medium, piece: IO[bytes], received: int) -> Medium:
    name, end = new_piece(medium.id, medium.offset), medium.offset + received
    piece.seek(0)
    files.photo_storage().save(name, File(piece))
    with ExitStack() as undo:
        undo.callback(files.remove, [name])
        if not media.add_piece(medium, name=name, offset=end, ttl=unused_until()):
            raise OffsetWrong(offset=upload_own(medium.owner_id, medium.id).offset)
        undo.pop_all()
    return upload_own(medium.owner_id, medium.id)


def _finished(medium: Medium) -> Medium:
    """Check what has come whole. Idempotent: by state; repeated after a crash it begins again from the pieces."""
    began = time.monotonic()
    try:
        with _joined(medium) as file:
            checked = picture_check(file, declared=medium.declared)
    except Invalid:
        _dropped(medium)
        raise
    files.write({f"{medium.folder}/{SOURCE}": checked.source})
    waiting = media.set_waiting(medium.id, checked.look, size=checked.size)
    files.remove_folder(files.pieces_folder(medium.folder))
    if waiting is None:
        raise MediumNotFound
    logger.info(
        "upload_finished", medium_id=medium.id, bytes=checked.size, seconds=round(time.monotonic() - began, 2)
    )
    return waiting


def _dropped(medium: Medium) -> None:
    media.delete_unused(medium.id)
    files.remove_folder(files.pieces_folder(medium.folder))


@contextmanager
def _joined(medium: Medium) -> Iterator[IO[bytes]]:
    """The pieces as one file."""
    storage = files.photo_storage()
    with SpooledTemporaryFile(max_size=_MEMORY_BYTES) as whole:
        for name in medium.parts:
            with storage.open(name) as piece:
                while block := piece.read(limits.BLOCK_BYTES):
                    whole.write(block)
        whole.seek(0)
        yield whole
