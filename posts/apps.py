"""The posts room as a Django app."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "posts"
