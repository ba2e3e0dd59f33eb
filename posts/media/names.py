"""Names in the storage: all made here, from an id, a day and 128 random bits; nothing of an uploader's is in them.

photos/2026-11-21/<medium id>-<32 hex>/source.jpg, 320.webp, 320.avif, ...
photos/<2 hex>/<32 hex>/320.webp                          of a post of before media, or of the demo network
uploads/2026-11-21/<medium id>/000000000000-<16 hex>      a piece, by its first byte
"""

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from config.ids import id_time_ms
from posts.entities import MediumId, Photo

PHOTOS: Final = "photos"
UPLOADS: Final = "uploads"
SOURCE: Final = "source.jpg"
FOLDER: Final = re.compile(r"(?P<medium_id>[1-9]\d{0,18})-[0-9a-f]{32}")
CONTENT_TYPES: Final = {"webp": "image/webp", "avif": "image/avif"}


def day_of(medium_id: MediumId) -> date:
    """The day in the names of a medium, in UTC."""
    return datetime.fromtimestamp(id_time_ms(medium_id) / 1000, UTC).date()


def new_folder(medium_id: MediumId) -> str:
    """Where a medium's renditions will be."""
    return f"{PHOTOS}/{day_of(medium_id)}/{medium_id}-{secrets.token_hex(16)}"


def new_piece(medium_id: MediumId, offset: int) -> str:
    """Where a piece of an upload will be: two tries at the same offset never share a name."""
    return f"{UPLOADS}/{day_of(medium_id)}/{medium_id}/{offset:012}-{secrets.token_hex(8)}"


def names_for(token: str, sizes: Iterable[int]) -> dict[int, str]:
    """Names by size for a picture that is no medium, in folders of which each holds one photo in 256."""
    return {size: f"{PHOTOS}/{token[:2]}/{token}/{size}.webp" for size in sizes}


def rendition_names(photo: Photo) -> list[str]:
    """Every file of a photo, in each of its formats."""
    return [
        name if form == "webp" else f"{name.removesuffix('webp')}{form}"
        for name in photo.renditions.values()
        for form in photo.formats
    ]


def folder_of(photo: Photo) -> str:
    """The folder that all its renditions are in; empty while there are none."""
    return next(iter(photo.renditions.values()), "").rpartition("/")[0]


def key_of(photo: Photo) -> str:
    """What its addresses call it: 32 random hexadecimal digits; empty while there are no renditions."""
    return folder_of(photo)[-32:]
