"""The process in which strangers' pictures are decoded: bounded, without Django, credentials or network of ours.

    python posts/media/child.py check  <upload>  <folder>            writes <folder>/source.jpg
    python posts/media/child.py render <source>  <folder>  320 640   writes <folder>/<size>.webp and .avif

It prints one line of JSON: what it found, or {"refused": code, ...}. Whatever goes wrong otherwise, a limit included,
ends it without that line. Its limits are set by itself before a byte is read; see `posts/media/decoding.py`.
"""

import json
import resource
import sys
import types
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":
    # The package `config` loads Celery and all settings, which are none of this process's business.
    sys.modules["config"] = package = types.ModuleType("config")
    package.__path__ = [str(Path(__file__).resolve().parents[2] / "config")]

import pillow_heif
from PIL import AvifImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from config.pixels import (
    LARGEST_EDGE,
    blurhash_of,
    dominant_colour,
    encode_avif,
    encode_webp,
    plain,
    plain_of_strips,
    strip_rows,
)

MEMORY_BYTES: Final = 390 << 20
CPU_SECONDS: Final = 40
FILE_BYTES: Final = 32 << 20  # the largest file it may write
SOURCE: Final = "source.jpg"
SOURCE_QUALITY: Final = 95
OPENERS: Final = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)  # loaded by name, for looking for plug-ins would load all of them
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# Fewer than of others, for these decoders take 15 and 9 bytes a pixel: more would not fit into the memory below.
PIXELS_OF: Final = {"WEBP": 20_000_000, "AVIF": 32_000_000}


class Refused(Exception):
    """A refusal with a code that the parent knows, and facts."""


def set_limits(memory_bytes: int = MEMORY_BYTES) -> None:
    """The kernel holds them: memory (of the whole address space), processor time, size of files; no core dumps."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def check(upload: Path, folder: Path, max_pixels: int) -> dict[str, Any]:
    """Decode an upload once, and keep upright bare pixels as the one source of all renditions."""
    kind, animated = "HEIF", False
    if is_heif(upload):
        shown = heif_pixels(upload, max_pixels)
    else:
        Image.MAX_IMAGE_PIXELS = None  # judged here, by the same header
        require_few(webp_size(upload), min(max_pixels, PIXELS_OF["WEBP"]))
        with Image.open(upload, formats=FORMATS) as image:
            kind, animated = image.format or "", bool(getattr(image, "is_animated", False))
            require_few(image.size, min(max_pixels, PIXELS_OF.get(kind, max_pixels)))
            image.draft(
                "RGB", (LARGEST_EDGE, LARGEST_EDGE)
            )  # a JPEG is decoded at a fraction if that is enough
            image.load()
            shown = plain(image)
    shown.save(folder / SOURCE, "JPEG", quality=SOURCE_QUALITY, subsampling=0)
    return {
        "kind": kind,
        "width": shown.width,
        "height": shown.height,
        "animated": animated,
        "blurhash": blurhash_of(shown),
        "colour": dominant_colour(shown),
    }


def require_few(size: tuple[int, int], most: int) -> None:
    """Raises: Refused, before a pixel is decoded."""
    if size[0] * size[1] > most:
        raise Refused("too_many_pixels", most)


def is_heif(upload: Path) -> bool:
    """HEIC and its kin; AVIF, whose box is the same, is Pillow's to read."""
    with upload.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] not in {b"avif", b"avis"}


def heif_pixels(upload: Path, max_pixels: int) -> Image.Image:
    """By the library's own rows: through Pillow the pixels would be in memory twice. They come turned already."""
    pillow_heif.options.DECODE_THREADS = 1
    heif = pillow_heif.open_heif(upload, convert_hdr_to_8bit=True)
    require_few(heif.size, max_pixels)
    (width, height), mode = heif.size, heif.mode
    pixels, stride = heif.data, heif.stride
    rows = strip_rows(heif.size)
    strips = (
        Image.frombuffer(
            mode,
            (width, min(rows, height - top)),
            pixels[top * stride : (top + rows) * stride],
            "raw",
            mode,
            stride,
            1,
        )
        for top in range(0, height, rows)
    )
    return plain_of_strips(strips, heif.size, profile=heif.info.get("icc_profile"))


def webp_size(upload: Path) -> tuple[int, int]:
    """By the header alone: opening a WebP takes the memory for all its pixels. (0, 0) for another kind."""
    with upload.open("rb") as file:
        head = file.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return 0, 0
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def render(source: Path, folder: Path, sizes: list[int]) -> dict[str, Any]:
    """Each size in both formats, and the picture's perceptual hash (difference hash of 64 bits)."""
    import imagehash  # noqa: PLC0415  # numpy with it: 80 MB of address space that checking needs for pixels

    image = Image.open(source, formats=("JPEG",))
    image.load()
    for size in sizes:
        (folder / f"{size}.webp").write_bytes(encode_webp(image, size=size))
        (folder / f"{size}.avif").write_bytes(encode_avif(image, size=size))
    return {"phash": str(imagehash.dhash(image))}


def main(task: str, path: str, folder: str, *numbers: str) -> dict[str, Any]:
    """What was found, or why not."""
    set_limits()
    values = [int(number) for number in numbers]
    try:
        found = (
            check(Path(path), Path(folder), values[0])
            if task == "check"
            else render(Path(path), Path(folder), values)
        )
    except Refused as refused:
        return {"refused": refused.args[0], "limit": refused.args[1]}
    except MemoryError:
        return {"refused": "too_expensive"}
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, Image.DecompressionBombError):
        # A library that got no more memory says that the picture is broken.
        return {"refused": "too_expensive" if peak("VmPeak") > MEMORY_BYTES // 2 else "invalid"}
    return found | {"memory_bytes": most_memory()}


def most_memory() -> int:
    """The most that was in memory. Units: bytes. `ru_maxrss` may still be the parent's, from before this program began."""
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return min(usage, peak("VmHWM") or usage)


def peak(what: str) -> int:
    """What the kernel says of this process. Units: bytes; 0 where it says nothing."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{what}:")), 0)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
