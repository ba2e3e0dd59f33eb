"""Two processes that take tasks from one queue, as the workers of `bin/run` do, without a broker between.

A task queues others before it has ended, so that the queue is done with when all are. The same two send bare batches of
writes that they have prepared: both ways have the same processes, clients and number of requests side by side.
"""

import logging
import multiprocessing
import time
from collections.abc import Callable
from threading import Thread
from typing import Any, Final

from benchmarks import harness  # noqa: F401  # sets Django up, in each process
from config.celery import spare_what_is_loaded
from config.dynamodb import PutsLike, gather
from config.dynamodb.client import client
from config.entities import PostId, UserId
from config.ids import next_id
from feed.fan_out import Lanes, fan_out_page, fan_out_rest
from feed.repository import WRITES_AT_ONCE
from feed.tables import INBOX

WORKERS: Final = 2
BATCH: Final = 25
LIFE_SECONDS: Final = 14 * 86_400


class Workers:
    """Both of them, until `stop`."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._tasks: Any = context.JoinableQueue()
        self._both_here = context.Barrier(
            WORKERS
        )  # kept, or its semaphores are gone before a worker has found them
        self._processes = [
            context.Process(target=_work, args=(self._tasks, self._both_here), daemon=True)
            for _ in range(WORKERS)
        ]
        for process in self._processes:
            process.start()

    def fan_out(self, author_id: UserId, post_id: PostId, position: str) -> None:
        """All tasks of one fan-out."""
        # Whoever begins one has just looked whether all pull the author (`feed.services`).
        self._done(("page", post_id, author_id, position, time.time()))

    def prepare(self, author_id: UserId, reader_ids: list[UserId]) -> None:
        """Bare requests with an item for each of these readers, half of them by each."""
        half = len(reader_ids) // WORKERS
        self._done(*[("prepare", author_id, part) for part in (reader_ids[:half], reader_ids[half:])])

    def send(self) -> None:
        """What was prepared."""
        self._done(*[("send",)] * WORKERS)

    def stop(self) -> None:
        """End both."""
        for process in self._processes:
            process.terminate()
            process.join()

    def _done(self, *tasks: tuple[Any, ...]) -> None:
        for task in tasks:
            self._tasks.put(task)
        done = Thread(target=self._tasks.join, daemon=True)
        done.start()
        while done.is_alive():
            done.join(1)
            if not all(process.is_alive() for process in self._processes):
                raise RuntimeError("A worker has died; what it said stands above.")


class _Worker:
    """One of the two."""

    def __init__(self, tasks: Any, both_here: Any) -> None:
        self.tasks, self._both_here = tasks, both_here
        self._prepared: list[dict[str, Any]] = []
        self._lanes = Lanes(page=self._queue("page"), rest=self._queue("rest"), later=self._queue("page"))

    def _queue(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.tasks.put((name, *arguments))

    def page(self, post_id: PostId, author_id: UserId, position: str, known_at: float = 0.0) -> None:
        """A task of a fan-out."""
        fan_out_page(
            post_id=post_id, author_id=author_id, position=position, lanes=self._lanes, known_at=known_at
        )

    def rest(self, post_id: PostId, author_id: UserId, reader_ids: list[UserId], *known: Any) -> None:
        """The other one."""
        kept_days, known_at = known
        fan_out_rest(
            post_id=post_id,
            author_id=author_id,
            reader_ids=reader_ids,
            lanes=self._lanes,
            kept_days=kept_days,
            known_at=known_at,
        )

    def prepare(self, author_id: UserId, reader_ids: list[UserId]) -> None:
        """Inbox items in requests, ready to be sent: what a fan-out of one more post to these readers would write."""
        self._both_here.wait()  # so that each of the two takes one of two such tasks
        like = PutsLike({"post_id": next_id(), "author_id": author_id}, "reader_id", "ttl")
        ttl = int(time.time()) + LIFE_SECONDS
        puts = [like.put(reader_id, ttl) for reader_id in reader_ids]
        self._prepared = [
            {"RequestItems": {INBOX.physical_name: puts[at : at + BATCH]}}
            for at in range(0, len(puts), BATCH)
        ]

    def send(self) -> None:
        """As many of them side by side as a task of a fan-out sends."""
        self._both_here.wait()
        left = iter(self._prepared)

        def lane() -> None:
            for request in left:
                client().direct.send("batch_write_item", request)

        gather(*[lane] * WRITES_AT_ONCE)


def _work(tasks: Any, both_here: Any) -> None:
    logging.disable(logging.INFO)
    spare_what_is_loaded()
    worker = _Worker(tasks, both_here)
    while True:
        name, *arguments = tasks.get()
        try:
            getattr(worker, name)(*arguments)
        finally:
            tasks.task_done()
