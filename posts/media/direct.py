"""Pictures that we made ourselves, as those of the demo network: stored at once, in this process, as WebP alone."""

import secrets
from dataclasses import replace
from typing import IO

from django.conf import settings

from config.images import open_checked
from config.pixels import blurhash_of, dominant_colour, encode_webp
from posts.entities import Photo
from posts.media import files, limits
from posts.media.names import names_for


def photo_store(file: IO[bytes], *, alt: str = "") -> Photo:
    """Store a picture's renditions. Never for an upload: those are decoded in a child (`decoding.py`).

    Nothing is left behind on failure.
    Units: the longer side, pixels. Raises: config.images.ImageTooLarge, ImageInvalid.
    """
    image = open_checked(file, max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=limits.MAX_PIXELS)
    longer = max(image.size)
    encoded = {
        size: encode_webp(image, size=size) for size in sorted({min(size, longer) for size in limits.SIZES})
    }
    largest = max(encoded)
    photo = Photo(
        renditions=names_for(secrets.token_hex(16), encoded),
        width=max(1, round(image.width * largest / longer)),
        height=max(1, round(image.height * largest / longer)),
        blurhash=blurhash_of(image),
        alt=alt,
        colour=dominant_colour(image),
    )
    files.write({name: encoded[size] for size, name in photo.renditions.items()})
    return photo


def photo_copy(photo: Photo, *, alt: str = "") -> Photo:
    """The same picture under names of its own, for a post of its own: no post's deletion takes another's files."""
    copied = replace(photo, renditions=names_for(secrets.token_hex(16), photo.renditions), alt=alt)
    storage, content = files.photo_storage(), dict[str, bytes]()
    for size, name in copied.renditions.items():
        with storage.open(photo.renditions[size]) as original:
            content[name] = original.read()
    files.write(content)
    return copied
