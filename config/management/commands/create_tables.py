"""`manage.py create_tables`: make every declared table that is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from config.dynamodb import create_tables


class Command(BaseCommand):
    """Idempotent; run at every start."""

    help = "Create the DynamoDB tables that are missing and switch on TTL, streams and recovery."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        """Create the tables, a line each."""
        create_tables(self.stdout.write)
