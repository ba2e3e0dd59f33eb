"""`manage.py bulk_follow --followee ana --followers 100000`: an account as a load test needs it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors import profile_by_handle
from graph.bulk import followers_make


class Command(BaseCommand):
    """Runs through the same keys, shards and counters as a follow; broken off, it is taken up where it was."""

    help = (
        "Give an account many made-up followers, for load tests. They have no accounts: pages leave them out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and how many."""
        parser.add_argument("--followee", required=True, help="handle of the account")
        parser.add_argument("--followers", required=True, type=int, help="how many to make")

    def handle(self, *args: Any, followee: str, followers: int, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        """Make them, a line for each stretch."""
        profile = profile_by_handle(followee)
        made = followers_make(
            followee_id=profile.id,
            followee_handle=profile.handle,
            number=followers,
            progress=lambda done, total: self.stdout.write(f"{done:,} of {total:,}"),
        )
        self.stdout.write(f"@{profile.handle} has {made:,} followers more.")
