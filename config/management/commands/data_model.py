"""`manage.py data_model`: the page that describes every table."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.dynamodb.document import data_model
from config.dynamodb.tables import registry


class Command(BaseCommand):
    """Prints the page; `--write` puts it into docs/, `--check` fails if the one there is old."""

    help = "Describe every DynamoDB table: keys, indexes, access patterns, measured units."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the page goes."""
        parser.add_argument("--write", action="store_true", help="write docs/data-model.md")
        parser.add_argument(
            "--check", action="store_true", help="fail if docs/data-model.md is not this page"
        )

    def handle(self, *args: Any, write: bool, check: bool, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        """Make the page from the declarations and the measured units."""
        docs = settings.BASE_DIR / "docs"
        measured_file = docs / "measured-units.json"
        measured = json.loads(measured_file.read_text()) if measured_file.exists() else {}
        # A table of the tests' own is no part of the product.
        tables = [table for table in registry.values() if not table.name.startswith("test-")]
        page = data_model(tables, measured)
        target = docs / "data-model.md"
        if check:
            if not target.exists() or target.read_text() != page:
                raise CommandError("docs/data-model.md is old: run manage.py data_model --write")
        elif write:
            target.write_text(page)
        else:
            self.stdout.write(page)
