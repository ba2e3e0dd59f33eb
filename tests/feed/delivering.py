"""Push and pull for tests: habits as prose, a process that is killed at one of its requests, two that interleave."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Lock
from typing import Any

from accounts.models import User
from config.dynamodb import Update, update_item
from feed import consumers, pulls, repository
from feed.activity_entities import ReaderState
from feed.author_repository import post_rate_set, rates_by_ids
from feed.policies.rates import Rate
from feed.selectors import home_page
from feed.tables import FEED, reader_state_key
from graph.delivery import edge_is_pulled, follow_of
from posts.entities import Audience
from posts.events import PostCreated
from tests.faults.proxy import around_requests
from tests.feed.factory import posted
from tests.graph.factory import id_of


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def before_request(number: int, act: Callable[[], object]) -> Iterator[list[str]]:
    """Do something before the request of that number, from 0; the names of all requests that were made."""
    seen: list[str] = []
    lock = Lock()

    def sent(send: Callable[..., Any], operation: str, parameters: Any) -> Any:
        with lock:
            seen.append(operation)
            is_it = len(seen) == number + 1
        if is_it or (act is kill and len(seen) > number):
            act()
        return send(operation, parameters)

    with around_requests(sent):
        yield seen


def kill() -> None:
    """As kill -9 does: nothing more is sent."""
    raise Killed


def is_ended(work: Callable[[], object], *, requests: int) -> bool:
    """Whether the work came to its end with so many requests; else it was killed at the next one."""
    with before_request(requests, kill):
        try:
            work()
        except Killed:
            return False
    return True


def reads(reader: User, per_day: float) -> None:
    """So often, as measured; it was decided just now what that means."""
    now_ms = time.time_ns() // 1_000_000
    state = ReaderState(per_day, now_ms, now_ms, 14, 14, 0, decided_at_ms=now_ms)
    update_item(FEED, reader_state_key(id_of(reader)), Update(set=asdict(state)))


def set_reads(reader: User, per_day: float) -> None:
    """From now on so often."""
    update_item(FEED, reader_state_key(id_of(reader)), Update(set={"reads_per_day": per_day}))


def posts_a_day(author: User, per_day: float) -> None:
    """As measured up to now."""
    last = rates_by_ids([id_of(author)])[id_of(author)].last_post_id
    now_ms = time.time_ns() // 1_000_000
    post_rate_set(id_of(author), Rate(per_day, now_ms), post_id=type(last)(last + 1))


def delivered(*, by: User) -> int:
    """A post, and the record of it handled."""
    post = posted(by=by)
    consumers.deliver(PostCreated(f"event-{post}", post, id_of(by), Audience.EVERYONE, 0))
    return post


def top_of(reader: User) -> list[int]:
    """The newest hundred of the reader's feed."""
    return [card.post.id for card in home_page(id_of(reader), limit=100).items]


def is_pulled(reader: User, author: User) -> bool:
    """By the reader's own list."""
    return id_of(author) in repository.pulls_read(id_of(reader)).authors


def is_marked(reader: User, author: User) -> bool:
    """The edge is."""
    edge = follow_of(id_of(reader), id_of(author))
    return edge is not None and edge_is_pulled(edge)


def is_pushed(reader: User, author: User) -> bool:
    """Whether a post of now would be."""
    if pulls.author_is_pulled(id_of(author)):
        return repository.push_edge_exists(id_of(author), id_of(reader))
    return not is_marked(reader, author)
