"""Pictures from strangers: checked before they are decoded, made upright, stripped, and encoded anew.

Avatars and photos share this. Nothing of the uploaded file survives but its pixels.
"""

import base64
from functools import lru_cache
from io import BytesIO
from typing import IO

import blurhash
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from config.errors import Invalid

# By content, never by name or declared type.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
LARGEST_EDGE = 2160  # of what we keep in memory and ever publish
WEBP_QUALITY = 82
Image.init()  # the plug-ins of every format, now rather than inside the first request
_SRGB = ImageCms.createProfile("sRGB")


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
        message = gettext("This picture is larger than %(limit)d MB.") % {"limit": max_bytes // 1_000_000}
        raise ImageTooLarge(message, limit=max_bytes)
    try:
        image: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
        if image.width * image.height > max_pixels:
            raise _too_many_pixels(max_pixels)
        image.draft("RGB", (LARGEST_EDGE, LARGEST_EDGE))  # a JPEG is decoded at a fraction if that is enough
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels(max_pixels) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as unreadable:
        raise ImageInvalid from unreadable
    return _plain(image)


def _too_many_pixels(max_pixels: int) -> ImageTooLarge:
    message = gettext("This picture has more than %(limit)d megapixels.") % {"limit": max_pixels // 1_000_000}
    return ImageTooLarge(message, limit=max_pixels)


def _plain(image: Image.Image) -> Image.Image:
    """The same picture as bare RGB pixels; what is transparent becomes white."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    image.thumbnail((LARGEST_EDGE, LARGEST_EDGE), Image.Resampling.LANCZOS)
    if image.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight
        image = image.point(lambda value: value / 256).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        layers = image.convert("RGBA")
        image = Image.new("RGBA", layers.size, "white")
        image.alpha_composite(layers)
    elif profile and image.mode in {"RGB", "CMYK"}:
        image = _in_srgb(image, profile)
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as their maker saw them; a profile that makes no sense is ignored, the picture is shown without it."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def encode_webp(image: Image.Image, *, size: int, square: bool = False) -> bytes:
    """The picture as WebP: cropped to a square of `size` from its middle, or its longest edge at most `size`."""
    if square:
        resized = ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    else:
        resized = image.copy()
        resized.thumbnail((size, size), Image.Resampling.LANCZOS)
    target = BytesIO()
    resized.save(target, "WEBP", quality=WEBP_QUALITY, method=4)
    return target.getvalue()


def blurhash_of(image: Image.Image) -> str:
    """The picture's colours in some thirty characters.

    Cost: about 10 ms.
    """
    wide = image.width >= image.height
    small = image.resize((24, 24), Image.Resampling.BOX)
    rows = [[list(small.getpixel((x, y)) or ()) for x in range(24)] for y in range(24)]  # type: ignore[arg-type]
    encoded: str = blurhash.encode(rows, components_x=4 if wide else 3, components_y=3 if wide else 4)
    return encoded


@lru_cache(maxsize=8192)
def blur_data_uri(blurhash_text: str) -> str:
    """The blurred preview as a `data:` address; the page stretches its 8 x 8 pixels smoothly.

    Cost: about 1 ms the first time in a process.
    """
    rows = blurhash.decode(blurhash_text, 8, 8)
    image = Image.new("RGB", (8, 8))
    image.putdata([(int(red), int(green), int(blue)) for row in rows for red, green, blue in row])
    target = BytesIO()
    image.save(target, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(target.getvalue()).decode()
