"""Smart TTL: how long a pushed item stays, by how often its reader reads and how relevant it is to them.

    at least one read   a day  a week  a month  less         relevance   > 90  > 70  > 50  > 30  else
    days                14     5       2        1            times       2.0   1.5   1.0   0.5   0.25

Who reads seldom catches up by pull, so a long inbox would lie there for nothing. Fan-out will ask for each item;
until then all items stay as long (`feed.entities.RETENTION_SECONDS`). For one item and for arrays alike.
"""

from typing import Final

from feed.policies.facts import Quantity

DAY_SECONDS: Final = 86_400

DORMANT_DAYS: Final = 1.0
MORE_DAYS: Final = ((1 / 30, 1.0), (1 / 7, 3.0), (1.0, 9.0))
"""(reads a day, days more): 2 from monthly, 5 from weekly, 14 from daily on."""

LEAST_FACTOR: Final = 0.25
MORE_FACTOR: Final = ((30.0, 0.25), (50.0, 0.5), (70.0, 0.5), (90.0, 0.5))
"""(relevance, how much more above it): 0.5, 1.0, 1.5, 2.0."""


def base_days(reads_per_day: Quantity) -> Quantity:
    """By activity class: daily 14, weekly 5, monthly 2, dormant 1."""
    days: Quantity = DORMANT_DAYS
    for reads, more in MORE_DAYS:
        days = days + (reads_per_day >= reads) * more
    return days


def relevance_factor(relevance: Quantity) -> Quantity:
    """By the score from 0 to 100."""
    factor: Quantity = LEAST_FACTOR
    for score, more in MORE_FACTOR:
        factor = factor + (relevance > score) * more
    return factor


def lifetime_seconds(reads_per_day: Quantity, relevance: Quantity) -> Quantity:
    """How long an item stays in this reader's inbox. Always whole seconds."""
    return base_days(reads_per_day) * relevance_factor(relevance) * DAY_SECONDS
