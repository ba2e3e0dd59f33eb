"""What commands that recount share: whom, whether to repair, and how they end."""

import sys
from argparse import ArgumentParser
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle
from config.entities import UserId

DRIFT, UNSETTLED = 1, 2


class Recounted(Protocol):
    """What a recount has found."""

    @property
    def found(self) -> object:
        """True if any count is wrong."""

    @property
    def unsettled(self) -> int:
        """What moved each time it was counted."""


D = TypeVar("D", bound=Recounted)


class ReconcileCommand(BaseCommand, Generic[D]):
    """Ends with 0 if all is right (or was put right), 1 if counts are wrong, 2 if some never stood still."""

    step: ClassVar[int]
    """Accounts between two marks."""

    def of_account(self, user_id: UserId, *, repair: bool) -> D:
        """Recount what one account has."""
        raise NotImplementedError

    def of_all(self, *, repair: bool, restart: bool, step: int) -> D:
        """Recount everything, from where a walk was broken off."""
        raise NotImplementedError

    def tell(self, drift: D, done: str) -> str:
        """Let the metric say what was found; and the line that says it here."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and whether to repair."""
        parser.add_argument("--user", help="handle of one account; without it, all")
        parser.add_argument("--repair", action="store_true", help="put wrong counts right")
        parser.add_argument("--step", type=int, default=self.step, help="accounts between two marks")
        parser.add_argument(
            "--restart", action="store_true", help="begin anew although a walk was broken off"
        )

    def chosen(self, *, user: str | None, repair: bool, **_options: Any) -> D | None:
        """What was asked for by name; None if everything is to be recounted."""
        return self.of_account(profile_by_handle(user).id, repair=repair) if user else None

    def handle(self, *_args: Any, repair: bool, restart: bool, step: int, **options: Any) -> None:
        """A line for each step, one for the sum."""
        drift = self.chosen(repair=repair, **options)
        if drift is None:
            drift = self.of_all(repair=repair, restart=restart, step=step)
        self.stdout.write(self.tell(drift, "repaired" if repair else "found"))
        if drift.found and not repair:
            sys.exit(DRIFT)
        if drift.unsettled:
            sys.exit(UNSETTLED)
