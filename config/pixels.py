"""Pixels, and what is told of them: shrunk, upright, bare, encoded. No Django here, so a bare process can use it too."""

import base64
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from typing import Final

import blurhash
from PIL import Image, ImageCms, ImageOps

LARGEST_EDGE: Final = 2160  # of what we keep in memory and ever publish
WEBP_QUALITY: Final = 82
AVIF_QUALITY: Final = 62
AVIF_SPEED: Final = 9  # of 10: a third of the time of 6 for some 8 % more bytes
STRIP_ROWS: Final = 256
ORIENTATION: Final = 0x0112
PROFILES_AT_MOST: Final = 4 << 20  # bytes of a colour profile that are looked at
_SRGB = ImageCms.createProfile("sRGB")


def plain(image: Image.Image) -> Image.Image:
    """The same picture as bare RGB pixels, upright, in sRGB, its longest edge at most 2,160; the transparent is white.

    Cost: beside the decoded picture only what is kept: it is made smaller strip by strip before anything else.
    """
    profile, turned = image.info.get("icc_profile"), image.getexif().get(ORIENTATION)
    upright = plain_of_strips(_strips(image), image.size, profile=profile)
    upright.getexif()[ORIENTATION] = turned if isinstance(turned, int) else 1
    ImageOps.exif_transpose(upright, in_place=True)
    return _bare(upright)


def plain_of_strips(
    strips: Iterable[Image.Image], size: tuple[int, int], *, profile: bytes | None
) -> Image.Image:
    """`plain` of a picture that is given in strips of `strip_rows(size)` rows, and turned already."""
    factor = _factor(size)
    pieces = [_opaque(strip, factor) for strip in strips]
    shown = Image.new(pieces[0].mode, (pieces[0].width, sum(piece.height for piece in pieces)))
    top = 0
    for piece in pieces:
        shown.paste(piece, (0, top))
        top += piece.height
    shown.thumbnail((LARGEST_EDGE, LARGEST_EDGE), Image.Resampling.LANCZOS)
    if profile and len(profile) <= PROFILES_AT_MOST and shown.mode in {"RGB", "CMYK"}:
        shown = _in_srgb(shown, profile)
    return _bare(shown.convert("RGB"))


def strip_rows(size: tuple[int, int]) -> int:
    """How many rows of a picture are made smaller at once."""
    return STRIP_ROWS * _factor(size)


def _factor(size: tuple[int, int]) -> int:
    return max(1, max(size) // LARGEST_EDGE)


def _strips(image: Image.Image) -> Iterator[Image.Image]:
    rows, transparency = strip_rows(image.size), image.info.get("transparency")
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        yield strip if transparency is None else strip.convert("RGBA")


def _bare(image: Image.Image) -> Image.Image:
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def _opaque(strip: Image.Image, factor: int) -> Image.Image:
    if strip.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight
        strip = strip.point(lambda value: value / 256).convert("L")
    elif strip.mode == "F":
        strip = strip.convert("L")
    if "A" in strip.getbands():
        layers = strip.convert("RGBA")
        strip = Image.new("RGBA", layers.size, "white")
        strip.alpha_composite(layers)
        strip = strip.convert("RGB")
    elif strip.mode not in {"RGB", "CMYK"}:
        strip = strip.convert("RGB")
    return strip.reduce(factor) if factor > 1 else strip


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as their maker saw them; a profile that makes no sense is ignored, the picture is shown without it."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def resized(image: Image.Image, *, size: int, square: bool = False) -> Image.Image:
    """Cropped to a square of `size` from its middle, or its longest edge at most `size`."""
    if square:
        return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    smaller = image.copy()
    smaller.thumbnail((size, size), Image.Resampling.LANCZOS)
    return smaller


def encode_webp(image: Image.Image, *, size: int, square: bool = False) -> bytes:
    """The picture as WebP, sized as by `resized`."""
    target = BytesIO()
    resized(image, size=size, square=square).save(target, "WEBP", quality=WEBP_QUALITY, method=4)
    return target.getvalue()


def encode_avif(image: Image.Image, *, size: int) -> bytes:
    """The picture as AVIF, sized as by `resized`.

    Cost: at this speed about as much as WebP.
    """
    target = BytesIO()
    resized(image, size=size).save(target, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
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


def dominant_colour(image: Image.Image) -> str:
    """The colour that most of the picture has, as #rrggbb."""
    few = image.resize((48, 48), Image.Resampling.BOX).quantize(6)
    counted = few.getcolors() or [(1, 0)]
    _count, position = max((count, index) for count, index in counted if isinstance(index, int))
    red, green, blue = (few.getpalette() or [0, 0, 0])[3 * position : 3 * position + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


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
