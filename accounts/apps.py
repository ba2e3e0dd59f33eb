"""The accounts room as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the room; its tables and consumers are found by `config.apps`."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the room's own listeners, which need its models to be loaded."""
        import_module("accounts.listeners")
        import_module("accounts.known_sessions")
