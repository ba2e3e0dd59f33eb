"""A page's picture: fetched like the page, checked and encoded anew like every upload, stored under a name of ours."""

import secrets
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.images import encode_webp, open_checked
from posts.previews.entities import PreviewPicture
from posts.previews.http import Fetcher

TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
MAX_BYTES = 4_000_000
MAX_PIXELS = 25_000_000
SIZE = 640
MIN_EDGE = 64  # smaller ones are buttons and counters


def picture_store(fetcher: Fetcher, url: str) -> PreviewPicture | None:
    """Fetch and store a picture; None for one too small to be shown.

    Raises: PreviewFailed, config.images.ImageInvalid, ImageTooLarge.
    """
    fetched = fetcher.fetch(url, types=TYPES, max_bytes=MAX_BYTES)
    image = open_checked(BytesIO(fetched.body), max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    if min(image.size) < MIN_EDGE:
        return None
    longer = max(image.size)
    size = min(SIZE, longer)
    token = secrets.token_hex(16)
    name = f"previews/{token[:2]}/{token}/{size}.webp"
    default_storage.save(name, ContentFile(encode_webp(image, size=size)))
    return PreviewPicture(
        name, max(1, round(image.width * size / longer)), max(1, round(image.height * size / longer))
    )


def picture_remove(name: str) -> None:
    """Idempotent: what is gone stays gone."""
    default_storage.delete(name)
    default_storage.delete(name.rpartition("/")[0])  # an empty folder on a disk; object stores have none
