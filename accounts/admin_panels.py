"""Hot data beside a user in the administration: each room to the left adds a panel, none is named here.

    register_panel(_("Counts"), lambda user_id: [(_("Followers"), 12), ...])

A panel is read when a user's page is opened, so it makes bounded reads only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from config.entities import UserId
from config.errors import AppError

Rows = Iterable[tuple[Any, ...]]
_registry: list[tuple[str | Promise, Callable[[UserId], Rows]]] = []


@dataclass(frozen=True, slots=True)
class Panel:
    """One table of a user's page. `refusal` stands in for the rows when their engine did not answer."""

    title: str
    rows: list[tuple[Any, ...]]
    refusal: str = ""


def register_panel(title: str | Promise, rows: Callable[[UserId], Rows]) -> None:
    """Show `rows(user_id)` under this title: tuples of cells, the first of which names its row."""
    _registry.append((title, rows))


def panels_of_user(user_id: UserId) -> list[Panel]:
    """All panels, filled. Fail-open, declared here: an engine that is away leaves its own panel empty and says so."""
    return [_filled(str(title), rows, user_id) for title, rows in _registry]


def _filled(title: str, rows: Callable[[UserId], Rows], user_id: UserId) -> Panel:
    try:
        return Panel(title, list(rows(user_id)))
    except AppError as refusal:
        return Panel(title, [], str(refusal))
