"""The foundation as a Django app: it finds every room's tables and stream consumers by their module's name."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    """Loads `<app>.tables`, `<app>.table_changes` and `<app>.consumers`, so that no room has to be named here."""

    name = "config"

    def ready(self) -> None:
        """Fill the registries of tables, of their changes and of stream handlers."""
        autodiscover_modules("tables")
        autodiscover_modules("table_changes")
        autodiscover_modules("consumers")
