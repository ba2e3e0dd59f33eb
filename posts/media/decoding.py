"""Strangers' pictures, judged by their bytes here and decoded in a child process with limits of its own (`child.py`).

    web process or worker    counts bytes, knows the kind by its first ones, looks for what is no picture
    child                    judges the header, decodes once, makes it upright, bare and small; or dies trying

The child gets no environment, no network of ours and no Django: it reads one file and writes into one folder.
"""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import structlog
from django.conf import settings
from django.utils.translation import gettext

from config.errors import Unavailable
from config.images import ImageInvalid, too_many_bytes, too_many_pixels
from posts.media import limits
from posts.media.entities import Look
from posts.media.errors import PictureIsMore, PictureMislabelled, PictureTooExpensive

logger = structlog.get_logger()
_CHILD: Final = Path(__file__).with_name("child.py")
_GATE = threading.BoundedSemaphore(limits.CHILDREN_AT_ONCE)
_UNSAID: Final = {"", "application/octet-stream", "binary/octet-stream"}
_ALIASES: Final = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/apng": "image/png"} | {
    f"image/heif{rest}": "image/heic" for rest in ("", "-sequence")
}
_HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
# In a picture of 30 MB these come by chance less than once in ten thousand million.
_NO_PICTURE: Final = re.compile(
    rb"<script[\s>/]|<!doctype\s+html|<html[\s>][^\0]{0,40}<|<\?php\s", re.IGNORECASE
)
_PROGRAM_AS_GIF: Final = re.compile(rb"GIF8[79]a(?:/\*|//|=[\x20-\x7e])")
_OVERLAP: Final = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that was decoded once: how it looks, and its pixels as the source of all renditions."""

    look: Look
    source: bytes
    size: int
    memory_bytes: int
    """The most that the child took."""


def picture_check(file: IO[bytes], *, declared: str = "") -> Checked:
    """Judge an upload and decode it in a child.

    Cost: 0.3 to 3 s of processor time in the child; of this process the file's first bytes and a pass over them.
    Raises: config.images.ImageInvalid, ImageTooLarge, PictureMislabelled, PictureIsMore, PictureTooExpensive,
        Unavailable if the children are busy.
    """
    with TemporaryDirectory(prefix="roost-photo-") as name:
        folder = Path(name)
        size = _received(file, folder / "upload")
        _require_kind(folder / "upload", declared)
        found = _child("check", folder / "upload", folder, limits.MAX_PIXELS)
        source = (folder / "source.jpg").read_bytes()
    width, height = _largest_shown(found["width"], found["height"])
    look = Look(width, height, found["blurhash"], found["colour"], found["animated"])
    return Checked(look, source, size, found["memory_bytes"])


def renditions_of(source: bytes, sizes: tuple[int, ...]) -> tuple[dict[str, bytes], str]:
    """Files by their names ("320.webp", "320.avif", ...), and the perceptual hash.

    Cost: some 2 s of processor time in the child.
    Raises: as `picture_check`.
    """
    with TemporaryDirectory(prefix="roost-photo-") as name:
        folder = Path(name)
        (folder / "source.jpg").write_bytes(source)
        found = _child("render", folder / "source.jpg", folder, *sizes)
        names = [f"{size}.{form}" for size in sizes for form in limits.FORMATS]
        return {name: (folder / name).read_bytes() for name in names}, found["phash"]


def sizes_for(look: Look) -> tuple[int, ...]:
    """A photo smaller than a size is kept at its own, never enlarged. Units: pixels of the longer side."""
    longer = max(look.width, look.height)
    return tuple(sorted({min(size, longer) for size in limits.SIZES}))


def _largest_shown(width: int, height: int) -> tuple[int, int]:
    longer = max(width, height)
    largest = min(longer, max(limits.SIZES))
    return max(1, round(width * largest / longer)), max(1, round(height * largest / longer))


def _received(file: IO[bytes], path: Path) -> int:
    """The upload as a file of ours, not a byte more than allowed. Raises: ImageTooLarge, ImageInvalid, PictureIsMore."""
    size, tail = 0, b""
    with path.open("wb") as target:
        while block := file.read(limits.BLOCK_BYTES):
            size += len(block)
            if size > settings.PHOTO_MAX_BYTES:
                raise too_many_bytes(settings.PHOTO_MAX_BYTES)
            if _NO_PICTURE.search(tail + block):
                raise PictureIsMore
            tail = block[-_OVERLAP:]
            target.write(block)
    if not size:
        raise ImageInvalid(gettext("This file is empty."))
    return size


def _require_kind(path: Path, declared: str) -> None:
    with path.open("rb") as file:
        head = file.read(32)
    kind = _kind_of(head)
    if kind is None:
        message = gettext(
            "This file is not a picture we can read. Use a JPEG, PNG, WebP, AVIF, HEIC or GIF file."
        )
        raise ImageInvalid(message)
    if _PROGRAM_AS_GIF.match(head):
        raise PictureIsMore
    said = declared.partition(";")[0].strip().lower()
    if _ALIASES.get(said, said) not in _UNSAID | {kind}:
        raise PictureMislabelled(found=kind)


def _kind_of(head: bytes) -> str | None:
    """The kind by its first bytes."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return (
            "image/avif" if brand in {b"avif", b"avis"} else "image/heic" if brand in _HEIF_BRANDS else None
        )
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    signs = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
    }
    return next((kind for sign, kind in signs.items() if head.startswith(sign)), None)


def _child(task: str, path: Path, folder: Path, *numbers: int) -> dict[str, Any]:
    command = [sys.executable, "-E", "-s", str(_CHILD), task, str(path), str(folder), *map(str, numbers)]
    with _turn():
        try:
            done = subprocess.run(  # noqa: S603  # our own program, and names of our own making
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
                cwd=folder,
                timeout=limits.CHILD_SECONDS,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as slow:
            if task == "render":  # it was decoded before: the machine is busy, and a worker may try again
                raise Unavailable from slow
            raise PictureTooExpensive from slow
    if done.returncode:  # a limit of the kernel's, or a library that fell over
        logger.warning(
            "photo_child_died", status=done.returncode, said=done.stderr[-500:].decode(errors="replace")
        )
        raise PictureTooExpensive
    found: dict[str, Any] = json.loads(done.stdout)
    refused = found.get("refused")
    if refused == "too_many_pixels":
        raise too_many_pixels(found["limit"])
    if refused:
        raise (
            PictureTooExpensive
            if refused == "too_expensive"
            else ImageInvalid(gettext("This picture is broken or cut off. Save it again and retry."))
        )
    return found


@contextmanager
def _turn() -> Iterator[None]:
    """A few children at once: their memory is bounded, so their sum is. Raises: Unavailable."""
    if not _GATE.acquire(timeout=limits.CHILD_WAIT_SECONDS):
        raise Unavailable(retry_after_seconds=limits.CHILD_WAIT_SECONDS)
    try:
        yield
    finally:
        _GATE.release()
