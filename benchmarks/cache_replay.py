"""The trace of `cache_trace`, replayed by two processes over the product's own kinds and a Redis of a stated size.

Each takes every other step, at its own pace; but nobody reads, likes or changes what has not been posted yet, so whoever is
ahead waits for a post that the other has still to make.
"""

import multiprocessing
import time
from dataclasses import dataclass, fields
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from django_redis import get_redis_connection

from benchmarks.cache_trace import Act, Step, Trace, drawn
from config.cache import fill, look_up, settle
from config.entities import PostId, UserId
from config.ids import first_id_at
from posts.cache import BODIES, COUNTS, forget_counts, mark_changed
from posts.entities import Audience, Post, PostCounts

PROCESSES: Final = 2
REDIS_BYTES: Final = 32 << 20
AT_ONCE: Final = 500
DAY_MS: Final = 86_400_000
TEXT: Final = "Low tide at the old pier, and half of the town is on the flats with buckets. " * 3
WAIT_SECONDS: Final = 120


@dataclass(slots=True)
class Told:
    """Reads of keys and what had to be loaded of them, after the caches have filled; what Redis held at the end."""

    reads: int = 0
    loads: int = 0
    celebrity_reads: int = 0
    celebrity_loads: int = 0
    entries: int = 0


def warm(steps: int) -> int:
    """From which step on it is counted."""
    return steps // 3


def replayed(steps: int) -> Told:
    """What came of it, in an emptied Redis."""
    client = get_redis_connection("default")
    bound = client.config_get("maxmemory")["maxmemory"]
    client.execute_command(
        "FLUSHALL", "SYNC"
    )  # in the background it would count as used still, and widen the bound
    client.config_resetstat()
    client.config_set("maxmemory", int(client.info("memory")["used_memory"]) + REDIS_BYTES)
    first_id = first_id_at(time.time_ns() // 1_000_000 - 30 * DAY_MS)
    context = multiprocessing.get_context("spawn")
    barrier, answers, done = (
        context.Barrier(PROCESSES),
        context.SimpleQueue(),
        context.RawArray("q", PROCESSES),
    )
    children = [
        context.Process(
            target=_process,
            args=(steps, number, first_id),
            kwargs={"barrier": barrier, "answers": answers, "done": done},
        )
        for number in range(PROCESSES)
    ]
    _fill(Reader(drawn(steps), first_id))
    for child in children:
        child.start()
    told = Told()
    for one in [answers.get() for _child in children]:
        for field in fields(Told):
            setattr(told, field.name, getattr(told, field.name) + getattr(one, field.name))
    for child in children:
        child.join()
    told.entries = int(client.dbsize())
    client.config_set("maxmemory", bound)
    return told


def _fill(reader: "Reader") -> None:
    """Have Redis hold the most popular posts, until it puts out what it has."""
    client = get_redis_connection("default")
    posts = reader.first
    for start in range(0, len(posts), AT_ONCE):
        if client.info("stats")["evicted_keys"]:
            break
        ids = posts[start : start + AT_ONCE]
        BODIES.warm({post_id: _post(post_id) for post_id in ids})
        COUNTS.warm(dict.fromkeys(ids, PostCounts(likes=7)))


def _process(steps: int, number: int, first_id: int, *, barrier: Barrier, answers: Any, done: Any) -> None:
    trace = drawn(steps)
    reader = Reader(trace, first_id)
    mine = range(number, steps, PROCESSES)
    for place in mine:
        if place - number == warm(steps):
            barrier.wait(WAIT_SECONDS)
            reader.told = Told()
        _wait_for(max(reader.made.get(post, 0) for post in trace.steps[place].posts), done, place)
        reader.take(trace.steps[place])
        done[number] = place + 1
    done[number] = steps
    answers.put(reader.told)


def _wait_for(step: int, done: Any, place: int) -> None:
    """Until that step has been taken, by whoever is to take it."""
    until = time.monotonic() + WAIT_SECONDS
    while step < place and done[step % PROCESSES] <= step:
        if time.monotonic() > until:
            message = f"step {step} was never taken"
            raise TimeoutError(message)
        time.sleep(0.0005)


class Reader:
    """One process: reads and writes as the product does, and counts what it loads."""

    def __init__(self, trace: Trace, first_id: int) -> None:
        self.told = Told()
        self._first_id = first_id
        self._celebrity = {self._id(post) for post in trace.celebrity}
        self.first = [self._id(post) for post in trace.first]
        self.made = {step.posts[0]: place for place, step in enumerate(trace.steps) if step.act is Act.POST}

    def take(self, step: Step) -> None:
        """One step."""
        ids = [self._id(post) for post in step.posts]
        if step.act is Act.READ:
            self._read(ids)
        elif step.act is Act.EDIT:
            mark_changed(ids[0])
        elif step.act is Act.LIKE and ids[0] not in self._celebrity:
            forget_counts(ids[0])  # of a hot post they are set, about once a second
        elif step.act is Act.POST and step.by_celebrity:
            BODIES.warm({ids[0]: _post(ids[0])})
            COUNTS.warm({ids[0]: PostCounts()})

    def _read(self, ids: list[PostId]) -> None:
        famous = sum(post_id in self._celebrity for post_id in ids)
        self.told.reads += 2 * len(ids)
        self.told.celebrity_reads += 2 * famous
        bodies, counts = look_up((BODIES, ids), (COUNTS, ids))

        def load() -> None:
            missing = [*bodies.missing, *counts.missing]
            self.told.loads += len(missing)
            self.told.celebrity_loads += sum(post_id in self._celebrity for post_id in missing)
            fill(
                (bodies, {post_id: _post(post_id) for post_id in bodies.missing}, 0.005),
                (counts, {post_id: PostCounts(likes=7) for post_id in counts.missing}, 0.005),
            )

        settle([bodies, counts], load)
        BODIES.refresh(bodies, lambda ids: {post_id: _post(post_id) for post_id in ids})
        COUNTS.refresh(counts, lambda ids: dict.fromkeys(ids, PostCounts(likes=7)))

    def _id(self, post: int) -> PostId:
        return PostId(self._first_id + post)


def _post(post_id: PostId) -> Post:
    return Post(
        id=post_id,
        author_id=UserId(post_id),
        text=TEXT,
        photos=(),
        audience=Audience.EVERYONE,
        created_at_ms=1_750_000_000_000,
    )
