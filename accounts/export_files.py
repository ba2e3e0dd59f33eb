"""Files of exports in the private storage, which is never served by name.

    exports/<id>/pages/<part>/000001.json     a page that is written: records, and the pictures they speak of
    exports/<id>/<random>.zip                 the finished file; the row says which one, if there are several

A page's name follows from its place, so a page that was cut off is written over by the same page.
"""

import secrets
from collections.abc import Iterator
from typing import IO, Any

import orjson
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from accounts.export_parts import ExportPage

ROOT = "exports"
PAGES = "pages"


def private_storage() -> Storage:
    """Where exports are kept."""
    return storages["private"]


def page_write(export_id: int, part: str, number: int, page: ExportPage) -> None:
    """Idempotent: by export, part and number."""
    body = orjson.dumps({"records": page.records, "files": page.files})
    private_storage().save(_page_name(export_id, part, number), ContentFile(body))


def pages_read(export_id: int, part: str, pages: int) -> Iterator[dict[str, Any]]:
    """A part's pages in their order, one in memory at a time."""
    for number in range(1, pages + 1):
        with private_storage().open(_page_name(export_id, part, number)) as file:
            yield orjson.loads(file.read())


def zip_publish(export_id: int, content: IO[bytes]) -> str:
    """Store a finished zip under a name of its own: it is not out before the row names it."""
    name = f"{ROOT}/{export_id}/{secrets.token_hex(16)}.zip"
    return private_storage().save(name, File(content))


def work_remove(export_id: int, *, keep: str = "") -> None:
    """Remove what an export has written but for one file. Idempotent: what is gone stays gone."""
    _remove_tree(private_storage(), f"{ROOT}/{export_id}", keep)


def export_ids_stored() -> list[int]:
    """The exports that have files."""
    folders, _ = _listed(private_storage(), ROOT)
    return [int(name) for name in folders if name.isdecimal()]


def _page_name(export_id: int, part: str, number: int) -> str:
    return f"{ROOT}/{export_id}/{PAGES}/{part}/{number:06}.json"


def _remove_tree(storage: Storage, folder: str, keep: str) -> None:
    folders, files = _listed(storage, folder)
    for name in folders:
        _remove_tree(storage, f"{folder}/{name}", keep)
    for name in files:
        if f"{folder}/{name}" != keep:
            storage.delete(f"{folder}/{name}")
    if not keep.startswith(f"{folder}/"):
        storage.delete(folder)  # an empty folder on a disk; object stores have none


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
