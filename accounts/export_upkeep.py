"""What keeps exports going and lets them end: whatever was killed, lost or forgotten is found here, by the clock.

every minute   under way and silent for long: begun again, at most 5 times without a page more, then failed
               ready, and no mail sent: sent
every hour     past its time: expired, and its file gone; files that no row speaks of: gone
"""

from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import export_files
from accounts.export_models import OPEN, Export, ExportState
from accounts.export_services import Begin, expire

logger = structlog.get_logger()

ATTEMPTS: Final = 5
AT_ONCE: Final = 200
MAIL_AFTER: Final = timedelta(minutes=5)
ROWS_KEPT: Final = timedelta(days=90)


def exports_tend(*, begin: Begin, mail: Begin) -> None:
    """Take up what was left, a bounded number at a time. Idempotent."""
    # Longer than a lost task takes to be delivered again.
    silent = timezone.now() - timedelta(
        seconds=3 * settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    )
    left = Export.objects.filter(state__in=OPEN, by_operator=False, alive_at__lt=silent)
    for export_id in left.values_list("pk", flat=True)[:AT_ONCE]:
        _take_up(export_id, silent, begin)
    unsaid = Export.objects.filter(
        state=ExportState.READY, by_operator=False, mailed_at=None, ready_at__lt=timezone.now() - MAIL_AFTER
    )
    for export_id in unsaid.values_list("pk", flat=True)[:AT_ONCE]:
        mail(export_id)


def _take_up(export_id: int, silent: object, begin: Begin) -> None:
    with transaction.atomic():
        left = Export.objects.select_for_update().filter(pk=export_id, state__in=OPEN, alive_at__lt=silent)
        export = left.first()
        if export is None:
            return
        export.attempts += 1
        export.alive_at = timezone.now()
        if export.attempts > ATTEMPTS:
            export.state = ExportState.FAILED
            logger.error("export_failed", export_id=export_id, part=export.part, page=export.page)
        export.save()
        if export.is_open:
            transaction.on_commit(lambda: begin(export_id))


def exports_sweep() -> int:
    """Expire what is past its time, forget old rows, and remove files without a use. How many expired. Idempotent."""
    past = Export.objects.filter(state=ExportState.READY, expires_at__lte=timezone.now())
    expired = 0
    for export_id in list(past.values_list("pk", flat=True)):
        with transaction.atomic():
            export = Export.objects.select_for_update().filter(pk=export_id, state=ExportState.READY).first()
            if export is not None:
                expire(export)
                expired += 1
    old = timezone.now() - ROWS_KEPT
    Export.objects.filter(state__in=[ExportState.EXPIRED, ExportState.FAILED], asked_at__lt=old).delete()
    for export_id in export_files.export_ids_stored():
        known = Export.objects.filter(pk=export_id).first()
        if known is None or known.state == ExportState.EXPIRED:
            export_files.work_remove(export_id)
        elif known.state == ExportState.READY:
            export_files.work_remove(export_id, keep=known.file_name)
    return expired


def export_mail(*, export_id: int) -> None:
    """Tell its owner that it is ready. Once, but for a process that dies between sending and noting it."""
    ready = Export.objects.select_related("user").filter(pk=export_id, state=ExportState.READY)
    export = ready.filter(by_operator=False, mailed_at=None).first()
    if export is None:
        return
    with override(export.language):
        text = render_to_string("accounts/export/mail.txt", {"export": export}).strip() + "\n"
        EmailMessage(_("Your data is ready"), text, to=[export.user.email]).send()
    Export.objects.filter(pk=export_id).update(mailed_at=timezone.now())
