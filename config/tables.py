"""The foundation's own tables, where the app registry looks for them."""

from config.streams.tables import DEAD_LETTERS, LEASES

__all__ = ["DEAD_LETTERS", "LEASES"]
