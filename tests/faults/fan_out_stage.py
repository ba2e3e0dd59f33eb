"""One author, thousands of readers, and processes that die: a fan-out after another, each with something done to it amid.

What is random comes from one seed. For demand: ROOST_KILLS, ROOST_KILL_READERS, ROOST_KILL_SEED.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Final

from django.conf import settings
from redis import Redis

from config.dynamodb import batch_get
from config.entities import PostId, UserId
from deploy.local.processes import is_alive
from feed.tables import INBOX, inbox_key
from tests.engines import REDIS
from tests.feed.factory import a_person, bulk_followers, posted
from tests.graph.factory import follows
from tests.stack import TestStack, begin_here, eventually

LONGER_THAN_SOCKETS_WAIT_SECONDS: Final = 6.0
KILLS: Final = int(os.environ.get("ROOST_KILLS", "3"))
READERS: Final = int(os.environ.get("ROOST_KILL_READERS", "1200"))
SEED: Final = int(os.environ.get("ROOST_KILL_SEED", "5"))
Fault = Callable[[], None]
"""What is done amid a fan-out; when it returns, everything is there again."""


def reached(readers: list[UserId], post: PostId) -> int:
    """How many of the readers have the post in their inbox."""
    items = batch_get([(INBOX, inbox_key(reader, post)) for reader in readers], consistent=True)
    return sum(item is not None for item in items)


class Stage:
    """The processes, and what has been posted so far."""

    def __init__(self) -> None:
        begin_here()
        self.random = Random(SEED)
        self.author = a_person("ana")
        self.fans = [a_person("fan") for _ in range(2)]
        for fan in self.fans:
            follows(fan, self.author)
        self.readers = bulk_followers(self.author, READERS)
        self.sample = self.readers[:: max(1, READERS // 50)]
        self.posts: list[PostId] = []
        self.stack = TestStack()
        self.start("consumer", "worker", "beat")

    def start(self, *names: str) -> None:
        """Start parts that are not running."""
        self.stack.start(*names)

    def fan_out(self, name: str, fault: Fault) -> None:
        """Post, do that once some of the readers have it, how many is drawn, and wait until every reader has it."""
        post = posted(by=self.author)
        self.posts.append(post)
        some = self.random.randint(0, len(self.sample))
        eventually(lambda: reached(self.sample, post) >= some, every_seconds=0.005)
        fault()
        before, back = reached(self.sample, post), time.monotonic()
        self._until_all_have(post)
        there = f"{some} of {len(self.sample)} had it, {before} when everything was back"
        sys.stdout.write(f"seed {SEED}: {name}: {there}, all of them {time.monotonic() - back:.1f} s later\n")

    def undisturbed(self) -> None:
        """A fan-out that nothing happens to."""
        post = posted(by=self.author)
        self.posts.append(post)
        self._until_all_have(post)

    def complaints(self) -> str:
        """What the worker says of tasks that it failed at, or gave up."""
        words = ("task_failed", "task_put_aside", "fan_out_turned", "TimeLimit", "WorkerLost")
        lines = self.stack.log("worker").read_text().splitlines()
        return "\n".join(line for line in lines if any(word in line for word in words))

    def _until_all_have(self, post: PostId) -> None:
        eventually(lambda: reached(self.sample, post) == len(self.sample), timeout_seconds=120)
        eventually(lambda: reached(self.readers, post) == READERS, every_seconds=0.3)

    def kill_child(self) -> None:
        """SIGKILL to one of the worker's pool."""
        os.kill(self.random.choice(self.stack.children("worker")), signal.SIGKILL)

    def kill_workers(self) -> None:
        """SIGKILL to the worker and its whole pool."""
        self.stack.kill("worker")
        self.start("worker")

    def kill_beat_and_consumer(self) -> None:
        """SIGKILL to both."""
        self.stack.kill("beat")
        self.stack.kill("consumer")
        self.start("consumer", "beat")

    def put_workers_to_sleep(self) -> None:
        """SIGSTOP to the worker and its pool until what they hold has been given to others; then they go on with it."""
        asleep = [self.stack.pid("worker"), *self.stack.children("worker")]
        self._asleep(asleep, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] + 3)

    def kill_redis(self) -> None:
        """SIGKILL to broker and cache."""
        for redis in REDIS.values():
            redis.kill()
        for redis in REDIS.values():
            redis.restart()

    def hang_redis(self) -> None:
        """SIGSTOP to broker and cache, for longer than anybody waits for an answer."""
        self._asleep([redis.process.pid for redis in REDIS.values()], LONGER_THAN_SOCKETS_WAIT_SECONDS)

    def wipe_redis(self) -> None:
        """All that was queued and cached is gone."""
        for redis in REDIS.values():
            with Redis(port=redis.engine.port) as client:
                client.flushall()

    def _asleep(self, pids: list[int], seconds: float) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in pids:
            if is_alive(pid):
                os.kill(pid, signal.SIGCONT)
