"""Nudity in photos, by nudenet: a small detector whose model comes in the wheel, run by a child process for each post.

    worker    writes the photos' smallest renditions into a folder
    child     320 pixels a side is what the model sees; answers what it found; takes 180 MB at most, and ends

So a worker keeps nothing of it in its memory, and a picture that breaks the library ends a process that holds nothing.
"""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext

from posts.entities import Photo
from posts.media.files import photo_storage
from posts.moderation.content import Content
from posts.moderation.scanners import Finding, reached

MODEL_PIXELS: Final = 320
CHILD_SECONDS: Final = 30
_CHILD: Final = Path(__file__).with_name("images_child.py")


class ImageScannerFailed(Exception):
    """The child ended without an answer, or took too long."""


class ImageScanner:
    """Each class that the settings name counts with its best score over all photos.

    Cost: 0.5 s of processor time for the child, 0.04 s a photo; a read of the storage a photo.
    """

    name: Final = "image"
    version: Final = version("nudenet")

    def scan(self, content: Content) -> list[Finding]:
        """One finding a class.

        Raises: ImageScannerFailed, OSError if a rendition can't be read.
        """
        if not content.photos or not settings.IMAGE_THRESHOLDS:
            return []
        with TemporaryDirectory(prefix="roost-scan-") as folder:
            for number, photo in enumerate(content.photos):
                _write(photo, Path(folder, f"{number}.webp"))
            best = _detected(folder)
        return [
            Finding(self.name, label, outcome, gettext("Nudity"), score)
            for label, score in sorted(best.items())
            if (outcome := reached(settings.IMAGE_THRESHOLDS.get(label, {}), score))
        ]


def _write(photo: Photo, path: Path) -> None:
    large = [size for size in photo.renditions if size >= MODEL_PIXELS]
    size = min(large) if large else max(photo.renditions)
    with photo_storage().open(photo.renditions[size]) as file:
        path.write_bytes(file.read())


def _detected(folder: str) -> dict[str, float]:
    """Best scores by class."""
    command = [sys.executable, "-E", "-s", str(_CHILD), folder]
    try:
        done = subprocess.run(  # noqa: S603  # our own program, in a folder of our own making
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
            cwd=folder,
            timeout=CHILD_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise ImageScannerFailed(f"no answer within {CHILD_SECONDS} s") from slow
    except subprocess.CalledProcessError as died:
        said = died.stderr[-500:].decode(errors="replace")
        raise ImageScannerFailed(f"ended with {died.returncode}: {said}") from died
    found: list[dict[str, Any]] = json.loads(done.stdout)
    best: dict[str, float] = {}
    for one in found:
        best[one["class"]] = max(best.get(one["class"], 0.0), round(one["score"], 4))
    return best
