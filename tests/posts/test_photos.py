"""Photos: nothing of the upload but its pixels is kept, and nothing at all of a bad one."""

import errno
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import Image

from config.entities import UserId
from config.errors import Invalid
from config.images import ImageInvalid, ImageTooLarge
from posts import photos
from posts.entities import Photo
from posts.selectors import photo_files, recent_post_ids
from posts.services import post_create
from tests.accounts.factory import a_user
from tests.posts.factory import a_photo, a_post


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: Path) -> Path:
    """Media in a folder of the test's own, to see what is left behind."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def renditions_of(photo: Photo) -> dict[int, Image.Image]:
    opened = {}
    for size, name in photo.renditions.items():
        with default_storage.open(name) as file:
            opened[size] = Image.open(BytesIO(file.read()))
    return opened


def test_three_sizes_of_webp_under_names_of_ours() -> None:
    photo = photos.photo_store(a_photo(1600, 1200), alt="Corners")
    assert {size: image.size for size, image in renditions_of(photo).items()} == {
        320: (320, 240),
        640: (640, 480),
        1280: (1280, 960),
    }
    assert {image.format for image in renditions_of(photo).values()} == {"WEBP"}
    assert (photo.width, photo.height, photo.alt) == (1280, 960, "Corners")
    assert [(file.width, file.height) for file in photo_files(photo)] == [(320, 240), (640, 480), (1280, 960)]
    assert all(name.startswith("photos/") and "photo.jpeg" not in name for name in photo.renditions.values())


def test_a_small_photo_is_never_enlarged() -> None:
    photo = photos.photo_store(a_photo(200, 500, "PNG"))
    assert {size: image.size for size, image in renditions_of(photo).items()} == {
        320: (128, 320),
        500: (200, 500),
    }


def test_a_turned_photo_stands_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    upload = a_photo(1200, 900, exif=exif.tobytes(), comment=b"home address")
    with Image.open(upload) as sent:
        assert sent.getexif().get_ifd(0x8825)
    upload.seek(0)
    photo = photos.photo_store(upload)
    assert (photo.width, photo.height) == (900, 1200)
    for size, image in renditions_of(photo).items():
        assert image.height == size
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
    for name in photo.renditions.values():
        with default_storage.open(name) as file:
            stored = file.read()
        assert not any(mark in stored for mark in (b"EXIF", b"SecretCamera", b"XMP ", b"home address"))


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares its size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    empty = zlib.compress(b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", empty) + chunk(b"IEND", b"")


class Endless(BytesIO):
    """Zeros for as long as anybody reads, and how many were read."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size >= 0, "a file is never read whole"
        self.given += size
        return bytes(size)


BAD = {
    "truncated": (lambda: BytesIO(a_photo().getvalue()[:4000]), ImageInvalid),
    "cut in its header": (lambda: BytesIO(a_photo().getvalue()[:20]), ImageInvalid),
    "no image": (lambda: BytesIO(b"just words " * 100), ImageInvalid),
    "svg": (
        lambda: BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ImageInvalid,
    ),
    "empty": (lambda: BytesIO(b""), ImageInvalid),
    "too many pixels": (lambda: BytesIO(png_header(13_000, 13_000)), ImageTooLarge),
    "far too many pixels": (lambda: BytesIO(png_header(400_000, 400_000)), ImageTooLarge),
    "too many bytes": (Endless, ImageTooLarge),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_upload_is_refused_and_leaves_nothing(kind: str, own_folder: Path) -> None:
    make, error = BAD[kind]
    ana = UserId(a_user().pk)
    with pytest.raises(error):
        post_create(author_id=ana, text="With a photo.", photo=make())
    assert list(own_folder.iterdir()) == []
    assert recent_post_ids(ana, limit=1) == []


def test_no_more_is_read_than_is_allowed() -> None:
    endless = Endless()
    with pytest.raises(ImageTooLarge):
        photos.photo_store(endless)
    assert endless.given <= photos.MAX_BYTES + 1


@pytest.mark.django_db
def test_a_refused_post_leaves_no_files(own_folder: Path) -> None:
    ana = a_user()
    first = a_post(by=ana, text="Mine.", idempotency_key="k", photo=a_photo())
    files = sorted(own_folder.rglob("*.webp"))
    assert len(files) == 3
    assert a_post(by=ana, text="Mine.", idempotency_key="k", photo=a_photo()) == first
    for other in (a_photo(640, 640), None):
        with pytest.raises(Invalid):
            a_post(by=ana, text="Mine.", idempotency_key="k", photo=other)
    assert sorted(own_folder.rglob("*.webp")) == files
    assert len(list(own_folder.glob("photos/*/*"))) == 1


def test_a_failed_write_takes_back_the_ones_before_it(own_folder: Path, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.posts.test_photos.FullDisk"}}
    with pytest.raises(OSError, match="No space left"):
        photos.photo_store(a_photo())
    assert not list(own_folder.rglob("*.webp"))
    assert not list(own_folder.glob("photos/*/*"))


class FullDisk(FileSystemStorage):
    """A disk with room for the two small sizes."""

    def _save(self, name: str, content: Any) -> str:
        if name.endswith("/1280.webp"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super()._save(name, content)


def test_removing_twice_is_once(own_folder: Path) -> None:
    photo = photos.photo_store(a_photo())
    for _twice in range(2):
        photos.photo_remove(photo)
        assert not list(own_folder.rglob("*.webp"))
