"""The graph room as a Django app."""

from django.apps import AppConfig


class GraphConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "graph"
