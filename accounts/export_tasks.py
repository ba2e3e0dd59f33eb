"""Background work of exports. Each task does one bounded piece, takes an id, and may run any number of times."""

import structlog
from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from accounts import export_packing, export_services, export_upkeep
from config.errors import Unavailable

logger = structlog.get_logger()

PACKING_SECONDS = 3600


# A database that is away for a moment is tried again; who stays silent longer is found by `exports_tend`.
@shared_task(
    name="accounts.export_step",
    autoretry_for=(Unavailable,),
    retry_backoff=2,
    retry_jitter=True,
    max_retries=6,
)
def export_step(export_id: int) -> None:
    """One page."""
    export_services.export_step(export_id=export_id, again=export_step.delay, pack=export_pack.delay)


# Longer than other tasks may take: delivered again meanwhile, it sees that another is at it.
@shared_task(name="accounts.export_pack", soft_time_limit=PACKING_SECONDS, time_limit=PACKING_SECONDS + 60)
def export_pack(export_id: int) -> None:
    """The zip."""
    export_packing.export_pack(export_id=export_id, again=export_pack_later, mail=export_mail.delay)


@shared_task(name="accounts.export_mail")
def export_mail(export_id: int) -> None:
    """The word that it is ready."""
    export_upkeep.export_mail(export_id=export_id)


@shared_task(name="accounts.exports_tend")
def exports_tend() -> None:
    """What was left."""
    export_upkeep.exports_tend(begin=export_begin, mail=export_mail.delay)


@shared_task(name="accounts.exports_sweep")
def exports_sweep() -> None:
    """What is past its time."""
    export_upkeep.exports_sweep()


def export_pack_later(export_id: int) -> None:
    """In a moment, but before a task that waits is given to another worker as well."""
    redelivery_seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    export_pack.apply_async((export_id,), countdown=min(10, redelivery_seconds / 2))


def export_begin(export_id: int) -> None:
    """Queue the first page. Fails open: with the broker away the row waits, and `exports_tend` begins it."""
    try:
        export_step.delay(export_id)
    except OperationalError:
        logger.warning("export_waits_for_broker", export_id=export_id)
