"""How often a reader reads, for decisions: as measured, or what is assumed of somebody of whom nothing is known."""

from typing import Final

from feed.activity_entities import ReaderState
from feed.policies.facts import ReaderFacts
from feed.policies.rates import READ_HALF_LIFE_DAYS, Rate, rate_at

ASSUMED_READS_PER_DAY: Final = 5.0
"""Of a new reader: what people of such networks do on the mean (`feed.simulation.activity`)."""


def reader_facts(state: ReaderState | None, now_ms: int) -> ReaderFacts:
    """What a policy may know of a reader."""
    if state is None:
        return ReaderFacts(ASSUMED_READS_PER_DAY)
    measured = Rate(state.reads_per_day, state.rate_at_ms)
    return ReaderFacts(rate_at(measured, now_ms, half_life_days=READ_HALF_LIFE_DAYS).per_day)
