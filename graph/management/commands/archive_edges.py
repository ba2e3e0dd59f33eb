"""`manage.py archive_edges [--dormant-days N] [--user HANDLE] [--return] [--dry-run]`: edges to the archive, and back."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle, profiles_by_ids
from config.entities import UserId
from graph.archive import SEGMENT_ROWS, archive_begin, archive_step, dormant_accounts, dormant_before
from graph.archive_return import fetching_of, return_some
from graph.errors import ArchiveAway, SegmentLost

FAILED = 1


class Command(BaseCommand):
    """Ends with 1 if a segment could not be read or the storage did not answer; what it names can be tried again."""

    help = "Move the edges of dormant accounts to the archive, or those of one account either way. Safe to kill and repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and which way."""
        parser.add_argument(
            "--user", help="handle of one account, dormant or not; without it, all that are dormant"
        )
        parser.add_argument(
            "--dormant-days", type=int, help="days without a visit; else ROOST_ARCHIVE_AFTER_DAYS"
        )
        parser.add_argument(
            "--return", action="store_true", dest="back", help="bring the edges of --user back"
        )
        parser.add_argument("--dry-run", action="store_true", help="only name the accounts")
        parser.add_argument("--rows", type=int, default=SEGMENT_ROWS, help="edges a file or a step, at most")

    def handle(self, *args: Any, user: str | None, back: bool, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        """A line for each step."""
        if back and not user:
            self.stderr.write("Name the account whose edges come back: --user HANDLE")
            sys.exit(FAILED)
        try:
            if user:
                self._one(profile_by_handle(user).id, back=back, options=options)
            else:
                self._all(options)
        except (SegmentLost, ArchiveAway) as error:
            self.stderr.write(str(error))
            sys.exit(FAILED)

    def _one(self, user_id: UserId, *, back: bool, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            self._say(user_id, "would come back" if back else "would be archived")
        elif back:
            self._return(user_id, options["rows"])
        elif archive_begin(user_id=user_id):
            self._archive(user_id, options["rows"])
        else:
            self._say(user_id, "is archived already, or on its way back, or switched off")

    def _all(self, options: dict[str, Any]) -> None:
        """Marked together, so that the time until all processes know of it passes once for all of them."""
        seen_before, after = dormant_before(options["dormant_days"]), UserId(0)
        while user_ids := dormant_accounts(seen_before=seen_before, after=after):
            after = user_ids[-1]
            if options["dry_run"]:
                for user_id in user_ids:
                    self._say(user_id, "would be archived")
                continue
            begun = [one for one in user_ids if archive_begin(user_id=one, seen_before=seen_before)]
            for user_id in begun:
                self._archive(user_id, options["rows"])

    def _archive(self, user_id: UserId, segment_rows: int) -> None:
        while True:
            step = archive_step(user_id=user_id, segment_rows=segment_rows)
            if step.done:
                break
            if step.wait_seconds:
                self._say(user_id, f"marked; edges go in {step.wait_seconds:.0f} s")
                time.sleep(step.wait_seconds)
            elif step.rows:
                self._say(user_id, f"{step.rows:,} edges have gone")
            else:
                self._say(user_id, "a file more")
        self._say(user_id, "done")

    def _return(self, user_id: UserId, rows: int) -> None:
        while not return_some(user_id=user_id, limit=rows):
            fetching = fetching_of(user_id)
            if fetching is not None:
                self._say(user_id, f"{fetching.back:,} of {fetching.rows:,} edges seen to")
        self._say(user_id, "all edges are back")

    def _say(self, user_id: UserId, what: str) -> None:
        cards = profiles_by_ids([user_id])
        self.stdout.write(f"@{cards[user_id].handle if user_id in cards else user_id}: {what}")
