"""`manage.py replay_stream --table graph --from 2026-11-21T10:00`: handlers hear a part of the stream once more."""

import argparse
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.dynamodb import Table
from config.streams import handlers
from config.streams.errors import StreamGone
from config.streams.registry import Handler
from config.streams.replay import Since, replay

START = "start"


class Command(BaseCommand):
    """May run beside consumers, and twice."""

    help = "Reads a table's stream again, within its retention, and calls its handlers with every change."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which stream, from where on, for whom."""
        parser.add_argument("--table", required=True, help="the table, by its declared name")
        parser.add_argument(
            "--from",
            dest="since",
            required=True,
            help=f"ISO 8601 time (UTC unless it says), a sequence number, or '{START}' for all that is kept",
        )
        parser.add_argument(
            "--handler", action="append", help="only this handler, by its full name; may be repeated"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be handled, and do nothing"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """A line each 1,000 records, then what each handler heard. Fails if any ended as a dead letter."""
        table = self._table(options["table"])
        chosen = self._handlers(table, options["handler"])
        since = since_of(options["since"])
        try:
            done = replay(table, chosen, since, dry_run=options["dry_run"], report=self.stdout.write)
        except StreamGone as error:
            message = f"The table {table.name} has no stream, or is not there."
            raise CommandError(message) from error
        self.stdout.write(str(done))
        verb = "would hear" if options["dry_run"] else "heard"
        for handler in chosen:
            self.stdout.write(f"{handler.name} {verb} {done.handled[handler.name]}")
        if done.dead:
            message = f"{done.dead} could not be handled: see manage.py dlq list."
            raise CommandError(message)

    def _table(self, name: str) -> Table:
        heard = {table.name: table for table in handlers.tables}
        if name not in heard:
            message = f"Nobody listens to a table {name}; there are {', '.join(sorted(heard))}."
            raise CommandError(message)
        return heard[name]

    def _handlers(self, table: Table, names: list[str] | None) -> list[Handler]:
        there = {handler.name: handler for handler in handlers.of(table)}
        if missing := set(names or ()) - set(there):
            message = (
                f"No handler of {table.name} is called {', '.join(sorted(missing))}; there are:\n"
                + "\n".join(there)
            )
            raise CommandError(message)
        return [handler for name, handler in there.items() if names is None or name in names]


def since_of(text: str) -> Since:
    """What `--from` says.

    Raises: CommandError.
    """
    if text == START:
        return Since()
    if text.isascii() and text.isdecimal() and len(text) != len("20261121"):  # which is a date
        return Since(sequence=int(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text} is no ISO 8601 time, no sequence number and not '{START}'."
        raise CommandError(message) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Since(at_ms=int(moment.timestamp() * 1000))
