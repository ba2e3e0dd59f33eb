"""`manage.py reconcile_counts [--user HANDLE] [--repair]`: do counters agree with the edges that they count."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle
from config.entities import UserId
from graph.reconcile import ACCOUNTS_A_STEP, account_reconcile, accounts_reconcile, drift_publish

DRIFT, UNSETTLED = 1, 2


class Command(BaseCommand):
    """Ends with 0 if all is right (or was put right), 1 if counters are wrong, 2 if some never stood still."""

    help = "Recount followers and followed, compare with the counters, repair them if asked. Safe while people follow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and whether to repair."""
        parser.add_argument("--user", help="handle of one account; without it, all")
        parser.add_argument("--repair", action="store_true", help="put wrong counters right")
        parser.add_argument("--step", type=int, default=ACCOUNTS_A_STEP, help="accounts between two marks")
        parser.add_argument(
            "--restart", action="store_true", help="begin anew although a walk was broken off"
        )

    def handle(
        self,
        *args: Any,  # noqa: ARG002  # Django's signature
        user: str | None,
        repair: bool,
        restart: bool,
        step: int,
        **options: Any,  # noqa: ARG002  # Django's signature
    ) -> None:
        """A line for each step, one for the sum."""
        if user:
            drift = account_reconcile(user_id=profile_by_handle(user).id, repair=repair)
        else:
            drift = accounts_reconcile(repair=repair, restart=restart, step=step, progress=self._step)
        drift_publish(drift)
        done = "repaired" if repair else "found"
        self.stdout.write(
            f"{drift.accounts} accounts: drift {done}: {drift.followers} followers, {drift.following} following; "
            f"{drift.unsettled} shards never stood still; {drift.archived} accounts are archived and were passed over"
        )
        if drift.found and not repair:
            sys.exit(DRIFT)
        if drift.unsettled:
            sys.exit(UNSETTLED)

    def _step(self, accounts: int, last: UserId) -> None:
        self.stdout.write(f"{accounts} accounts, up to {last}")
