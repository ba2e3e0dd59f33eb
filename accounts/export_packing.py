"""The last of an export's work: its pages and pictures become one zip.

    pictures .. records as JSON, part by part .. pages to look at .. stored under a new name .. the row names it: ready

Everything is streamed: one page of records and one block of a picture are in memory at a time. Times inside the zip are
those of the asking, so the same pages give the same zip, however often it was begun.
"""

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from os import SEEK_END
from shutil import copyfileobj
from typing import IO, Any, Final

import orjson
import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from accounts import export_files
from accounts.export_models import OPEN, Export, ExportState
from accounts.export_pages import overview, page_name, readme, records_page, stylesheet
from accounts.export_parts import ExportPart, export_parts
from accounts.export_services import PACKING, Begin

logger = structlog.get_logger()

ALIVE_EVERY_SECONDS: Final = 3
ALIVE_FOR: Final = timedelta(seconds=15)
BLOCK_BYTES: Final = 1 << 18


def export_pack(*, export_id: int, again: Begin, mail: Begin) -> None:
    """Make the zip and bring it out. Who finds another at it looks again later.

    Cost: every file of the export read once and written twice (beside it, then to the storage).
    Idempotent: by the export; of two zips the one that the row names first stays.
    """
    export = Export.objects.filter(pk=export_id, state__in=OPEN, part=PACKING).first()
    if export is None:
        return
    if not _claimed(export):
        again(export_id)
        return
    try:
        name, size, packed = _made(export)
    except FileNotFoundError:
        if Export.objects.filter(pk=export_id, state__in=OPEN).exists():
            raise
        return  # its owner removed it meanwhile, and with it what was being read
    with transaction.atomic():
        locked = Export.objects.select_for_update().filter(pk=export_id, state__in=OPEN).first()
        if locked is not None:
            locked.state, locked.file_name, locked.size = ExportState.READY, name, size
            locked.ready_at = timezone.now()
            locked.expires_at = locked.ready_at + settings.EXPORT_LIFETIME
            locked.progress[PACKING] = {"done": packed, "total": packed}
            locked.save()
    winner = Export.objects.filter(pk=export_id).values_list("file_name", flat=True).first()
    export_files.work_remove(export_id, keep=winner or "")
    if locked is not None:
        logger.info("export_ready", export_id=export_id, bytes=size)
        mail(export_id)


def _claimed(export: Export) -> bool:
    """Whether the zip is ours to make: nobody is at it, and nobody took it since we looked."""
    if export.page and export.alive_at > timezone.now() - ALIVE_FOR:
        return False
    unchanged = Export.objects.filter(
        pk=export.pk, state__in=OPEN, part=PACKING, page=export.page, alive_at=export.alive_at
    )
    return bool(unchanged.update(page=export.page + 1, alive_at=timezone.now()))


def _made(export: Export) -> tuple[str, int, int]:
    """The zip's name in the storage, its size, and how many files it has."""
    # Without a name, so that a process that is killed leaves none behind.
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            writer = _Writer(export, made)
            writer.write_all()
        size = file.seek(0, SEEK_END)
        file.seek(0)
        return export_files.zip_publish(export.pk, file), size, writer.packed


@dataclass(slots=True)
class _Writer:
    """One zip under way."""

    export: Export
    zip: zipfile.ZipFile
    packed: int = 0
    missing: set[str] = field(default_factory=set)
    """Pictures that were removed since their page was written."""
    _told: float = 0.0

    def write_all(self) -> None:
        """The whole content."""
        parts = [part for part in export_parts() if part.name in self.export.progress]
        for part in parts:
            self._write_pictures(part)
        for part in parts:
            self._write_records(part)
            for number, page in enumerate(self._pages(part), start=1):
                html = records_page(self.export, part, number, page["records"], missing=self.missing)
                self._write_text(page_name(part, number), html)
        self._write_text("index.html", overview(self.export, parts))
        self._write_text("style.css", stylesheet())
        self._write_text("README.txt", readme(self.export, parts))

    def _write_pictures(self, part: ExportPart) -> None:
        for page in self._pages(part):
            for name, stored, *named in page["files"]:
                try:
                    source = storages[named[0] if named else "default"].open(stored)
                except FileNotFoundError:
                    self.missing.add(name)
                    continue
                # Pictures are compressed already.
                with source, self._opened(name, zipfile.ZIP_STORED) as target:
                    copyfileobj(source, target, BLOCK_BYTES)
                self.alive()

    def _write_records(self, part: ExportPart) -> None:
        with self._opened(f"data/{part.name}.json") as target:
            target.write(b'{"part":' + orjson.dumps(part.name) + b',"records":[')
            begun = False
            for page in self._pages(part):
                for record in page["records"]:
                    target.write(b",\n" if begun else b"\n")
                    target.write(orjson.dumps(record))
                    begun = True
                self.alive()
            target.write(b"\n]}\n")

    def _write_text(self, name: str, text: str) -> None:
        with self._opened(name) as target:
            target.write(text.encode())
        self.alive()

    def _pages(self, part: ExportPart) -> Iterator[dict[str, Any]]:
        return export_files.pages_read(self.export.pk, part.name, self.export.progress[part.name]["pages"])

    def _opened(self, name: str, compression: int = zipfile.ZIP_DEFLATED) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self.export.asked_at.astimezone(UTC).timetuple()[:6])
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        self.packed += 1
        return self.zip.open(info, "w", force_zip64=compression == zipfile.ZIP_STORED)

    def alive(self) -> None:
        """Tell now and then, by the row, that somebody is at it, and how far."""
        now = time.monotonic()
        if self._told and now - self._told < ALIVE_EVERY_SECONDS:
            return
        self._told = now
        progress = self.export.progress | {PACKING: {"done": self.packed, "total": self.total}}
        open_ones = Export.objects.filter(pk=self.export.pk, state__in=OPEN)
        open_ones.update(alive_at=timezone.now(), progress=progress)

    @property
    def total(self) -> int:
        """Files that the zip will have."""
        written: list[dict[str, int]] = [one for name, one in self.export.progress.items() if name != PACKING]
        return 3 + len(written) + sum(one["pages"] + one["files"] for one in written)
