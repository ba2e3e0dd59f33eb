"""`manage.py sweep_media`: what the daily task does, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from posts.media.sweeping import DAYS, media_sweep


class Command(BaseCommand):
    help = "Remove uploaded photos that no post took within a day, and files that belong to nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"how many days to look back (default {DAYS})"
        )
        parser.add_argument("--all", action="store_true", help="look at every day there is")

    def handle(self, *_args: Any, **options: Any) -> None:
        swept = media_sweep(days=None if options["all"] else options["days"])
        self.stdout.write(f"Removed {swept.media} unused media and {swept.strays} stray folders.")
