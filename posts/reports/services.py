"""Writes of reports."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from config.entities import UserId
from posts.moderation.models import Case
from posts.reports.errors import OwnThing, ReportNotFound
from posts.reports.models import NOTE_MAX_LENGTH, Report
from posts.reports.targets import Target

logger = structlog.get_logger()


def report_create(*, reporter_id: UserId, target: Target, reason: str, note: str = "") -> tuple[Report, bool]:
    """Report what one sees; again before it is decided changes the reason and the note of the report that is there.

    The first copy of the content stays; if it has changed since, the new one is kept beside it.

    Cost: 2 SQL queries. Idempotent: by reporter and thing, while the report is open.
    Raises: OwnThing.
    """
    if target.subject_id == reporter_id:
        raise OwnThing
    report, is_new = Report.objects.get_or_create(
        reporter_id=reporter_id,
        kind=target.kind,
        thing_id=target.thing_id,
        state=Report.State.OPEN,
        defaults={
            "post_id": target.post_id,
            "subject_id": target.subject_id,
            "reason": reason,
            "note": note.strip()[:NOTE_MAX_LENGTH],
            "snapshot": target.snapshot,
        },
    )
    if not is_new:
        report.reason, report.note = reason, note.strip()[:NOTE_MAX_LENGTH]
        first = {name: value for name, value in report.snapshot.items() if name != "later"}
        report.snapshot = first if first == target.snapshot else first | {"later": target.snapshot}
        report.save(update_fields=["reason", "note", "snapshot", "changed_at"])
    logger.info("reported", report_id=report.pk, kind=report.kind, thing_id=report.thing_id, new=is_new)
    return report, is_new


def report_own(reporter_id: UserId, report_id: int) -> Report:
    """One's own report.

    Raises: ReportNotFound, for others' too.
    """
    report = Report.objects.filter(pk=report_id, reporter_id=reporter_id).first()
    if report is None:
        raise ReportNotFound
    return report


def report_decide(*, report: Report, moderator: User, state: Report.State) -> bool:
    """Resolve or dismiss an open report; False if it was decided before.

    Cost: 1 SQL query. Idempotent: by report.
    """
    changed = Report.objects.filter(pk=report.pk, state=Report.State.OPEN).update(
        state=state, decided_by=moderator, decided_at=timezone.now()
    )
    logger.info("report_decided", report_id=report.pk, state=state, moderator_id=moderator.pk)
    return bool(changed)


def reports_sweep() -> int:
    """Forget what was decided `REPORT_DAYS` ago, with the copies of content: reports and cases. How many went.

    Cost: 2 SQL queries. Idempotent: yes.
    """
    before = timezone.now() - timedelta(days=settings.REPORT_DAYS)
    reports, _kinds = Report.objects.filter(decided_at__lt=before).delete()
    cases, _kinds = Case.objects.exclude(state=Case.State.OPEN).filter(scanned_at__lt=before).delete()
    logger.info("reports_swept", reports=reports, cases=cases)
    return reports + cases
