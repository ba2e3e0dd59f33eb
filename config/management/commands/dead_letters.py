"""Looks after stream records that a handler gave up on."""

import argparse
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.streams.dead_letters import (
    DeadLetter,
    dead_letter_by_key,
    dead_letter_drop,
    dead_letter_replay,
    dead_letters,
)
from config.streams.registry import handlers


class Command(BaseCommand):
    """`manage.py dead_letters list|replay|drop`."""

    help = "Lists, replays or drops stream records that a handler could not digest."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do, and with which letters."""
        parser.add_argument("action", choices=["list", "replay", "drop"])
        parser.add_argument("keys", nargs="*", help="letters by key, as `list` prints them")
        parser.add_argument("--handler", help="all letters of this handler")
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

    def _chosen(self, options: dict[str, Any]) -> list[DeadLetter]:
        if not options["keys"]:
            return dead_letters(handler=options["handler"])
        found = {key: dead_letter_by_key(key) for key in options["keys"]}
        missing = [key for key, letter in found.items() if letter is None]
        if missing:
            message = f"No such letter: {', '.join(missing)}"
            raise CommandError(message)
        return [letter for letter in found.values() if letter]

    def _act(self, action: str, letter: DeadLetter) -> bool:
        if action == "list":
            died_at = datetime.fromtimestamp(letter.died_at_ms / 1000, UTC).isoformat(timespec="seconds")
            self.stdout.write(f"{letter.key}  {died_at}  {letter.attempts} attempts  {letter.error}")
            return True
        if action == "drop":
            dead_letter_drop(letter.key)
            self.stdout.write(f"dropped {letter.key}")
            return True
        try:
            dead_letter_replay(letter, handlers)
        except Exception as error:  # noqa: BLE001  # whatever a handler raises: the letter stays, and the rest go on
            self.stderr.write(f"failed {letter.key}: {error!r}")
            return False
        self.stdout.write(f"replayed {letter.key}")
        return True
