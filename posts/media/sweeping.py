"""What nobody came back for: media that no post took in a day, and files whose item was never written.

DynamoDB removes an item some time after it ran out, and the stream has its files removed then. This looks by itself, day
by day of the storage's folders, so it needs neither that nor a scan of the table.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import structlog

from posts.entities import MediumId
from posts.media import files
from posts.media.entities import Medium
from posts.media.names import FOLDER, PHOTOS, UPLOADS
from posts.repository import media

logger = structlog.get_logger()
GRACE_DAYS: Final = 2  # a medium is unused for a day before it runs out, and begins at any hour
DAYS: Final = 14  # looked back; with a sweep a day one would do
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Swept:
    """What went. Units: media, and folders of files without one."""

    media: int = 0
    strays: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(self.media + other.media, self.strays + other.strays)


def media_sweep(*, days: int | None = DAYS, today: date | None = None) -> Swept:
    """Remove unused media and stray files of up to `days` before the grace; None: of all days.

    Cost: a listing and 1 RU a medium for each folder of these days. Idempotent.
    """
    last = (today or datetime.now(UTC).date()) - timedelta(days=GRACE_DAYS)
    first = None if days is None else last - timedelta(days=days)
    swept = Swept()
    for root in (PHOTOS, UPLOADS):
        for name in sorted(files.listed(root)[0]):
            day = _day(name)
            if day is not None and day <= last and (first is None or day >= first):
                swept += _swept_day(f"{root}/{name}")
    logger.info("media_swept", media=swept.media, strays=swept.strays)
    return swept


def _day(name: str) -> date | None:
    """None of a folder that is no day: those hold pictures that are no media."""
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _swept_day(folder: str) -> Swept:
    names = sorted(files.listed(folder)[0])
    swept = Swept()
    for start in range(0, len(names), BATCH):
        batch = {f"{folder}/{name}": _medium_id(name) for name in names[start : start + BATCH]}
        known = media.get_media([medium_id for medium_id in batch.values() if medium_id])
        for path, medium_id in batch.items():
            swept += _swept_folder(path, known.get(medium_id) if medium_id else None)
    files.remove_if_empty(folder)
    return swept


def _swept_folder(path: str, medium: Medium | None) -> Swept:
    """A medium of a post or draft keeps its own folder, and no other; pieces of an upload are no use to it."""
    if medium and (medium.post_id is not None or medium.draft_ids):
        if path == medium.folder:
            return Swept()
        files.remove_folder(path)
        return Swept(strays=1)
    if medium and not media.delete_unused(medium.id):
        return Swept()  # a post or a draft has just taken it
    files.remove_folder(path)
    return Swept(media=1) if medium else Swept(strays=1)


def _medium_id(name: str) -> MediumId | None:
    found = FOLDER.fullmatch(name)
    if found:
        return MediumId(int(found["medium_id"]))
    return MediumId(int(name)) if name.isascii() and name.isdecimal() else None
