"""Four people write posts, change them, show them to some and hide them from others, on a database that fails, with a stream
that comes late, twice and in the wrong order; after every step each viewer is shown what a plain model says, and counts are exact.

ROOST_MACHINE_RUNS=500 ROOST_MACHINE_STEPS=50 for the long form, which tells how far it is with --capture=sys. What CI runs
is always the same 25 runs of 25 steps.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test
from rest_framework.test import APIClient

from tests.flows.machine_runs import drawn_the_same
from tests.flows.machine_world import engines_of
from tests.flows.posts_machine import CI_RUNS, RUNS, Room

pytestmark = [pytest.mark.faults, pytest.mark.timeout(6 * 3600 if RUNS > CI_RUNS else 1800)]


@pytest.fixture
def machine(transactional_db: None, settings: Any) -> Iterator[type[Room]]:
    """The machine on the engines, with tasks run where they are queued."""
    settings.SCANNERS = ["posts.moderation.scanners.rules.RuleScanner"]  # fast
    settings.PROLIFIC_POSTS, settings.HOT_TAG_ENTRIES = 4, 4  # both are soon reached
    Room.client, Room.stranger = APIClient(), APIClient()  # kept: each reads the folder of static files anew
    with engines_of(Room):
        yield Room


def test_posts_are_what_a_plain_model_of_them_says(machine: type[Room]) -> None:
    run_state_machine_as_test(machine, settings=drawn_the_same(RUNS, steps=25))
