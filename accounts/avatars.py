"""Avatars: square renditions in the media storage, and a drawn one for those who have none."""

import secrets
from functools import lru_cache
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import get_script_prefix, reverse

from accounts.models import Profile
from config.images import encode_webp, open_checked

SIZES: Final = (64, 128, 320)
MAX_BYTES = 10_000_000
MAX_PIXELS = 50_000_000
HUES = 24  # distinct colours of drawn avatars
LETTERS_MAX = 6  # two letters, each of which may grow in upper case
REMEMBERED: Final = 4096
"""Addresses of drawn avatars: half a megabyte in a process."""


def avatar_store(file: IO[bytes]) -> str:
    """Check a picture and store its square renditions; returns their folder, a name that only the server made.

    Raises: config.images.ImageTooLarge, ImageInvalid.
    """
    image = open_checked(file, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    token = secrets.token_hex(12)
    folder = f"avatars/{token[:2]}/{token}"
    for size in SIZES:
        data = encode_webp(image, size=size, square=True)
        default_storage.save(_file_name(folder, size), ContentFile(data))
    return folder


def avatar_remove(folder: str) -> None:
    """Delete the renditions in a folder. Idempotent: what is gone stays gone."""
    for size in SIZES if folder else ():
        default_storage.delete(_file_name(folder, size))


def urls_of(profile: Profile) -> dict[int, str]:
    """The address of the avatar by size; a drawn one is the same file in each."""
    return urls_by_size(profile.avatar, profile.pk, initials_of(profile.name, profile.user.username))


def urls_by_size(folder: str, user_id: int, initials: str) -> dict[int, str]:
    """The same of who has no row at hand. `folder`: empty without an avatar."""
    if folder:
        return {size: default_storage.url(_file_name(folder, size)) for size in SIZES}
    return dict.fromkeys(SIZES, _drawn(get_script_prefix(), user_id % HUES, initials))


@lru_cache(maxsize=REMEMBERED)
def _drawn(_prefix: str, hue: int, initials: str) -> str:
    return reverse("accounts:drawn_avatar", args=[hue, initials])


def largest_of(profile: Profile) -> str:
    """The name in the storage of the largest rendition of an avatar that is there."""
    return _file_name(profile.avatar, SIZES[-1])


def initials_of(name: str, handle: str) -> str:
    """One or two letters for a drawn avatar: of the first and last word of the name, else of the handle."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return handle.lstrip("_.")[:1].upper() or "•"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()[:LETTERS_MAX]


def _file_name(folder: str, size: int) -> str:
    return f"{folder}/{size}.webp"
