"""Every reader has every post once, whatever is killed, stopped, hung or wiped amid its fan-out.

Some seconds of it in CI; the whole is for demand, and tells after each fault how long the rest took:

    ROOST_KILLS=20 ROOST_KILL_READERS=5000 bin/test tests/faults/test_fanout_kills.py -s
"""

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from random import Random

import pytest

from config.celery import app
from config.task_letters import task_letters
from deploy.local.processes import is_alive
from feed import consumers
from feed.pulls import author_is_pulled
from posts.entities import Audience
from posts.events import PostCreated
from tests.faults.fan_out_stage import KILLS, SEED, Stage, reached
from tests.faults.proxy import Fault, faulty_dynamodb, mix
from tests.feed.factory import a_person, bulk_followers, home_of, inbox_of, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def stage(transactional_db: None) -> Iterator[Stage]:
    made = Stage()
    yield made
    made.stack.kill_all()


@pytest.mark.timeout(300 + 60 * KILLS)
def test_every_reader_has_every_post_once_whatever_dies(stage: Stage) -> None:
    stage.undisturbed()
    worker = stage.stack.pid("worker")
    stage.fan_out("Redis wiped", stage.wipe_redis)
    stage.fan_out("Redis killed", stage.kill_redis)
    stage.fan_out("Redis hung", stage.hang_redis)
    stage.fan_out("workers asleep", stage.put_workers_to_sleep)
    stage.undisturbed()
    assert is_alive(worker), "it consumes, without a restart"
    kills: list[Callable[[], None]] = [stage.kill_workers, stage.kill_child, stage.kill_beat_and_consumer]
    for kill in islice(cycle(kills), KILLS):
        stage.fan_out(kill.__name__, kill)
    newest_first = stage.posts[::-1]
    for fan in stage.fans:
        assert home_of(fan) == newest_first
        assert inbox_of(fan) == newest_first
    assert not author_is_pulled(id_of(stage.author)), f"it gave up:\n{stage.complaints()}"
    assert [letter for letter in task_letters() if id_of(stage.author) in letter.args] == []


@pytest.mark.django_db
def test_writes_are_handed_back_and_everything_comes_three_times_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = Random(SEED)
    ana, fan = a_person("ana"), a_person("fan")
    follows(fan, ana)
    readers = bulk_followers(ana, 100)
    posts = [posted(by=ana) for _ in range(3)]
    events = [PostCreated(f"event-{post}", post, id_of(ana), Audience.EVERYONE, 0) for post in posts] * 3
    random.shuffle(events)
    queued: list[tuple[str, tuple[object, ...]]] = []

    def queue(self: object, args: tuple[object, ...] = (), *_: object, **__: object) -> None:
        queued.append((self.name, tuple(args)))  # type: ignore[attr-defined]

    monkeypatch.setattr(app.Task, "apply_async", queue)
    with faulty_dynamodb(mix(SEED, partial=0.5)) as proxy:
        for event in events:
            consumers.deliver(event)
        while queued:
            name, args = queued.pop(random.randrange(len(queued)))
            app.tasks[name].run(*args)
    assert [reached(readers, post) for post in posts] == [len(readers)] * 3
    assert home_of(fan) == inbox_of(fan) == posts[::-1]
    writes = [fault for target, fault in proxy.seen if target == "BatchWriteItem"]
    assert writes.count(Fault.PARTIAL) > len(writes) / 4
