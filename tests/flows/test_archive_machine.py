"""The machine of `test_graph_machine`, while accounts go to the archive and come back, by pieces, on a failing database.

The model knows of no archive, for nobody may notice one: only the own lists of who is archived are not looked at until
they are back. People act all the while, also those whose edges are away.

ROOST_MACHINE_RUNS=500 ROOST_MACHINE_STEPS=50 for the long form; CI runs the same 10 runs of 30 steps each time.
"""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from graph.archive import archive_begin, archive_step
from graph.archive_repository import archive_get
from graph.archive_return import return_some
from tests.flows.graph_agreement import PEOPLE
from tests.flows.graph_machine import People, people
from tests.flows.machine_runs import drawn_the_same, runs_of
from tests.flows.machine_world import weathers
from tests.flows.test_graph_machine import machine

__all__ = ["machine"]

RUNS = runs_of(10)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(6 * 3600 if RUNS > 50 else 1800)]


class Archiving(People):
    """What people do, and what the archive does meanwhile."""

    @rule(person=people, weather=weathers, steps=st.integers(0, 6), rows=st.integers(1, 3))
    def archive(self, person: int, weather: Any, steps: int, rows: int) -> None:
        """Begin, or go on, some steps far."""
        self.do(weather, archive_begin, user_id=person)
        for _ in range(steps):
            self.do(weather, archive_step, user_id=person, segment_rows=rows)
        self.touch(person)

    @rule(person=people, weather=weathers, limit=st.integers(1, 4))
    def come_back(self, person: int, weather: Any, limit: int) -> None:
        """As a first request or an opened list does, some edges far."""
        self.do(weather, return_some, user_id=person, limit=limit)
        self.touch(person)

    @property
    def away(self) -> set[int]:
        return {person for person in PEOPLE if archive_get(self.ids[person]) is not None}

    @invariant()
    def lists_agree(self) -> None:
        touched, self.touched = self.touched, self.touched - self.away
        super().lists_agree()
        self.touched = touched

    @invariant()
    def lists_hide_what_is_hidden(self) -> None:
        if not self.away:
            super().lists_hide_what_is_hidden()

    def teardown(self) -> None:
        """Everybody is back in the end."""
        if hasattr(self, "model"):
            for person in PEOPLE:
                while not return_some(user_id=self.ids[person], limit=3):
                    pass
            assert self.away == set()
        super().teardown()


def test_the_graph_is_what_it_would_be_without_an_archive(machine: type[People], settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0
    Archiving.heard, Archiving.stream, Archiving.server = machine.heard, machine.stream, machine.server
    run_state_machine_as_test(Archiving, settings=drawn_the_same(RUNS))
