"""`manage.py table_changes plan|apply|status`: changes of tables that are in use."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.dynamodb.applying import ITEMS_A_SECOND, SEGMENTS, apply_change
from config.dynamodb.changes import DONE, TableChange, change_state, table_changes
from config.dynamodb.client import client
from config.dynamodb.tables import registry


class Command(BaseCommand):
    """Safe to stop and to run again at any time."""

    help = "Changes DynamoDB tables while they are in use: adds indexes, fills them, step by step, resumably."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do, with which table, how fast."""
        parser.add_argument("action", choices=["plan", "apply", "status"])
        parser.add_argument("--table", help="changes of this table only")
        parser.add_argument(
            "--items-per-second", type=float, default=ITEMS_A_SECOND, help="bound on items seen and changed"
        )
        parser.add_argument(
            "--segments", type=int, default=SEGMENTS, help="parts of the walk; fixed once begun"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Act on each change in its order; applying ends at the first that can't be applied."""
        if options["table"] and options["table"] not in registry:
            message = f"There is no table {options['table']}."
            raise CommandError(message)
        if options["items_per_second"] <= 0 or not 0 < options["segments"] <= 1000:
            raise CommandError("Items a second must be more than 0, segments 1 to 1000.")
        for change in table_changes(options["table"]):
            match options["action"]:
                case "plan":
                    self._plan(change)
                case "status":
                    self._status(change)
                case _:
                    apply_change(
                        change,
                        report=self._line,
                        items_a_second=options["items_per_second"],
                        segments=options["segments"],
                    )

    def _line(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _plan(self, change: TableChange) -> None:
        if change_state(change).stage == DONE:
            return
        # The engine counts about every six hours; it is for a rough idea only.
        items = client().describe_table(TableName=change.table.physical_name)["Table"]["ItemCount"]
        self._line(f"{change.name}: {change.description}")
        if change.add_index:
            self._line(f"    add index {change.add_index}")
        if change.backfill:
            self._line(f"    walk about {items} items and fill in what is missing")

    def _status(self, change: TableChange) -> None:
        state = change_state(change)
        ended = sum(segment.is_finished for segment in state.segments)
        walked = f", {ended} of {len(state.segments)} segments" if state.segments else ""
        self._line(
            f"{change.name}: {state.stage or 'not begun'}{walked}, {state.seen} seen, {state.changed} changed"
        )
