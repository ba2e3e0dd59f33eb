"""Photos of posts: checked, upright, re-encoded without metadata, in three sizes, under names that only we make.

TODO(issue 4): renditions by a worker, AVIF, several photos a post, signed addresses for what is not for everyone,
and a sweep of files whose post was never written because the process died in between.
"""

import secrets
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.images import blurhash_of, encode_webp, open_checked
from posts.entities import Photo

SIZES: Final = (320, 640, 1280)
MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 50_000_000


def photo_store(file: IO[bytes], *, alt: str = "") -> Photo:
    """Check an upload and store its renditions; a photo smaller than a size is kept at its own, never enlarged.

    Nothing is left behind on failure: all is encoded before the first file is written, and a failed write takes back
    the ones before it.
    Units: the longer side, pixels. Raises: config.images.ImageTooLarge, ImageInvalid.
    """
    image = open_checked(file, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    longer = max(image.size)
    encoded = {size: encode_webp(image, size=size) for size in sorted({min(size, longer) for size in SIZES})}
    largest = max(encoded)
    photo = Photo(
        renditions=names_for(secrets.token_hex(16), encoded),
        width=max(1, round(image.width * largest / longer)),
        height=max(1, round(image.height * largest / longer)),
        blurhash=blurhash_of(image),
        alt=alt,
    )
    with ExitStack() as undo:
        undo.callback(photo_remove, photo)
        for size, name in photo.renditions.items():
            default_storage.save(name, ContentFile(encoded[size]))
        undo.pop_all()
    return photo


def photo_copy(photo: Photo, *, alt: str = "") -> Photo:
    """The same picture under names of its own, for a post of its own: no post's deletion takes another's files."""
    copied = replace(photo, renditions=names_for(secrets.token_hex(16), photo.renditions), alt=alt)
    with ExitStack() as undo:
        undo.callback(photo_remove, copied)
        for size, name in copied.renditions.items():
            with default_storage.open(photo.renditions[size]) as original:
                default_storage.save(name, ContentFile(original.read()))
        undo.pop_all()
    return copied


def names_for(token: str, sizes: Iterable[int]) -> dict[int, str]:
    """Names by size: 128 random bits, in folders of which each holds one photo in 256."""
    return {size: f"photos/{token[:2]}/{token}/{size}.webp" for size in sizes}


def photo_remove(photo: Photo) -> None:
    """Delete all renditions. Idempotent: what is gone stays gone."""
    for name in photo.renditions.values():
        default_storage.delete(name)
    for folder in {name.rpartition("/")[0] for name in photo.renditions.values()}:
        default_storage.delete(folder)  # an empty folder on a disk; object stores have none
