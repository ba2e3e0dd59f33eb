"""What people look at in an export: plain pages that link to each other and need no network, no script and no Roost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, override

from accounts.export_models import Export
from accounts.export_parts import ExportPart, Record


@dataclass(frozen=True, slots=True)
class Row:
    """A record as its page shows it."""

    record: Record
    at: datetime | None
    facts: list[tuple[str, Any]]
    photos: list[Record]
    has_missing: bool
    """A photo was removed while the export was made."""


def records_page(
    export: Export, part: ExportPart, number: int, records: Iterable[Record], *, missing: Collection[str]
) -> str:
    """One page of one part."""
    with override(export.language):
        pages = export.progress[part.name]["pages"]
        context = {
            "part": part,
            "number": number,
            "pages": pages,
            "before": page_name(part, number - 1) if number > 1 else "",
            "after": page_name(part, number + 1) if number < pages else "",
            "rows": [_row(part, record, missing) for record in records],
        }
        return _rendered("accounts/export/part.html", export, context)


def overview(export: Export, parts: Iterable[ExportPart]) -> str:
    """The first page: who, when, and where everything is."""
    with override(export.language):
        return _rendered("accounts/export/index.html", export, {"parts": _listed(export, parts)})


def readme(export: Export, parts: Iterable[ExportPart]) -> str:
    """The same in plain text, and how the files for programs are written."""
    with override(export.language):
        context = {"parts": _listed(export, parts)}
        return _rendered("accounts/export/README.txt", export, context).strip() + "\n"


def stylesheet() -> str:
    """The pages' one style sheet."""
    return render_to_string("accounts/export/style.css")


def page_name(part: ExportPart, number: int) -> str:
    """The file of one page of a part."""
    return f"{part.name}.html" if number == 1 else f"{part.name}-{number}.html"


def moment_of(text: str | None) -> datetime | None:
    """An ISO time of a record."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def file_stem(export: Export) -> str:
    """What the downloaded file is called, without its ending."""
    return f"roost-{export.user.username}-{export.asked_at:%Y-%m-%d}"


def _rendered(template: str, export: Export, context: dict[str, Any]) -> str:
    shared = {
        "handle": export.user.username,
        "asked_at": export.asked_at,
        "language": export.language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    return render_to_string(template, shared | context)


def _listed(export: Export, parts: Iterable[ExportPart]) -> list[dict[str, Any]]:
    return [
        {"part": part, "page": page_name(part, 1), "count": export.progress[part.name]["done"]}
        for part in parts
    ]


def _row(part: ExportPart, record: Record, missing: Collection[str]) -> Row:
    facts: list[tuple[str, Any]] = []
    for key, label in part.labels.items():
        value = record.get(key)
        if value is None or value in ("", []):
            continue
        told = ", ".join(value) if isinstance(value, list) else value
        facts.append((str(label), moment_of(told) if key.endswith(("_at", "_until")) else told))
    one: Record | None = record.get("photo")
    photos: list[Record] = record.get("photos") or ([one] if one else [])
    there = [photo for photo in photos if photo["file"] not in missing]
    return Row(
        record=record,
        at=moment_of(record.get("created_at")),
        facts=facts,
        photos=there,
        has_missing=len(there) < len(photos),
    )
