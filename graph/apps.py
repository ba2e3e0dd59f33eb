"""The graph room as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class GraphConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "graph"

    def ready(self) -> None:
        """Connect the room's listeners to the signals of accounts."""
        import_module("graph.approvals")
        import_module("graph.archive_return")
        import_module("graph.archive_departure")
