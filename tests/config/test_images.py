"""Pictures from strangers: refused with a reason, or upright, bare and small."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from config.images import (
    LARGEST_EDGE,
    ImageInvalid,
    ImageTooLarge,
    blur_data_uri,
    blurhash_of,
    encode_webp,
    open_checked,
)
from tests.accounts.pictures import a_picture

LIMITS = {"max_bytes": 1_000_000, "max_pixels": 1_000_000}


def a_bomb(width: int, height: int) -> BytesIO:
    """A PNG of a hundred bytes that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_the_usual_kinds_are_read_whatever_they_are_called(kind: str) -> None:
    image = open_checked(a_picture(kind=kind), **LIMITS)
    assert (image.mode, image.size, image.info) == ("RGB", (60, 40), {})


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "PDF"])
def test_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(ImageInvalid):
        open_checked(a_picture(kind=kind), **LIMITS)


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", b"GIF89a", b"\xff\xd8\xff\xe0", b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageInvalid):
        open_checked(BytesIO(data), **LIMITS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused(kind: str) -> None:
    whole = a_picture(400, 400, kind=kind, turned=kind == "JPEG").getvalue()
    with pytest.raises(ImageInvalid):
        open_checked(BytesIO(whole[: len(whole) // 2]), **LIMITS)


def test_too_many_bytes_are_refused_with_the_limit() -> None:
    with pytest.raises(ImageTooLarge) as refusal:
        open_checked(BytesIO(b"x" * 2_000_001), max_bytes=2_000_000, max_pixels=10)
    assert refusal.value.data == {"limit": 2_000_000}
    assert "2 MB" in str(refusal.value)


@pytest.mark.parametrize("edge", [1_001, 9_500, 20_000, 60_000])
def test_a_bomb_is_refused_by_its_header(edge: int) -> None:
    with pytest.raises(ImageTooLarge, match="1 megapixels"):
        open_checked(a_bomb(edge, edge), **LIMITS)


def test_a_picture_comes_out_upright_and_without_a_trace() -> None:
    image = open_checked(a_picture(60, 40, turned=True), **LIMITS)
    assert image.size == (40, 60)
    red, _, blue = image.getpixel((20, 5))
    assert red > 200
    assert blue < 60  # what lay on the left is on top now
    encoded = opened(encode_webp(image, size=40))
    assert not encoded.getexif()
    assert not set(encoded.info) & {"exif", "icc_profile", "xmp"}


def test_transparency_becomes_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(file, "PNG")
    file.seek(0)
    assert open_checked(file, **LIMITS).getpixel((4, 4)) == (255, 255, 255)


def test_sixteen_bits_keep_their_brightness() -> None:
    file = BytesIO()
    Image.new("I;16", (8, 8), 32768).save(file, "PNG")
    file.seek(0)
    assert open_checked(file, **LIMITS).getpixel((4, 4)) == (128, 128, 128)


def test_nothing_larger_than_we_publish_is_kept() -> None:
    image = open_checked(a_picture(5000, 2500), max_bytes=10_000_000, max_pixels=50_000_000)
    assert max(image.size) <= LARGEST_EDGE


def test_sizes_fit_or_fill() -> None:
    image = open_checked(a_picture(600, 300), **LIMITS)
    assert opened(encode_webp(image, size=200)).size == (200, 100)
    assert opened(encode_webp(image, size=5000)).size == (600, 300)  # never blown up
    assert opened(encode_webp(image, size=128, square=True)).size == (128, 128)


def test_a_preview_has_the_colours_of_its_picture() -> None:
    image = open_checked(a_picture(300, 200, colour="orange"), **LIMITS)
    address = blur_data_uri(blurhash_of(image))
    assert address.startswith("data:image/webp;base64,")
    assert len(address) < 300
