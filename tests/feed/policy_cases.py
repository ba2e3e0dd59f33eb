"""Edges for tests of the policies, and their cost added up without any of the policies' code."""

from dataclasses import dataclass

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from feed.policies import AuthorFacts, Edge, ReaderFacts, Way

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine proves nothing."""

PUSH_USD, PULL_USD = 0.625e-6, 0.0625e-6
PERIOD_DAYS = 30
CHANGE_TO_PULL_USD = 3 * 0.625e-6


@dataclass(frozen=True)
class Case:
    """One edge in plain numbers."""

    reader: int
    reads: float
    posts: float
    way: Way = Way.NEW

    def cost(self, *, pull: bool) -> float:
        """A period of this way, the change to it included."""
        if pull:
            return PERIOD_DAYS * self.reads * PULL_USD + (self.way == Way.PUSH) * CHANGE_TO_PULL_USD
        to_push = 14 * self.posts * PUSH_USD + 2 * 0.125e-6 + 3 * 0.625e-6
        return PERIOD_DAYS * self.posts * PUSH_USD + (self.way == Way.PULL) * to_push

    @property
    def edge(self) -> Edge:
        """For one question."""
        return Edge(ReaderFacts(self.reads), AuthorFacts(100, self.posts), self.way)


def together(cases: list[Case]) -> tuple[Edge, np.ndarray]:
    """The same edges as arrays, and whose each is."""
    edges = Edge(
        ReaderFacts(np.array([case.reads for case in cases])),
        AuthorFacts(np.full(len(cases), 100.0), np.array([case.posts for case in cases])),
        np.array([case.way for case in cases], np.int8),
    )
    return edges, np.array([case.reader for case in cases])


rates = st.one_of(st.just(0.0), st.floats(0.001, 200), st.sampled_from([0.5, 1.0, 5.0, 10.0]))
"""Also equal ones, and those where both ways cost the same."""


@st.composite
def networks(draw: st.DrawFn, *, readers: int = 3, edges: int = 5, new: bool = False) -> list[Case]:
    """Some readers, each at one rate, side by side; with edges that were decided before unless `new`."""
    cases = []
    for reader in range(draw(st.integers(1, readers))):
        reads = draw(rates)
        for _ in range(draw(st.integers(1, edges))):
            way = Way.NEW if new else draw(st.sampled_from(Way))
            cases.append(Case(reader, reads, draw(rates), way))
    return cases
