"""Five people do what they like to each other, on a database that fails, with a stream that comes late, twice and in the
wrong order; after every step the graph is what a plain model of it says.

ROOST_MACHINE_RUNS=500 ROOST_MACHINE_STEPS=50 for the long form, which tells how far it is with --capture=sys. What CI runs
is always the same 50 runs of 30 steps.
"""

from collections.abc import Iterator

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.flows.graph_machine import RUNS, People
from tests.flows.machine_runs import drawn_the_same
from tests.flows.machine_world import engines_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(6 * 3600 if RUNS > 50 else 1800)]


@pytest.fixture
def machine(transactional_db: None) -> Iterator[type[People]]:
    """The machine on the engines, with tasks run where they are queued."""
    with engines_of(People):
        yield People


def test_the_graph_is_what_a_plain_model_of_it_says(machine: type[People]) -> None:
    run_state_machine_as_test(machine, settings=drawn_the_same(RUNS))
