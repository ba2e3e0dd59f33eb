"""Months of posts, in UTC: an id says when it was minted."""

from datetime import UTC, datetime

from config.ids import first_id_at, id_time_ms

DECEMBER = 12


def month_of(an_id: int) -> str:
    """The month of an id.

    Shape: "202611"; months sort as time does.
    """
    return month_at(id_time_ms(an_id))


def month_at(time_ms: int) -> str:
    """The month of a time in milliseconds since 1970."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y%m")


def month_before(month: str) -> str:
    """The one before."""
    year, number = int(month[:4]), int(month[4:])
    return f"{year - 1}12" if number == 1 else f"{year}{number - 1:02d}"


def month_after(month: str) -> str:
    """The next one."""
    year, number = int(month[:4]), int(month[4:])
    return f"{year + 1}01" if number == DECEMBER else f"{year}{number + 1:02d}"


def first_id_of(month: str) -> int:
    """The smallest id of a month."""
    begin = datetime(int(month[:4]), int(month[4:]), 1, tzinfo=UTC)
    return first_id_at(int(begin.timestamp() * 1000))
