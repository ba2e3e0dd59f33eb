"""The foundation's own tables, where the app registry looks for them."""

from config.dynamodb.changes import TABLE_CHANGES
from config.streams.tables import DEAD_LETTERS, LEASES

__all__ = ["DEAD_LETTERS", "LEASES", "TABLE_CHANGES"]
