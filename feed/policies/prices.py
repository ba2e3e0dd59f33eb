"""What delivery costs, in units of DynamoDB and in US dollars.

A push writes one item of under 1 KB: one write unit. A pull is one eventually consistent Query of an author's newest
posts, under 4 KB: half a read unit. Expiry by TTL is free. What each read pays in any case (a page of the inbox, the
posts themselves) is no part of the decision and of no bill here.

Source: AWS, DynamoDB on-demand prices of US East since November 2024; AWS's rules for units.
"""

from dataclasses import dataclass
from typing import Final

from feed.entities import RETENTION_SECONDS
from feed.policies.facts import Quantity

WRITE_UNIT_USD: Final = 0.625e-6
READ_UNIT_USD: Final = 0.125e-6

PUSH_WRITE_UNITS: Final = 1.0
PULL_READ_UNITS: Final = 0.5

CHANGE_WRITE_UNITS: Final = 3.0
"""A reader's list of pulled authors, written anew: 100 ids of some 20 bytes, a unit a KB."""

BACKFILL_READ_UNITS: Final = 2.0
"""A page of an author's posts, read to be pushed."""

BACKFILL_DAYS: Final = RETENTION_SECONDS / 86_400
"""So far back an edge that becomes a pushed one is filled."""

PERIOD_DAYS: Final = 30.0
"""A change of mind must have paid for itself after so long."""


@dataclass(frozen=True, slots=True)
class Prices:
    """In US dollars."""

    write_unit: float = WRITE_UNIT_USD
    read_unit: float = READ_UNIT_USD

    @property
    def push(self) -> float:
        """Of one post to one reader."""
        return PUSH_WRITE_UNITS * self.write_unit

    @property
    def pull(self) -> float:
        """Of one author at one read."""
        return PULL_READ_UNITS * self.read_unit

    def to_push(self, posts_per_day: Quantity) -> Quantity:
        """Of an edge that was pulled: backfill, then stop pulling."""
        backfill = posts_per_day * (BACKFILL_DAYS * self.push)
        return backfill + (BACKFILL_READ_UNITS * self.read_unit + CHANGE_WRITE_UNITS * self.write_unit)

    @property
    def to_pull(self) -> float:
        """Of an edge that was pushed: set pull, then stop pushing; what was pushed expires by itself."""
        return CHANGE_WRITE_UNITS * self.write_unit


ON_DEMAND: Final = Prices()
