"""Celery: settings under which nothing is lost, the request's id in tasks, publishing with the broker away."""

import fnmatch
import json
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError
from redis import Redis

from config.celery import app
from config.logs import bound_request_id, current_request_id
from config.task_letters import task_letter_put, task_letters
from deploy.local import programs
from deploy.local.processes import spawn, stop
from tests.config.probe_tasks import die_once, fail_often, probe, runs_key, take_long
from tests.engines import FOLDER, REDIS
from tests.stack import eventually


class Worker:
    """A Celery worker of this test's own, with JSON logs."""

    def __init__(self, log: Path, **environment: str) -> None:
        self.log = log
        program = programs.worker("probe", "default", concurrency=1)
        command = [*program.command, "--include", "tests.config.probe_tasks"]
        self.process = spawn(command, log=log, env={**os.environ, "ROOST_LOG_FORMAT": "json", **environment})

    def lines(self, event: str) -> list[dict[str, Any]]:
        """Its log lines of one event."""
        whole = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, whole) if line["event"] == event]


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that consumes the default queue, of which nothing is left that earlier tests published."""
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.flushall()
    started = Worker(FOLDER / f"probe-{time.monotonic_ns()}.log")
    yield started
    stop(started.process, timeout_seconds=15)


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are published."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def runs(probe_id: str) -> int:
    return int(get_redis_connection("default").get(runs_key(probe_id)) or 0)


def is_published() -> bool:
    with suppress(OperationalError):
        return probe.delay(probe_id()) is not None
    return False


def probe_id() -> str:
    return f"probe-{time.monotonic_ns()}"


def test_the_settings_are_those_that_lost_nothing() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_soft_time_limit < conf.task_time_limit
    options = conf.broker_transport_options
    assert options["unacked_mutex_expire"] < options["visibility_timeout"] < conf.task_soft_time_limit
    assert conf.worker_soft_shutdown_timeout == 10
    assert conf.worker_enable_soft_shutdown_on_idle
    assert conf.worker_cancel_long_running_tasks_on_connection_loss
    assert set(conf.task_queues) == {"fanout", "fanout_rest", "counters", "default"}
    assert conf.task_default_queue == "default"


def test_every_task_names_a_queue_that_a_worker_consumes() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith(("celery.", "tests."))]
    assert ours
    for name in ours:
        assert app.amqp.router.route({}, name)["queue"].name in app.conf.task_queues, name


def test_every_route_is_of_a_task_that_is_there() -> None:
    app.loader.import_default_modules()
    for pattern in app.conf.task_routes:
        assert any(fnmatch.fnmatch(name, pattern) for name in app.tasks), pattern


def test_a_task_runs_under_the_request_that_published_it(worker: Worker) -> None:
    mine, nobodys = probe_id(), probe_id()
    with bound_request_id("request-of-ana"):
        probe.delay(mine)
    probe.delay(nobodys)
    eventually(lambda: runs(mine) and runs(nobodys))
    eventually(lambda: len(worker.lines("task")) == 2)
    first, second = worker.lines("probe_ran")
    assert (first["probe"], first["request_id"], first["task"]) == (mine, "request-of-ana", "tests.probe")
    assert second["probe"] == nobodys
    assert "request_id" not in second, "nothing of one task stays bound for the next"
    ended = worker.lines("task")[0]
    assert (ended["outcome"], ended["request_id"]) == ("SUCCESS", "request-of-ana")


@pytest.mark.faults
def test_a_task_whose_process_is_killed_is_delivered_again(worker: Worker) -> None:
    killed = probe_id()
    die_once.delay(killed)
    eventually(lambda: runs(killed) == 2)
    assert worker.process.poll() is None
    assert task_letters() == []

    failing = probe_id()
    fail_often.delay(failing)
    eventually(lambda: len(task_letters()) == 1)
    (letter,) = task_letters(task="tests.fail_often")
    assert runs(failing) == letter.attempts == 5, "put aside at the sixth delivery"
    assert letter.args == [failing]
    assert letter.error == "ValueError('not at run 5')"
    assert runs(f"{failing}-given-up") == 1
    call_command("dlq", "replay", letter.key, stdout=StringIO())
    eventually(lambda: runs(failing) == 6)
    assert task_letters() == []


def test_tasks_that_were_put_aside_are_listed_and_dropped_by_command() -> None:
    for args in ([1, "a"], [1, "a"], [2, "b"]):
        task_letter_put("tests.letter", f"id-{args[0]}", args, {}, error="too heavy", attempts=5)
    task_letter_put("tests.periodic", "id-3", [], {}, error="away", attempts=5)
    task_letter_put("tests.periodic", "id-4", [], {}, error="still away", attempts=5)
    out = StringIO()
    call_command("dlq", "list", "--handler", "tests.letter", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.partition("  ")[0] for line in lines] == ["tests.letter#id-1", "tests.letter#id-2"]
    assert lines[0].endswith("5 attempts  too heavy")
    (periodic,) = task_letters(task="tests.periodic")
    assert periodic.error == "still away"
    call_command("dlq", "drop", "tests.letter#id-1", periodic.key, stdout=out)
    assert [letter.args for letter in task_letters()] == [[2, "b"]]
    with pytest.raises(CommandError, match="No such letter"):
        call_command("dlq", "replay", periodic.key)
    call_command("dlq", "drop", "--handler", "tests.letter", stdout=out)
    assert task_letters() == []


@pytest.mark.faults
def test_a_worker_goes_on_after_its_broker_was_killed(worker: Worker) -> None:
    before, after = probe_id(), probe_id()
    probe.delay(before)
    eventually(lambda: runs(before))
    REDIS["redis-broker"].kill()
    REDIS["redis-broker"].restart()
    probe.delay(after)
    eventually(lambda: runs(after))


@pytest.mark.faults
def test_who_has_a_pulse_keeps_a_long_task_and_who_is_silent_loses_it(worker: Worker) -> None:
    stop(worker.process, timeout_seconds=15)
    settings_of_both = {"ROOST_SILENCE_SECONDS": "3"}
    first, second = (
        Worker(FOLDER / f"pulse-{name}-{time.monotonic_ns()}.log", **settings_of_both) for name in "ab"
    )
    try:
        kept, lost = probe_id(), probe_id()
        take_long.delay(kept, 7)
        eventually(lambda: runs(f"{kept}-done") == 1)
        assert runs(kept) == 1, "longer than a silence, and nobody else was given it"
        take_long.delay(lost, 60)
        eventually(lambda: runs(lost) == 1)
        holder = next(each for each in (first, second) if f'"{lost}"' in each.log.read_text())
        stop(holder.process, number=signal.SIGKILL)
        eventually(lambda: runs(lost) == 2, timeout_seconds=15)
    finally:
        for each in (first, second):
            stop(each.process, number=signal.SIGKILL)


@pytest.mark.faults
def test_publishing_fails_at_once_with_the_broker_stopped() -> None:
    REDIS["redis-broker"].kill()
    try:
        started = time.monotonic()
        with pytest.raises(OperationalError):
            probe.delay(probe_id())
        assert time.monotonic() - started < 10, "kombu's own retries would go on for ever"
    finally:
        REDIS["redis-broker"].restart()
    eventually(is_published)


@pytest.mark.faults
def test_publishing_fails_within_seconds_with_the_broker_hanging() -> None:
    broker: subprocess.Popen[bytes] = REDIS["redis-broker"].process
    broker.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(OperationalError):
            probe.delay(probe_id())
        assert time.monotonic() - started < 30
    finally:
        broker.send_signal(signal.SIGCONT)
    eventually(is_published)


def test_eager_tasks_leave_the_callers_context_as_it_was(
    eager: None, caplog: pytest.LogCaptureFixture
) -> None:
    ran = probe_id()
    with caplog.at_level(logging.INFO), bound_request_id("request-of-ana"):
        probe.delay(ran)
        assert current_request_id() == "request-of-ana"
    assert current_request_id() is None
    (line,) = [record.msg for record in caplog.records if record.name == "tests.config.probe_tasks"]
    assert dict(line)["request_id"] == "request-of-ana"
    assert runs(ran) == 1
