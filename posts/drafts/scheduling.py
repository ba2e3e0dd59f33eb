"""A time for a draft: chosen in its author's time zone, kept as a moment.

The zone is the browser's, which a script says, or the one that was chosen in the form; it stays with the draft, so that a
page can say the time as its author meant it. An hour that the clocks skip is read as they would go on, one that comes
twice as its first.
"""

import time
from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from posts.drafts.entities import DraftContent, Timing
from posts.drafts.errors import TimeNotAhead, UnknownZone
from posts.text import limits

DAYS_AHEAD: Final = 366
_DAY_MS: Final = 86_400_000
UTC_ZONE: Final = "UTC"


@cache
def zones() -> tuple[str, ...]:
    """Names of all time zones, UTC first."""
    return UTC_ZONE, *sorted(
        name for name in available_timezones() if "/" in name and not name.startswith("Etc/")
    )


def zone_read(name: str) -> str:
    """The name of a time zone, UTC if none was said.

    Raises: UnknownZone.
    """
    name = name.strip() or UTC_ZONE
    if name != UTC_ZONE and name not in available_timezones():
        raise UnknownZone
    return name


def timing_of(moment: datetime, zone: str) -> Timing:
    """A time as a form or a client says it: without an offset it is read in the zone.

    Raises: UnknownZone.
    """
    zone = zone_read(zone)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return Timing(round(aware.timestamp() * 1000), zone)


def local_time(timing: Timing) -> datetime | None:
    """The time as clocks in its zone show it."""
    if timing.due_at_ms is None:
        return None
    return datetime.fromtimestamp(timing.due_at_ms / 1000, UTC).astimezone(ZoneInfo(zone_read(timing.zone)))


def require_ahead(timing: Timing, content: DraftContent) -> None:
    """Refuse a time that is over or too far away, and a draft that could not be posted as it is.

    Raises: TimeNotAhead, EmptyPost, TextTooLong.
    """
    if timing.due_at_ms is None:
        return
    now = time.time_ns() // 1_000_000
    if not now < timing.due_at_ms <= now + DAYS_AHEAD * _DAY_MS:
        raise TimeNotAhead(days=DAYS_AHEAD)
    limits.post_text(content.text, has_photo=bool(content.photos))
