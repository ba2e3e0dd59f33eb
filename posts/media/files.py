"""Reading and writing photos in their storage. Writing a name twice leaves what was written last."""

from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from posts.entities import Photo
from posts.media.names import UPLOADS, folder_of, rendition_names


def photo_storage() -> Storage:
    """Where photos and pieces of uploads are. Nobody is given a file by its name alone: see `views.py`."""
    return storages["photos"]


def write(files: Mapping[str, bytes]) -> None:
    """Store all or none: a failed write takes back the ones before it.

    Idempotent: by names.
    """
    storage, done = photo_storage(), list[str]()
    try:
        for name, content in files.items():
            done.append(name)
            storage.save(name, ContentFile(content))
    except BaseException:
        remove(done)
        raise


def remove(names: Iterable[str]) -> None:
    """Idempotent: what is gone stays gone."""
    storage, names = photo_storage(), list(names)
    for name in names:
        storage.delete(name)
    for folder in {name.rpartition("/")[0] for name in names}:
        remove_if_empty(folder)


def remove_folder(folder: str) -> int:
    """Everything in a folder; how many files it was. Idempotent."""
    names = [f"{folder}/{name}" for name in listed(folder)[1]]
    remove(names)
    remove_if_empty(folder)
    return len(names)


def remove_if_empty(folder: str) -> None:
    """A folder on a disk; object stores have none."""
    storage = photo_storage()
    try:
        storage.path(folder)
    except NotImplementedError:
        return
    if not any(listed(folder)):
        storage.delete(folder)


def listed(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in a folder; none if it is not there."""
    try:
        return photo_storage().listdir(folder)
    except FileNotFoundError:
        return [], []


def photo_remove(photo: Photo) -> None:
    """Delete all renditions. Idempotent: what is gone stays gone."""
    if photo.id is None:
        remove(rendition_names(photo))
    elif folder := folder_of(photo):
        remove_folder(folder)


def pieces_folder(folder: str) -> str:
    """Where the pieces of the medium with that folder are: photos/<day>/<id>-<hex> has them in uploads/<day>/<id>."""
    _photos, day, name = folder.split("/")
    return f"{UPLOADS}/{day}/{name.partition('-')[0]}"
