"""In one Django process what a start needs: migrations, tables, static files. A repeat changes nothing."""

import os
import sys

import django
from django.core.management import call_command


def prepare() -> None:
    """Bring accounts' database, DynamoDB's tables and the static files up to date."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sys.stdin.read()  # the engines start meanwhile: our parent closes the pipe when they are up
    call_command("create_tables", verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    prepare()
