"""Signed addresses of photos. They run out, and even then only name a file: `views.py` asks who is looking, each time.

    /media/posts/<post id>/<key>/<size>.<format>?until=<hex seconds>&sign=<hex>
    /media/unused/<medium id>/<key>/<size>.<format>?...      a medium that no post has, for its owner

The same photo has the same address for some hours, so that browsers can keep what is for everyone.
"""

import time
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from config.entities import PostId
from posts.entities import MediumId, Photo, PhotoFile
from posts.media.names import key_of

STEP_SECONDS: Final = 6 * 3600
LIFETIME_SECONDS: Final = 12 * 3600  # at least six hours from when a page was made
_SALT: Final = "posts.media.address"


def files_of_post(post_id: PostId, photo: Photo) -> dict[str, tuple[PhotoFile, ...]]:
    """A posted photo's renditions by format, smallest first."""
    return _files("posts:photo_file", post_id, photo)


def files_of_medium(medium_id: MediumId, photo: Photo) -> dict[str, tuple[PhotoFile, ...]]:
    """An unused medium's, for its owner."""
    return _files("posts:medium_file", medium_id, photo)


def _files(view: str, number: int, photo: Photo) -> dict[str, tuple[PhotoFile, ...]]:
    if not photo.renditions:
        return {}
    key = key_of(photo)
    return {
        form: tuple(
            _file(signed(reverse(view, args=[number, key, size, form])), photo, size)
            for size in sorted(photo.renditions)
        )
        for form in photo.formats
    }


def _file(url: str, photo: Photo, size: int) -> PhotoFile:
    longer = max(photo.width, photo.height)
    return PhotoFile(
        url=url,
        width=max(1, round(photo.width * size / longer)),
        height=max(1, round(photo.height * size / longer)),
    )


def signed(path: str) -> str:
    """The path with the time until which it is good."""
    until = f"{(int(time.time()) // STEP_SECONDS) * STEP_SECONDS + LIFETIME_SECONDS:x}"
    return f"{path}?{urlencode({'until': until, 'sign': _sign(path, until)})}"


def seconds_left(path: str, until: str, sign: str) -> int:
    """For how long a signed path is still good; 0 for one that has run out or was not signed here."""
    if not constant_time_compare(sign, _sign(path, until)):
        return 0
    return max(0, int(until, 16) - int(time.time()))


def first_with_key(photos: Iterable[Photo], key: str) -> Photo | None:
    """The photo that an address means."""
    return next((photo for photo in photos if photo.renditions and key_of(photo) == key), None)


def _sign(path: str, until: str) -> str:
    return salted_hmac(_SALT, f"{path}?{until}", algorithm="sha256").hexdigest()[:32]
