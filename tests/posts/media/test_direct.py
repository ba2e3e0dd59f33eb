"""Pictures of our own, stored without a worker: the demo network's."""

import errno
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from posts.media import direct, files
from posts.media.names import rendition_names
from tests.posts.factory import a_photo


def test_sizes_of_webp_under_names_of_ours(own_folder: Path) -> None:
    photo = direct.photo_store(a_photo(1600, 1200), alt="Corners")
    assert sorted(photo.renditions) == [320, 640, 1280, 1600]
    assert (photo.width, photo.height, photo.alt) == (1600, 1200, "Corners")
    assert {str(path.relative_to(own_folder)) for path in own_folder.rglob("*.*")} == set(
        rendition_names(photo)
    )


def test_a_copy_outlives_its_original() -> None:
    first = direct.photo_store(a_photo(200, 500, "PNG"))
    second = direct.photo_copy(first)
    files.photo_remove(first)
    assert files.photo_storage().exists(second.renditions[500])


def test_a_failed_write_takes_back_the_ones_before_it(own_folder: Path, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"photos": {"BACKEND": "tests.posts.media.test_direct.FullDisk"}}
    with pytest.raises(OSError, match="No space left"):
        direct.photo_store(a_photo())
    assert not list(own_folder.rglob("*.webp"))
    assert not list(own_folder.glob("photos/*/*"))


class FullDisk(FileSystemStorage):
    """A disk with room for the two small sizes."""

    def _save(self, name: str, content: Any) -> str:
        if name.endswith("/1280.webp"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super()._save(name, content)


def test_removing_twice_is_once(own_folder: Path) -> None:
    photo = direct.photo_store(BytesIO(a_photo().getvalue()))
    for _twice in range(2):
        files.photo_remove(photo)
        assert not list(own_folder.rglob("*.webp"))
