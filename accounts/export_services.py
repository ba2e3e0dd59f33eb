"""Exports: asking for one, and making it a page at a time.

asked     a row, queued             the answer does not wait for more
task      one page of one part:     read .. written to its file .. the row moves on .. the next task
                                    killed anywhere: the next delivery does this page again, into the same file
                                    two deliveries at once: the row lets one of them write, the other stops
last      the zip (`export_packing`), mail

The file is written under the lock of the row, so of two readings of one page the file and the place of one stay together.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import export_files
from accounts.errors import ExportNotFound, ExportTooSoon
from accounts.export_models import OPEN, Export, ExportState
from accounts.export_parts import ExportPage, ExportPart, export_parts
from accounts.models import User
from config.entities import UserId
from config.rates.errors import waiting_time

logger = structlog.get_logger()

EVERY: Final = timedelta(hours=24)
PACKING: Final = "zip"
"""The name of the last part of the work, in which the file is made."""
Begin = Callable[[int], object]


def export_ask(*, user_id: UserId, language: str, page_url: str = "", begin: Begin) -> Export:
    """Ask for an export. One that is under way is the answer to a second request.

    Idempotent: while one is under way.
    Raises: ExportTooSoon within a day of the last one, whatever became of that.
    """
    with transaction.atomic():
        # The user's row, so that two requests at once follow each other.
        user = User.objects.select_for_update().get(pk=user_id)
        last = Export.objects.filter(user=user, by_operator=False).first()
        if last is not None and last.is_open:
            return last
        if wait := wait_seconds(last):
            message = _("You can ask for one copy of your data a day. The next one: in %(time)s.")
            raise ExportTooSoon(message % {"time": waiting_time(wait)}, retry_after_seconds=wait)
        export = Export.objects.create(user=user, language=language, page_url=page_url)
        transaction.on_commit(lambda: begin(export.pk))
    logger.info("export_asked", export_id=export.pk, user_id=user_id)
    return export


def wait_seconds(last: Export | None) -> int:
    """How long until another one may be asked for; 0: now."""
    if last is None:
        return 0
    return max(0, int((last.asked_at + EVERY - timezone.now()).total_seconds()))


def export_retry(*, user_id: UserId, export_id: int, begin: Begin) -> Export:
    """Go on with one that failed, from where it stopped. Idempotent.

    Raises: ExportNotFound.
    """
    with transaction.atomic():
        export = export_locked(user_id, export_id)
        has_newer = Export.objects.filter(user_id=user_id, by_operator=False, asked_at__gt=export.asked_at)
        if export.state == ExportState.FAILED and not has_newer.exists():
            export.state, export.attempts, export.alive_at = ExportState.QUEUED, 0, timezone.now()
            export.save()
            transaction.on_commit(lambda: begin(export.pk))
    return export


def export_delete(*, user_id: UserId, export_id: int) -> None:
    """Remove the file now, or stop the making of it. The row stays, expired, for the day's limit. Idempotent.

    Raises: ExportNotFound.
    """
    with transaction.atomic():
        export = export_locked(user_id, export_id)
        expire(export)


def expire(export: Export) -> None:
    """Take a locked export out of use, and its files away. Idempotent."""
    export.state, export.file_name, export.cursor = ExportState.EXPIRED, "", ""
    export.expires_at = min(export.expires_at or timezone.now(), timezone.now())
    export.save()
    transaction.on_commit(lambda: export_files.work_remove(export.pk))


def export_locked(user_id: UserId, export_id: int) -> Export:
    """An export of this user, to be changed.

    Raises: ExportNotFound.
    """
    exports = Export.objects.select_for_update().filter(pk=export_id, user_id=user_id, by_operator=False)
    export = exports.first()
    if export is None:
        raise ExportNotFound
    return export


def export_step(*, export_id: int, again: Begin, pack: Begin) -> None:
    """Write one page, and see to it that the next one is written.

    Cost: what the part says of a page of 100; 1 SQL transaction.
    Idempotent: by the place in the row.
    """
    export = Export.objects.filter(pk=export_id, state__in=OPEN).first()
    if export is None:
        return
    if export.part == PACKING:
        pack(export_id)
        return
    part = part_under_way(export)
    page = part.read(UserId(export.user_id), export.cursor or None)
    total = part.total(UserId(export.user_id)) if part.total and not export.page else None
    with transaction.atomic():
        waiting = Export.objects.select_for_update().filter(pk=export_id, state__in=OPEN)
        locked = waiting.filter(part=export.part, page=export.page).first()
        if locked is None:
            return  # another delivery has written this page, or the export was removed
        _write(locked, part, page, total)
        locked.save()
    (pack if locked.part == PACKING else again)(export_id)


def part_under_way(export: Export) -> ExportPart:
    """The part that the next page is of. One that is no more, after an upgrade, is taken up at what follows it."""
    parts = export_parts()
    named = [part for part in parts if part.name == export.part]
    return named[0] if named else next(part for part in parts if part.name not in export.progress)


def _write(export: Export, part: ExportPart, page: ExportPage, total: int | None) -> None:
    """Write a page and note where the next one begins, in this part or in the one after it."""
    so_far: dict[str, Any] = export.progress.get(part.name) or {
        "done": 0,
        "total": total,
        "pages": 0,
        "files": 0,
    }
    # A stretch in which nothing was found is no page, but a part without any has an empty one.
    is_written = bool(page.records) or (page.cursor is None and not so_far["pages"])
    if is_written:
        export_files.page_write(export.pk, part.name, so_far["pages"] + 1, page)
    export.progress[part.name] = {
        "done": so_far["done"] + len(page.records),
        "total": so_far["total"],
        "pages": so_far["pages"] + is_written,
        "files": so_far["files"] + len(page.files),
    }
    export.state, export.attempts, export.alive_at = ExportState.RUNNING, 0, timezone.now()
    if page.cursor is not None:
        export.part, export.page, export.cursor = part.name, export.page + 1, page.cursor
        return
    left = [one.name for one in export_parts() if one.name not in export.progress]
    export.part, export.page, export.cursor = (left[0] if left else PACKING), 0, ""
