"""The reports' part of an export: one's own, without what moderators made of others' content."""

from django.utils.translation import gettext_lazy as _

from accounts.export_parts import PAGE, ExportPage, export_part, iso_of
from config.entities import UserId
from posts.reports.models import Report


def _total(user_id: UserId) -> int:
    return Report.objects.filter(reporter_id=user_id).count()


@export_part(
    "reports",
    order=46,
    title=_("Reports"),
    about=_("What you reported to the moderators, oldest first."),
    labels={"kind": _("Kind"), "reason": _("Reason"), "state": _("State")},
    total=_total,
)
def reports(user_id: UserId, cursor: str | None) -> ExportPage:
    """Cost: 1 SQL query."""
    after = int(cursor) if cursor else 0
    rows = list(Report.objects.filter(reporter_id=user_id, pk__gt=after).order_by("pk")[:PAGE])
    records = [
        {
            "kind": report.kind,
            "id": str(report.thing_id),
            "reason": report.reason,
            "text": report.note,
            "state": report.state,
            "created_at": iso_of(report.created_at),
        }
        for report in rows
    ]
    return ExportPage(records, cursor=str(rows[-1].pk) if len(rows) == PAGE else None)
