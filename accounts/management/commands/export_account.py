"""`manage.py export_account HANDLE --into FILE`: everything of one person as a zip."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.export_models import Export
from accounts.export_now import export_now
from accounts.export_selectors import share_of
from accounts.handles import handle_normalised
from accounts.models import User
from config.errors import AppError
from config.logs import warnings_only


class Command(BaseCommand):
    """For those who are asked for somebody's data; the person themselves has a page for it."""

    help = "Write everything of one person, also of one who is deactivated, into a zip. Broken off, it goes on at the next call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and where to."""
        parser.add_argument("handle")
        parser.add_argument("--into", type=Path, required=True, metavar="FILE", help="the zip to write")
        parser.add_argument("--language", default="en", help="of the pages in it (default en)")
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *_args: object, **options: Any) -> None:
        """One bar, one line."""
        user = User.objects.filter(username=handle_normalised(options["handle"])).first()
        if user is None:
            raise CommandError(f"There is nobody called {options['handle']}.")
        into: Path = options["into"]
        if not into.parent.is_dir():
            raise CommandError(f"{into.parent} is no folder.")
        quiet = warnings_only(on=options["verbosity"] < 2)
        with quiet, tqdm(total=100, unit="%", disable=options["no_progress"]) as bar:

            def told(export: Export) -> None:
                bar.set_postfix_str(export.part)
                bar.update(share_of(export) - bar.n)

            try:
                size = export_now(user=user, into=into, language=options["language"], progress=told)
            except AppError as error:
                raise CommandError(f"{error} Run the same command again to go on.") from error
        self.stdout.write(f"{into}: {size} bytes")
