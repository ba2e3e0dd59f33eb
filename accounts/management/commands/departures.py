"""`manage.py departures [--due-now] [--user HANDLE]`: clean up after those who have left for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.departure_models import Departure
from accounts.departure_runs import departure_run, departures_due, departures_measure
from accounts.handles import handle_normalised
from config.entities import UserId


class Command(BaseCommand):
    """Safe to stop and to run again at any time, and beside the task that does the same."""

    help = "Deletes what is left of accounts whose time to come back is over, page by page; resumes where it was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and whether to wait for the date."""
        parser.add_argument("--user", help="handle of one departed account; without it, all that are due")
        parser.add_argument(
            "--due-now",
            action="store_true",
            help="begin although the date has not come: nobody can undo it then",
        )

    def handle(
        self,
        *args: Any,  # noqa: ARG002  # Django's signature
        user: str | None,
        due_now: bool,
        **options: Any,  # noqa: ARG002  # Django's signature
    ) -> None:
        """A line for each page, one for the sum."""
        due = departures_due(due_now=due_now)
        if user:
            due = [user_id for user_id in due if user_id == self._named(user)]
        for user_id in due:
            departure_run(user_id=user_id, report=self._line, due_now=due_now)
        departures_measure()
        self._line(f"{len(due)} departures cleaned up")

    def _named(self, handle: str) -> UserId:
        departure = Departure.objects.filter(handle=handle_normalised(handle)).order_by("-asked_at").first()
        if departure is None:
            message = f"Nobody called {handle} has left."
            raise CommandError(message)
        return UserId(departure.user_id)

    def _line(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
