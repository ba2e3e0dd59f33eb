"""What can be asked of exports: one's own, and how far one has come."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import ExportNotFound
from accounts.export_models import Export, ExportState
from accounts.export_parts import export_parts
from accounts.export_services import PACKING
from config.entities import UserId

SHOWN = 20


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far one part is. `total` is what was expected at its beginning, None if nobody can tell."""

    name: str
    title: str | Promise
    done: int
    total: int | None
    is_done: bool
    is_under_way: bool


def exports_of_user(user_id: UserId) -> list[Export]:
    """The latest ones, newest first."""
    return list(Export.objects.filter(user_id=user_id, by_operator=False)[:SHOWN])


def export_of_user(user_id: UserId, export_id: int) -> Export:
    """Raises: ExportNotFound, the same for missing ones and others'."""
    export = Export.objects.filter(pk=export_id, user_id=user_id, by_operator=False).first()
    if export is None:
        raise ExportNotFound
    return export


def export_to_download(user_id: UserId, export_id: int) -> Export:
    """One whose file is there.

    Raises: ExportNotFound.
    """
    export = export_of_user(user_id, export_id)
    if export.state != ExportState.READY or (export.expires_at and export.expires_at <= timezone.now()):
        raise ExportNotFound
    return export


def progress_of(export: Export) -> list[PartProgress]:
    """Every part in its order, the making of the zip last."""
    named = [(part.name, part.title) for part in export_parts()] + [(PACKING, _("Packing it up"))]
    parts = []
    for name, title in named:
        so_far = export.progress.get(name, {})
        is_under_way = export.is_open and export.part == name
        is_done = bool(so_far) and not is_under_way
        parts.append(
            PartProgress(name, title, so_far.get("done", 0), so_far.get("total"), is_done, is_under_way)
        )
    return parts


def share_of(export: Export) -> int:
    """Percent done, parts weighing alike: what is expected is a guess, so this is not more than one."""
    if export.state == ExportState.READY:
        return 100
    parts = progress_of(export)
    done = sum(
        1.0 if part.is_done else min(1.0, part.done / part.total) if part.total else 0.0 for part in parts
    )
    return min(99, int(100 * done / len(parts)))
