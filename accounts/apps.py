"""The accounts room as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "accounts"
