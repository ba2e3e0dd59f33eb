"""Looks after what was put aside: stream records that a handler gave up on, and tasks that were delivered six times."""

import argparse
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import letters
from config.letters import Letter


class Command(BaseCommand):
    """`manage.py dlq list|replay|drop`."""

    help = "Lists, replays or drops stream records and tasks that could not be digested."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do, and with which letters."""
        parser.add_argument("action", choices=["list", "replay", "drop"])
        parser.add_argument("keys", nargs="*", help="letters by key, as `list` prints them")
        parser.add_argument("--handler", help="all letters of this handler or task")
        parser.add_argument("--all", action="store_true", help="all letters")

    def handle(self, *_: Any, **options: Any) -> None:
        """One line a letter; replaying goes on past letters that fail again, and says how many did."""
        action = options["action"]
        if action == "list" and not options["keys"]:
            options["all"] = True
        if not (options["keys"] or options["handler"] or options["all"]):
            raise CommandError("Name letters by key, or give --handler or --all.")
        failed = sum(not self._act(action, letter) for letter in self._chosen(options))
        if failed:
            message = f"{failed} could not be replayed and are kept."
            raise CommandError(message)

    def _chosen(self, options: dict[str, Any]) -> list[Letter]:
        if not options["keys"]:
            return letters.letters(of=options["handler"])
        found = {key: letters.letter_by_key(key) for key in options["keys"]}
        missing = [key for key, letter in found.items() if letter is None]
        if missing:
            message = f"No such letter: {', '.join(missing)}"
            raise CommandError(message)
        return [letter for letter in found.values() if letter]

    def _act(self, action: str, letter: Letter) -> bool:
        if action == "list":
            died_at = datetime.fromtimestamp(letter.died_at_ms / 1000, UTC).isoformat(timespec="seconds")
            self.stdout.write(f"{letter.key}  {died_at}  {letter.attempts} attempts  {letter.error}")
            return True
        if action == "drop":
            letter.drop()
            self.stdout.write(f"dropped {letter.key}")
            return True
        try:
            letter.replay()
        except Exception as error:  # noqa: BLE001  # whatever a handler raises: the letter stays, and the rest go on
            self.stderr.write(f"failed {letter.key}: {error!r}")
            return False
        self.stdout.write(f"replayed {letter.key}")
        return True
