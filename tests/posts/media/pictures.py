"""Pictures for tests, good and bad, made here byte by byte where no library would."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from tests.posts.factory import an_image

GPS = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
TRACES = (
    b"SecretCamera",
    b"home address",
    b"Where I live",
    b"GPS",
    b"Exif",
    b"EXIF",
    b"XMP ",
    b"xmpmeta",
    b"8BIM",
    b"Maker of profiles",
    b"ICCP",
)
XMP = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">Where I live</x:xmpmeta><?xpacket end="w"?>'
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0chome address"


def named(data: bytes, name: str, content_type: str = "") -> BytesIO:
    """An upload."""
    file = BytesIO(data)
    file.name = name
    if content_type:
        file.content_type = content_type  # type: ignore[attr-defined]
    return file


def a_telling_photo(width: int = 120, height: int = 90) -> bytes:
    """A JPEG that lies on its side and knows where, with what and by whom it was taken, in every way there is."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update(GPS)
    options: dict[str, Any] = {
        "exif": exif.tobytes(),
        "comment": b"home address",
        "icc_profile": a_profile(),
        "xmp": XMP,
    }
    file = BytesIO()
    an_image(width, height).save(file, "JPEG", **options)
    data = file.getvalue()
    segment = b"\xff\xed" + struct.pack(">H", len(IPTC) + 2) + IPTC
    return data[:2] + segment + data[2:]


def a_profile() -> bytes:
    """sRGB, with a word of its maker in it."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + b"Maker of profiles"


def a_telling_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "home address")
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update(GPS)
    file = BytesIO()
    an_image(120, 90).save(file, "PNG", pnginfo=info, exif=exif.tobytes())
    return file.getvalue()


def a_heic(width: int = 120, height: int = 90) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update(GPS)
    heif = pillow_heif.from_pillow(an_image(width, height))
    file = BytesIO()
    heif.save(file, quality=60, exif=exif.tobytes())
    return file.getvalue()


def a_gif(frames: int = 3, size: int = 40) -> bytes:
    """It moves if it has several frames."""
    file = BytesIO()
    images = [Image.new("RGB", (size, size), (8 * number % 256, 90, 120)) for number in range(frames)]
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=20)
    return file.getvalue()


def a_frame_bomb(frames: int = 20_000, edge: int = 2_000) -> bytes:
    """A GIF of some hundred kilobytes: each of its frames covers the whole canvas."""
    screen = struct.pack("<HHBBB", edge, edge, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    pixels = b"\x02\x02\x44\x01\x00"  # hardly any: the rest of the frame is not there
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, edge, edge, 0) + pixels
    return b"GIF89a" + screen + frame * frames + b"\x3b"


def a_png(width: int, height: int) -> bytes:
    """A whole PNG of one colour; 13,000 x 13,000 pixels take some twenty kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\x00" + bytes((width + 7) // 8)
    body = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def a_gif_that_is_a_script() -> bytes:
    """Its width spells the beginning of a comment in JavaScript, which ends behind the picture."""
    return b"GIF89a/*" + a_gif(1)[8:] + b"*/=1;alert(document.domain)//"


def a_jpeg_that_is_a_page() -> bytes:
    """A whole picture with a page in its comment."""
    file = BytesIO()
    an_image(60, 40).save(file, "JPEG", comment=b"<html><body><script>alert(1)</script></body></html>")
    return file.getvalue()


def a_tiff() -> bytes:
    file = BytesIO()
    an_image(60, 40).save(file, "TIFF", tiffinfo=ImageFileDirectory_v2())
    return file.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
