"""The foundation as a Django app: it finds each room's tables, stream consumers and the like by their module's name."""

from django.apps import AppConfig
from django.core.cache import close_caches
from django.core.signals import request_finished
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    """Loads these modules of every room that has them, so that no room has to be named here."""

    name = "config"

    def ready(self) -> None:
        """Fill the registries: tables, their changes, stream handlers, parts of leaving and of taking one's data along."""
        # Connections to Redis stay open between requests: there is nothing to close, which took as long to find out as
        # the whole of many a middleware.
        request_finished.disconnect(close_caches)
        autodiscover_modules("tables")
        autodiscover_modules("table_changes")
        autodiscover_modules("consumers")
        autodiscover_modules("departures")
        autodiscover_modules("exports")
