"""What a fan-out costs beside the engine's own batch writes, in one run, with one client: for `benchmarks/feed.py`.

    write_units_per_push   write units of a whole fan-out as the engine tells them, over the readers who were pushed to;
                           of a fan-out of its own, for nobody asks the engine otherwise
    fanout_rate_ratio      items a second of a fan-out (pages read, readers' activity asked, items written, by two worker
                           processes) over items a second of bare BatchWriteItem requests of 25 such items by the same
                           two, as many side by side as their tasks send, prepared before, to the same readers in the same
                           order: to others it would be another piece of the engine's index

Readers are there only as in-edges; their activity is in Redis, as it is for whoever was pushed to within half an hour.
Both have been done once before anything is measured, for the engine compiles what it runs often. Rounds of both alternate, each
time in the other order, for the machine is noisy; the ratio is the median of the rounds' own.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from accounts.models import User
from benchmarks.two_workers import Workers
from config.dynamodb import batch_write
from config.dynamodb.metering import metered
from config.entities import PostId, UserId
from config.ids import next_id
from feed.fan_out import Lanes, fan_out_page, fan_out_rest
from feed.fan_out_readers import FOLLOWERS
from feed.repository import WRITES_AT_ONCE
from graph.entities import Side
from graph.keys import by_time_key, in_edge_key
from graph.tables import GRAPH
from posts.services import post_create


def an_author(readers: int) -> tuple[UserId, list[UserId]]:
    """An account that so many readers follow, and who they are."""
    name = f"fanout_{next_id()}"
    author_id = UserId(User.objects.create_user(name, f"{name}@example.org", None).pk)
    reader_ids = [UserId(next_id()) for _ in range(readers)]
    edges = [
        in_edge_key(author_id, reader_id) | by_time_key(Side.FOLLOWER, author_id, next_id())
        for reader_id in reader_ids
    ]
    batch_write(puts=[(GRAPH, edge) for edge in edges], at_once=WRITES_AT_ONCE)
    return author_id, reader_ids


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def of_fan_out(readers: int, *, repeats: int) -> dict[str, float]:
    """The figures for an author with so many readers."""
    author_id, reader_ids = an_author(readers)
    workers = Workers()
    try:
        return _of_author(author_id, reader_ids, repeats, workers)
    finally:
        workers.stop()


def _of_author(
    author_id: UserId, reader_ids: list[UserId], repeats: int, workers: Workers
) -> dict[str, float]:
    readers = len(reader_ids)

    def posted(text: str) -> PostId:
        return post_create(author_id=author_id, text=text).id

    def bare() -> float:
        workers.prepare(author_id, reader_ids)
        return seconds_of(workers.send)

    def ours() -> float:
        post_id = posted("to all of them")
        return seconds_of(partial(workers.fan_out, author_id, post_id, FOLLOWERS))

    bare()
    ours()
    units = _units_of(author_id, posted("is counted")) / readers
    rounds: list[dict[Callable[[], float], float]] = []
    for number in range(repeats):
        order = (bare, ours) if number % 2 else (ours, bare)
        rounds.append({side: side() for side in order})
    return {
        f"write_units_per_push_{readers}": round(units, 4),
        f"fanout_rate_{readers}": round(readers / median(times[ours] for times in rounds)),
        f"fanout_rate_ratio_{readers}": round(median(times[bare] / times[ours] for times in rounds), 3),
    }


def _units_of(author_id: UserId, post_id: PostId) -> float:
    """Write units of a fan-out whose tasks run here, one after the other."""
    waiting: list[Callable[[], None]] = []

    def page(post_id: PostId, author_id: UserId, position: str, known_at: float = 0.0) -> None:
        waiting.append(
            partial(
                fan_out_page,
                post_id=post_id,
                author_id=author_id,
                position=position,
                lanes=lanes,
                known_at=known_at,
            )
        )

    def rest(post_id: PostId, author_id: UserId, reader_ids: list[UserId], *_known: object) -> None:
        waiting.append(
            partial(fan_out_rest, post_id=post_id, author_id=author_id, reader_ids=reader_ids, lanes=lanes)
        )

    lanes = Lanes(page=page, rest=rest, later=page)
    page(post_id, author_id, FOLLOWERS)
    with metered() as calls:
        for task in waiting:  # it grows
            task()
    return sum(call.write_units for call in calls)
