"""Thirty people and the Following feed of each, on a database that fails, with a stream that comes late, twice and in the wrong
order, workers that are killed, given the same task twice or give it up, caches and inboxes that are lost, weeks that pass, and
authors who are pulled, pushed and pulled again: same posts as in plain lists, in the same order, none twice, none missing, in
full pages; and while all this goes on, nothing that was there is gone.

ROOST_MACHINE_RUNS=500 ROOST_MACHINE_STEPS=50 for the long form, which tells how far it is with --capture=sys. What CI runs
is always the same 50 runs of 15 steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django_redis import get_redis_connection
from hypothesis.internal.conjecture.engine import ConjectureRunner
from hypothesis.stateful import run_state_machine_as_test
from redis.connection import ConnectionPool

from tests.flows.feed_machine import CI_RUNS, RUNS, Network
from tests.flows.machine_broker import late_tasks
from tests.flows.machine_clock import moving_clock
from tests.flows.machine_runs import drawn_the_same
from tests.flows.machine_world import engines_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(6 * 3600 if RUNS > CI_RUNS else 1800)]
SMALL = {
    "feed.author_delivery.REGISTERED_AT_LEAST_MS": 0,
    "feed.demotions.POSTS_A_PAGE": 4,
    "feed.demotions.READERS_A_STEP": 2,
    "feed.edge_delivery.MAX_PULLS": 3,
    "feed.edges.BACKFILL_PAGE": 4,
    "feed.fan_out.PUSHED_AT_ONCE": 2,
    "feed.fan_out_readers.READERS_A_PAGE": 4,
    "feed.pressure.FIRST_READERS": 4,
    "feed.pulls.ENTRIES_AT_ONCE": 4,
    "feed.pulls.MAX_PULLS": 3,
    "feed.ranking.sources.AUTHORS_AT_ONCE": 8,
    "feed.reader_decisions.MAX_PULLS": 3,
    "feed.rebuilding.AUTHORS_AT_ONCE": 4,
    "feed.rebuilding.POSTS_AT_ONCE": 5,
    "feed.recents.KEPT": 12,
}
"""So that thirty people come to every bound."""


@contextmanager
def patient_cache() -> Iterator[None]:
    """On a busy machine too Redis is there: what is lost is lost by the machine, which knows of it."""
    pool = get_redis_connection("default").connection_pool
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(pool.connection_kwargs, "socket_timeout", 20.0)
        begin_anew(pool)
        yield
    begin_anew(pool)


def begin_anew(pool: ConnectionPool) -> None:
    """Without the connections there are: closed ones would be opened again as impatient, or patient, as they were."""
    pool.disconnect()
    pool.reset()


@pytest.fixture
def machine(
    transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Network]]:
    """The machine on the engines, with a clock and queues of its own."""
    settings.PULL_THRESHOLD, settings.DELIVERY_POLICY, settings.FANOUT_WAITING = (
        2,
        "per_edge",
        2_000,
    )  # restored with the others; runs choose
    for name, bound in SMALL.items():
        monkeypatch.setattr(name, bound)
    # Hypothesis follows each run by five that repeat its words: here runs go on from each other, and differ.
    monkeypatch.setattr(ConjectureRunner, "generate_mutations_from", lambda *_: None)
    with (
        patient_cache(),
        engines_of(Network),
        moving_clock() as Network.clock,
        late_tasks() as Network.broker,
    ):
        yield Network


def test_following_is_what_plain_lists_say(machine: type[Network]) -> None:
    run_state_machine_as_test(machine, settings=drawn_the_same(RUNS, steps=15))
