"""Pictures from strangers: checked before they are decoded, made upright, stripped, and encoded anew.

Avatars are read here, in this process; photos by a child of their own (`posts/media/child.py`). Both share
`config/pixels.py`, and nothing of the uploaded file survives but its pixels.
"""

from io import BytesIO
from typing import IO

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from config.errors import Invalid
from config.pixels import LARGEST_EDGE, blur_data_uri, blurhash_of, encode_webp, plain

__all__ = [
    "ACCEPT",
    "FORMATS",
    "LARGEST_EDGE",
    "ImageInvalid",
    "ImageTooLarge",
    "blur_data_uri",
    "blurhash_of",
    "encode_webp",
    "open_checked",
    "too_many_bytes",
    "too_many_pixels",
]

# By content, never by name or declared type.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
Image.init()  # the plug-ins of every format, now rather than inside the first request


class ImageInvalid(Invalid):
    """The file is no picture that we can read."""

    code = "image_invalid"
    default_message = _("This file is not a picture we can read. Use a JPEG, PNG, WebP, AVIF or GIF file.")


class ImageTooLarge(Invalid):
    """The file has too many bytes or declares too many pixels; `data["limit"]` says how many are allowed."""

    code = "image_too_large"


def open_checked(file: IO[bytes], *, max_bytes: int, max_pixels: int) -> Image.Image:
    """The picture in `file`: upright, in sRGB, without transparency or metadata, its longest edge at most 2,160.

    The header is judged before a pixel is decoded, so a decompression bomb costs only its header.
    Raises: ImageTooLarge, ImageInvalid.
    """
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise too_many_bytes(max_bytes)
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
        if image.width * image.height > max_pixels:
            raise too_many_pixels(max_pixels)
        image.draft("RGB", (LARGEST_EDGE, LARGEST_EDGE))  # a JPEG is decoded at a fraction if that is enough
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise too_many_pixels(max_pixels) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as unreadable:
        raise ImageInvalid from unreadable
    return plain(image)


def too_many_bytes(max_bytes: int) -> ImageTooLarge:
    """The refusal of a file that is too long."""
    message = gettext("This picture is larger than %(limit)d MB.") % {"limit": max_bytes // 1_000_000}
    return ImageTooLarge(message, limit=max_bytes)


def too_many_pixels(max_pixels: int) -> ImageTooLarge:
    """The refusal of a picture that is too wide and high."""
    message = gettext("This picture has more than %(limit)d megapixels.") % {"limit": max_pixels // 1_000_000}
    return ImageTooLarge(message, limit=max_pixels)
