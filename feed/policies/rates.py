r"""How often somebody does something, of late: an exponentially decayed count of events, as events a day.

    rate   |\  |\ |\ |\        each event adds ln 2 / half-life, and between events the rate halves every half-life;
           | \_| \| \| \___    at a steady pace it settles at that pace

Two numbers a person (`per_day`, `at_ms`) are all that is kept; events that come out of order are counted at the later
time. Works for one person and for arrays alike.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from feed.policies.facts import Quantity

READ_HALF_LIFE_DAYS: Final = 7.0
"""A week, so that a weekend is no change of habit."""

POST_HALF_LIFE_DAYS: Final = 14.0
"""As long as inboxes reach back."""

REACTION_HALF_LIFE_DAYS: Final = 3.0
"""What everybody talks about, they talk about for days."""

DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Events a day as of a moment."""

    per_day: Quantity
    at_ms: int


def rate_at(rate: Rate, now_ms: int, *, half_life_days: float) -> Rate:
    """The rate as it has faded until now; a moment before its own changes nothing."""
    days = max(0, now_ms - rate.at_ms) / DAY_MS
    return Rate(rate.per_day * 0.5 ** (days / half_life_days), max(now_ms, rate.at_ms))


def rate_after(rate: Rate, now_ms: int, *, half_life_days: float, events: float = 1) -> Rate:
    """The rate once this has happened."""
    faded = rate_at(rate, now_ms, half_life_days=half_life_days)
    return replace(faded, per_day=faded.per_day + events * (math.log(2) / half_life_days))
