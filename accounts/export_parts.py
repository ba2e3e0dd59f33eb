"""What an export consists of: each room's parts, read page by page, in one order.

    @export_part("posts", order=30, title=_("Posts"), about=_("What you posted."), total=posts_total)
    def posts(user_id: UserId, cursor: str | None) -> ExportPage:
        ...at most PAGE records...
        return ExportPage(records, files, next_cursor)

Rooms register in their `exports.py`, found by its name. A part is called with the cursor that it returned last; None at
first, and None returned at its end. A page may be read again, so reading must change nothing.

A record is what is written as JSON: ids as strings, times as ISO 8601 in UTC (`iso_of_ms`), nothing that is not its
owner's to know. The pages that people look at are made of the same records; these keys they know how to show, others by
the part's `labels`, and those without a label are left to programs:

    created_at   text   person {"id", "handle", "name"}   photo {"file", "alt", "width", "height"}, or several in photos
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from config.entities import UserId

PAGE: Final = 100
"""Records that one page has at most."""
Record = dict[str, Any]
Picture = tuple[str, str] | tuple[str, str, str]
"""Its name in the zip, its name in the storage, and which of Django's STORAGES that is, if it is not the default."""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """One page of a part. `files`: the pictures that its records speak of; `cursor` None: the part is complete."""

    records: list[Record]
    files: Sequence[Picture] = ()
    cursor: str | None = None


Read = Callable[[UserId, str | None], ExportPage]
Total = Callable[[UserId], int]


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One file of records. Its name is that file's, and is kept with exports under way."""

    name: str
    order: int
    title: str | Promise
    about: str | Promise
    labels: Mapping[str, str | Promise]
    total: Total | None
    read: Read


_parts: dict[str, ExportPart] = {}


def export_part(
    name: str,
    *,
    order: int,
    title: str | Promise,
    about: str | Promise,
    labels: Mapping[str, str | Promise] | None = None,
    total: Total | None = None,
) -> Callable[[Read], Read]:
    """Register the decorated function. `total` says about how many records there will be, cheaply.

    Raises: ImproperlyConfigured for a name that is taken.
    """

    def register(read: Read) -> Read:
        if name in _parts:
            message = f"two parts of an export are called {name}"
            raise ImproperlyConfigured(message)
        _parts[name] = ExportPart(name, order, title, about, labels or {}, total, read)
        return read

    return register


def export_parts() -> list[ExportPart]:
    """All parts, in the order they are written."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.name))


def iso_of(moment: datetime | None) -> str | None:
    """A time as exports write it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def iso_of_ms(time_ms: int | None) -> str | None:
    """Milliseconds since 1970 as exports write them."""
    if time_ms is None:
        return None
    moment = datetime.fromtimestamp(time_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
