"""How soon a follower's home shows a post, alone and while a fan-out to very many runs: real consumer, broker, workers.

The clock runs from the call of `post_create` until a page of home has the post. It is asked every 2 ms whether the stream
has told of it, which is what the page asks too and costs the machine nothing, and then the page is read.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks.harness import eventually, percentile, progress, ratio, stack
from benchmarks.people import a_person
from config.dynamodb import Table, batch_get, batch_write
from config.dynamodb.client import client
from config.entities import PostId, UserId
from config.ids import next_id
from feed import hints, repository
from feed.fingerprints import fingerprint
from feed.readers import reader_record
from feed.selectors import home_page
from feed.tables import INBOX, inbox_key
from graph.entities import Side
from graph.keys import by_time_key, in_edge_key
from graph.services import follow_create
from graph.tables import GRAPH
from posts.services import post_create

AUTHORS = 25
ASKED = 100
PAUSE_SECONDS = 0.2
LONGEST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Crowd:
    """An author and those who follow, some of whom are asked whether they have a post."""

    author_id: UserId
    asked: list[UserId]

    def has(self, post_id: PostId) -> int:
        """How many of those asked."""
        return sum(
            item is not None for item in batch_get([(INBOX, inbox_key(one, post_id)) for one in self.asked])
        )


def a_crowd(followers: int) -> Crowd:
    """So many followers by in-edges alone, which is what a fan-out goes by; no counter says that it is a celebrity's."""
    author_id = a_person()
    readers = [UserId(next_id()) for _ in range(followers)]
    edges = (
        in_edge_key(author_id, reader) | by_time_key(Side.FOLLOWER, author_id, next_id())
        for reader in readers
    )
    with untold(GRAPH):
        batch_write(puts=[(GRAPH, edge) for edge in edges], at_once=4)
    return Crowd(author_id, readers[:: max(1, followers // ASKED)])


@contextmanager
def untold(table: Table) -> Iterator[None]:
    """What is written meanwhile comes in no stream: DynamoDB Local walks over all records there are at each read of one."""
    client().update_table(TableName=table.physical_name, StreamSpecification={"StreamEnabled": False})
    yield
    told = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    client().update_table(TableName=table.physical_name, StreamSpecification=told)


def a_reader() -> tuple[UserId, list[UserId]]:
    """With an inbox and a record, by the running stream."""
    reader_id, authors = a_person(), [a_person() for _ in range(AUTHORS)]
    for author_id in authors:
        follow_create(follower_id=reader_id, followee_id=author_id)
    for author_id in authors:
        post_create(author_id=author_id, text="Before all this.")
    above = partial(repository.inbox_above, reader_id, since=PostId(0), limit=AUTHORS)
    eventually(lambda: len(above()) == AUTHORS, timeout_seconds=LONGEST_SECONDS)
    home_page(reader_id)
    eventually(lambda: reader_record(reader_id).followees.are_complete, timeout_seconds=LONGEST_SECONDS)
    last = a_person()  # once this follow has been heard of, so have those of the crowd before it
    follow_create(follower_id=reader_id, followee_id=last)
    eventually(lambda: last in reader_record(reader_id).followees, timeout_seconds=LONGEST_SECONDS)
    return reader_id, authors


def seen_after_ms(reader_id: UserId, author_id: UserId) -> float:
    """One post, from its acceptance to the reader's page."""
    began = time.perf_counter()
    post_id = post_create(author_id=author_id, text="Now.").id
    marks = [fingerprint(author_id)]
    eventually(lambda: hints.last_posts_from(post_id, marks), every_seconds=0.002)
    while post_id not in {card.post.id for card in home_page(reader_id).items}:
        time.sleep(0.002)
    return (time.perf_counter() - began) * 1000


def measured(
    one: Callable[[], float], *, posts: int, most_seconds: float, goes_on: Callable[[], bool] = lambda: True
) -> list[float]:
    """So many delays, while it goes on."""
    times: list[float] = []
    began = time.monotonic()
    while len(times) < posts and time.monotonic() - began < most_seconds and goes_on():
        times.append(one())
        time.sleep(PAUSE_SECONDS)  # people don't post in bursts; a consumer that has just read polls sooner
    return times


def beside_fan_outs(
    crowd: Crowd, one: Callable[[], float], *, posts: int, most_seconds: float
) -> list[float]:
    """Delays while the crowd's author is pushed to everybody, again and again until there are enough of them."""
    times: list[float] = []
    began = time.monotonic()
    while len(times) < posts and time.monotonic() - began < most_seconds:
        big = post_create(author_id=crowd.author_id, text="To everybody.").id
        eventually(partial(crowd.has, big), every_seconds=0.02)
        left = most_seconds - (time.monotonic() - began)
        runs = partial(_runs, crowd, big)
        times += measured(one, posts=posts - len(times), most_seconds=left, goes_on=runs)
    reached = crowd.has(big)
    progress(f"the last fan-out had come to {reached} of {len(crowd.asked)}")
    return times


def _runs(crowd: Crowd, post_id: PostId) -> bool:
    return crowd.has(post_id) < len(crowd.asked)


def of_delays(*, followers: int, posts: int, most_seconds: float) -> dict[str, float]:
    """Alone, then beside."""
    began = time.monotonic()
    crowd = a_crowd(followers)
    progress(f"{followers:,} followers after {time.monotonic() - began:.0f} s")
    with stack("consumer", "worker"):
        reader_id, authors = a_reader()
        one = partial(seen_after_ms, reader_id, authors[0])
        measured(one, posts=5, most_seconds=10)  # all processes have loaded everything
        alone = measured(one, posts=posts, most_seconds=most_seconds)
        progress(f"alone {median(alone):.0f} ms at the median of {len(alone)} posts")
        beside = beside_fan_outs(crowd, one, posts=posts, most_seconds=most_seconds)
        progress(f"beside a fan-out {median(beside):.0f} ms at the median of {len(beside)} posts")
    return {
        "post_to_visible_p50_ms": round(median(alone), 1),
        "post_to_visible_p99_ms": round(percentile(alone, 0.99), 1),
        "post_to_visible_beside_p50_ms": round(median(beside), 1),
        "post_to_visible_beside_p99_ms": round(percentile(beside, 0.99), 1),
        "delay_ratio_beside_fanout": ratio(median(beside), median(alone)),
        "delay_p99_ratio_beside_fanout": ratio(percentile(beside, 0.99), percentile(alone, 0.99)),
        "delay_posts": len(alone),
        "delay_posts_beside": len(beside),
        "beside_followers": followers,
    }
