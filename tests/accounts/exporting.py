"""Exports in tests: made here and now by the same steps as by tasks, and read back."""

import io
import zipfile
from typing import Any

import orjson

from accounts import export_files, export_packing, export_services
from accounts.export_files import private_storage
from accounts.export_models import Export
from accounts.models import User
from config.entities import UserId

Files = dict[str, bytes]


def asked(user: User, **fields: Any) -> Export:
    """A new export of a user, without the limit of one a day."""
    return Export.objects.create(user=user, **fields)


def steps_of(export: Export) -> int:
    """Write all pages; how many steps that took."""
    queue, taken = [export.pk], 0
    while queue:
        export_services.export_step(export_id=queue.pop(), again=queue.append, pack=lambda _id: None)
        taken += 1
    return taken


def packed(export: Export) -> Export:
    """Make the zip."""
    export_packing.export_pack(export_id=export.pk, again=lambda _id: None, mail=lambda _id: None)
    export.refresh_from_db()
    return export


def made(user: User, **fields: Any) -> Export:
    """An export that is ready."""
    export = asked(user, **fields)
    steps_of(export)
    return packed(export)


def stored(export: Export) -> bool:
    """Whether anything of it lies in the storage."""
    return export.pk in export_files.export_ids_stored()


def content_of(export: Export) -> Files:
    """The files of its zip by name."""
    with private_storage().open(export.file_name) as file:
        return files_in(file.read())


def files_in(zipped: bytes) -> Files:
    """The files of a zip by name; each name once, each checksum right."""
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def records(files: Files, part: str) -> list[dict[str, Any]]:
    """The records of a part."""
    body = orjson.loads(files[f"data/{part}.json"])
    assert body["part"] == part
    found: list[dict[str, Any]] = body["records"]
    return found


def id_of(user: User) -> UserId:
    return UserId(user.pk)
