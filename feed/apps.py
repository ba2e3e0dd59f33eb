"""The feed room as a Django app."""

from django.apps import AppConfig


class FeedConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "feed"
