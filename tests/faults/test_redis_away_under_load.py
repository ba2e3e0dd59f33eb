"""Redis is killed, hung and wiped under a mixed load: pages go on, DynamoDB is not flooded, all is as before afterwards.

    ROOST_LOAD_SECONDS=30 bin/test tests/faults/test_redis_away_under_load.py -s     # the long form, with figures as JSON
                                                               -k killed             # one fault alone, or hung, or wiped
    ROOST_LOAD_RATE=50                                                               # requests a second there

Both servers go, the cache's and the broker's; FLUSHALL is the cache's. Without ROOST_LOAD_SECONDS each state lasts a
moment, under a light load, and neither times nor reads are judged: what fails then is a page that is not answered.
"""

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.cache import cache
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from config.queues import waiting
from tests.engines import REDIS
from tests.faults.mixed_load import Crowd, Figures, MixedLoad, reads_of
from tests.stack import TestStack, begin_here, eventually

SECONDS = float(os.environ.get("ROOST_LOAD_SECONDS", "0"))
IS_LONG = SECONDS > 0
A_SECOND = float(os.environ.get("ROOST_LOAD_RATE", "50")) if IS_LONG else 10.0
pytestmark = [pytest.mark.faults, pytest.mark.timeout(300 + 6 * int(SECONDS))]
PEOPLE, FOLLOWS, POSTS_EACH = (40, 12, 4) if IS_LONG else (8, 4, 2)
QUEUES = ("fanout", "fanout_rest", "counters", "default")
BOTH = ("redis-cache", "redis-broker")
ANSWERED, P95_MS, TIMES_READ, TIMES_SLOWER = 0.999, 1000, 3, 2
MOMENT_SECONDS, RECOVERY_SECONDS = 1.5, 10.0


@dataclass
class Watch:
    """Stretches of the load by name, with what DynamoDB read in each."""

    metrics: Path
    load: MixedLoad
    reads: dict[str, dict[str, float]] = field(default_factory=dict)
    times: dict[str, tuple[float, float]] = field(default_factory=dict)

    def stretch(self, name: str, seconds: float) -> None:
        """Let the load go on for a while."""
        began, before = time.monotonic(), read_so_far(self.metrics)
        time.sleep(seconds)
        ended, after = time.monotonic(), read_so_far(self.metrics)
        self.times[name] = began, ended
        self.reads[name] = {what: (after[what] - before.get(what, 0)) / (ended - began) for what in after}

    def figures(self, name: str) -> Figures:
        """Of one stretch."""
        return self.load.figures.between(*self.times[name])

    def summary(self) -> dict[str, object]:
        """For a line of JSON."""
        return {
            name: self.figures(name).summary()
            | {f"read_{what}_a_second": round(count, 1) for what, count in self.reads[name].items()}
            for name in self.times
        }


@pytest.fixture
def metrics(tmp_path: Path) -> Path:
    """Where all processes count."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    return folder


@pytest.fixture
def roost(transactional_db: None, metrics: Path) -> Iterator[TestStack]:
    """With two web processes and a worker that gives way to them, as `bin/run` has."""
    begin_here()
    processes = TestStack(web_workers=2, worker_gives_way=True)
    try:
        processes.start("consumer", "worker", "web", env={"PROMETHEUS_MULTIPROC_DIR": str(metrics)})
        yield processes
    finally:
        processes.kill_all()


def read_so_far(metrics: Path) -> dict[str, float]:
    """What all processes asked DynamoDB to read; from their files, for a server under load has other things to do."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(metrics))
    return dict(reads_of(generate_latest(registry).decode()))


def until_quiet(metrics: Path) -> None:
    """What follows and posts ask for behind the scenes is done: nothing waits, and hardly anything is read."""

    def is_quiet() -> bool:
        before = read_so_far(metrics).get("requests", 0)
        time.sleep(0.5)
        return not waiting(QUEUES) and read_so_far(metrics).get("requests", 0) - before < 10

    eventually(is_quiet, timeout_seconds=200)


@contextmanager
def killed() -> Iterator[None]:
    for name in BOTH:
        REDIS[name].kill()
    yield
    for name in BOTH:
        REDIS[name].restart()


@contextmanager
def hung() -> Iterator[None]:
    for name in BOTH:
        REDIS[name].process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for name in BOTH:
            REDIS[name].process.send_signal(signal.SIGCONT)


@contextmanager
def wiped() -> Iterator[None]:
    cache.clear()
    yield


FAULTS = {"killed": killed, "hung": hung, "wiped": wiped}


def all_is_well(roost: TestStack) -> bool:
    """As one of the web processes sees it."""
    with urllib.request.urlopen(f"{roost.base_url}/readyz", timeout=60) as answer:
        seen = json.load(answer)
    return set(seen["redis"].values()) == {"closed"} and seen["checks"]["cache"]["status"] != "down"


def go_through(watch: Watch, faults: Sequence[str]) -> None:
    state, pause = SECONDS or MOMENT_SECONDS, min(SECONDS, RECOVERY_SECONDS) or MOMENT_SECONDS
    if IS_LONG:
        watch.stretch("warming", state)
        watch.stretch("baseline", state)
    for fault in faults:
        with FAULTS[fault]():
            if fault != "wiped":  # which is over at once
                watch.stretch(fault, state)
        watch.stretch(f"after {fault}", pause)
        if IS_LONG:
            watch.stretch(f"well after {fault}", pause)


@pytest.mark.parametrize("faults", list(FAULTS) if IS_LONG else ["killed hung wiped"])
def test_pages_go_on(roost: TestStack, metrics: Path, faults: str) -> None:
    crowd = Crowd.of(PEOPLE, follows=FOLLOWS, posts_each=POSTS_EACH)
    until_quiet(metrics)
    if IS_LONG:  # whom somebody follows is written down when they first look
        crowd.look(roost.base_url)
        until_quiet(metrics)
    load = MixedLoad(crowd, roost.port, a_second=A_SECOND)
    watch = Watch(metrics, load)
    thread = threading.Thread(target=load.run)
    thread.start()
    try:
        go_through(watch, faults.split())
    finally:
        load.stop()
        thread.join()
    if IS_LONG:
        print(json.dumps(watch.summary()), flush=True)  # noqa: T201  # what it is run for
    eventually(lambda: all_is_well(roost))
    unforeseen = {what: count for what, count in load.figures.failed.items() if not what.endswith(" 503")}
    assert not unforeseen, ("neither answered, to who is signed in, nor told when to come again", unforeseen)
    assert len(load.figures.answers) > 4 * MOMENT_SECONDS * A_SECOND
    if IS_LONG:
        judge(watch)


def judge(watch: Watch) -> None:
    """The long form: how much was answered, how soon, and what DynamoDB was asked."""
    reads, usual = watch.reads, watch.figures("baseline").percentile_ms(0.95)
    for name in watch.times.keys() - {"warming", "baseline"}:
        figures = watch.figures(name)
        assert figures.answered >= ANSWERED, (name, figures.summary())
        assert figures.percentile_ms(0.95) < P95_MS, (name, figures.summary())
        assert reads[name]["requests"] <= TIMES_READ * reads["baseline"]["requests"], (name, reads)
        if name.startswith("well after"):
            assert figures.percentile_ms(0.95) < TIMES_SLOWER * usual, (name, usual)
