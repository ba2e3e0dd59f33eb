"""Stream consumers killed, put to sleep, and cut off from the broker or from DynamoDB: nothing handled is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from config.streams import Timing, shards
from config.streams.broker_life import BrokerWatch
from config.streams.leases import NOBODY, lease_open, lease_take, leases_of
from config.streams.reader import ShardReader
from config.streams.registry import handlers
from config.streams.shards import Shard, stream_arn
from tests.config.streams.support import QUICK, Listener, Written, a_name, consuming, eventually, write
from tests.config.streams.tables import NOTES
from tests.engines import REDIS
from tests.faults.proxy import Fault, faulty_dynamodb, script

pytestmark = pytest.mark.faults
Starter = Callable[..., subprocess.Popen[bytes]]


class Group:
    """Consumers as processes: a partition to write to, and what each of them wrote down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pk, self.name = a_name(), a_name("g")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        module = [sys.executable, "-m", "tests.faults.listening_process"]
        command = [*module, self.pk, self.name, str(self.folder / name), *options]
        self.processes[name] = subprocess.Popen(command, cwd=settings.BASE_DIR)
        return self.processes[name]

    def heard_by(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def owners(self) -> list[str]:
        return [lease.owner for lease in leases_of(self.name, NOTES) if not lease.is_finished]


def state_of(process: subprocess.Popen[bytes]) -> str:
    """One letter, as `ps` shows it: T is stopped."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    group = Group(tmp_path)
    yield group
    for process in group.processes.values():
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


def test_killed_between_handling_and_checkpoint_the_record_comes_again_and_none_is_lost(group: Group) -> None:
    write(NOTES, group.pk, 1, 2, 3, 4, 5)
    first = group.start("first", "--die-after", "3")
    assert first.wait(60) == -signal.SIGKILL
    assert group.heard_by("first") == [1, 2, 3]

    group.start("second")
    eventually(lambda: 5 in group.heard_by("second"))
    heard = group.heard_by("second")
    assert heard == list(range(heard[0], 6))  # in order, without a hole
    assert heard[0] <= 3  # handled, but not known to be: again


def test_one_that_is_only_asleep_is_taken_over_and_kept_out_when_it_wakes(group: Group) -> None:
    asleep = group.start("asleep")
    write(NOTES, group.pk, 1)
    eventually(lambda: group.heard_by("asleep") == [1])
    first_owner = group.owners()
    group.start("awake")
    asleep.send_signal(signal.SIGSTOP)
    eventually(lambda: state_of(asleep) == "T")
    write(NOTES, group.pk, 2)
    eventually(lambda: 2 in group.heard_by("awake"))
    assert group.owners() != first_owner
    asleep.send_signal(signal.SIGCONT)
    write(NOTES, group.pk, 3)
    eventually(lambda: 3 in group.heard_by("awake"))
    asleep.terminate()
    assert asleep.wait(60) == 0
    assert group.heard_by("asleep") == [1]
    assert group.heard_by("awake")[-2:] == [2, 3]


def test_a_lease_counts_from_when_it_was_asked_for_however_late_the_answer_comes() -> None:
    name, arn = a_name("g"), stream_arn(NOTES)
    assert arn is not None
    lease_open(name, NOTES, Shard(arn, "shard-1", None, is_closed=False))
    (lease,) = leases_of(name, NOTES)
    asked_at = time.monotonic()
    held, listener = lease_take(lease, "me"), Listener(a_name())
    reader = ShardReader(NOTES, held, listener.handlers, QUICK, BrokerWatch(), held_since=asked_at - 7)
    assert reader._unsaved_seconds() >= 7
    with faulty_dynamodb(script(Fault.SLOW)) as proxy:
        reader.save()
        assert [fault for _target, fault in proxy.seen] == [Fault.SLOW]
    assert not reader.is_over
    assert 0.1 <= reader._unsaved_seconds() < 7


def test_the_command_releases_its_shards_on_sigterm() -> None:
    command = [sys.executable, "manage.py", "consume_streams", "--threads", "2"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, env=dict(os.environ))

    def owners() -> set[str]:
        leases = [lease for table in handlers.tables for lease in leases_of("main", table)]
        return {lease.owner for lease in leases if not lease.is_finished}

    try:
        eventually(lambda: any(f"/{process.pid}/" in owner for owner in owners()))
        process.terminate()
        assert process.wait(60) == 0
        assert not any(f"/{process.pid}/" in owner for owner in owners())
        assert owners() <= {NOBODY}
    finally:
        process.kill()
        process.communicate()


def test_with_the_broker_down_records_wait_in_the_stream_and_none_is_skipped() -> None:
    pk, queue = a_name(), a_name("queue")
    broker = REDIS["redis-broker"]
    refused = []

    def publish(event: Written) -> None:
        try:
            app.send_task("tests.no-such-task", args=[event.number], queue=queue)
        except Exception as error:
            refused.append(error)
            raise

    listener = Listener(pk, fail=publish).listen(NOTES)
    with consuming(listener.handlers, a_name("g")):
        write(NOTES, pk, 1)
        eventually(lambda: listener.heard == [1])
        broker.kill()
        try:
            write(NOTES, pk, 2, 3, 4)
            eventually(lambda: len(refused) >= 3)
            assert listener.heard == [1]
        finally:
            broker.restart()
        eventually(lambda: listener.heard == [1, 2, 3, 4])
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        waiting = [json.loads(raw)["headers"]["argsrepr"] for raw in channel.client.lrange(queue, 0, -1)]
        channel.client.delete(queue)
    assert sorted(waiting) == ["[1]", "[2]", "[3]", "[4]"]


def test_with_dynamodb_away_the_consumer_lives_and_goes_on() -> None:
    pk = a_name()
    listener = Listener(pk).listen(NOTES)
    is_away = False
    # A lease that outlasts the outage: what is tested is the reader, not a takeover.
    timing = Timing(lease_seconds=30, renew_seconds=0.2, poll_min_seconds=0.01, poll_max_seconds=0.03)
    with faulty_dynamodb(lambda target: Fault.DROP_BEFORE if is_away else Fault.NONE) as proxy:
        shards.client.cache_clear()
        try:
            with consuming(listener.handlers, a_name("g"), timing=timing) as consumer:
                write(NOTES, pk, 1)
                eventually(lambda: listener.heard == [1])
                is_away = True
                dropped = len(proxy.seen)
                eventually(lambda: len(proxy.seen) > dropped + 5)
                is_away = False
                write(NOTES, pk, 2)
                eventually(lambda: listener.heard == [1, 2])
                assert consumer.is_alive
        finally:
            shards.client().close()
            shards.client.cache_clear()
