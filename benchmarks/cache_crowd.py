"""Ten thousand reads at once of one post that no cache knows, from two processes of many threads each."""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from queue import Queue
from typing import Any, Final

from config.entities import PostId, UserId
from config.metrics import DYNAMODB_CALLS
from posts.selectors import post_by_id, post_cards
from posts.visibility import visible_post

READS: Final = 10_000
PROCESSES: Final = 2
THREADS: Final = 250
"""Of each process. All set out together, and each goes on to its next read at once."""
WAIT_SECONDS: Final = 120


@dataclass(slots=True)
class Told:
    """What a crowd has seen, of all its processes."""

    reads: int = 0
    seconds: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    """Requests to DynamoDB, by operation and table."""


def read_post(post_id: int) -> None:
    """The post alone, through the selector that everything reads posts by."""
    assert post_by_id(PostId(post_id)).id == post_id


def read_page(post_id: int) -> None:
    """What the post's page shows of it to somebody who has not signed in: visibility, author, preview, marks."""
    assert post_cards(None, [visible_post(None, PostId(post_id))])


def read_page_signed_in(post_id: int, viewer_id: int) -> None:
    """The same to somebody who has."""
    assert post_cards(UserId(viewer_id), [visible_post(UserId(viewer_id), PostId(post_id))])


def crowd(read: Callable[[int], None], post_id: int, *, known: int) -> Told:
    """All of them read the post; `known`: another one, that each process has read before."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(PROCESSES), context.SimpleQueue()
    children = [
        context.Process(target=_process, args=(read, post_id, known, barrier, answers))
        for _child in range(PROCESSES)
    ]
    for child in children:
        child.start()
    told = Told()
    for _child in children:
        reads, seconds, calls = answers.get()
        told.reads += reads
        told.seconds = max(told.seconds, seconds)
        told.calls.update(calls)
    for child in children:
        child.join()
    return told


def _process(read: Callable[[int], None], post_id: int, known: int, barrier: Barrier, answers: Any) -> None:
    """One process: everything that is not the reads is done before they begin, as in one that has served for a while."""
    done: Queue[int] = Queue()
    start = threading.Event()

    def client() -> None:
        start.wait(WAIT_SECONDS)
        for number in range(READS // PROCESSES // THREADS):
            read(post_id)
            done.put(number)

    threads = [threading.Thread(target=client) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    post_by_id(PostId(known))
    before = calls_sent()
    barrier.wait(WAIT_SECONDS)
    began = time.perf_counter()
    start.set()
    for thread in threads:
        thread.join()
    answers.put((done.qsize(), time.perf_counter() - began, calls_sent() - before))


def calls_sent() -> Counter[str]:
    """Requests that this process has sent to DynamoDB, by operation and table."""
    samples = [sample for metric in DYNAMODB_CALLS.collect() for sample in metric.samples]
    return Counter(
        {
            f"{sample.labels['operation']} {sample.labels['table']} {sample.labels['index']}".strip(): int(
                sample.value
            )
            for sample in samples
            if sample.name.endswith("_total")
        }
    )
