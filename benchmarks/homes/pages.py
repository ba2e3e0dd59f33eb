"""What a page of home asks of DynamoDB, counted: for readers of 50, 500 and 5,000, a hundred of whom are pulled.

cold     the reader's own things are in no cache; what is shared (posts, profiles, authors' lists) is
wiped    Redis is empty
warm     the same page a second time
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from config import kept
from config.dynamodb.metering import metered
from config.dynamodb.metering import rounds as rounds_of
from config.entities import PostId, UserId
from config.ids import first_id_at, next_id
from feed import readers, repository
from feed.entities import InboxItem
from feed.news import post_noted
from feed.selectors import home_page
from posts.entities import Audience, Post
from posts.repository.posts import put_post
from posts.services import like_create

PUSHING, PULLED = 20, 100
PAGE = 20
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page."""

    requests: int
    rounds: int
    read_units: float


def cost_of(work: Callable[[], object]) -> Cost:
    """What it asks."""
    with metered() as calls:
        work()
    return Cost(len(calls), rounds_of(calls), sum(call.read_units for call in calls))


def an_author() -> UserId:
    """An account of some months ago, with posts of this month and the one before. Readers are authors too."""
    moment_ms = time.time_ns() // 1_000_000
    author_id = UserId(first_id_at(moment_ms - 90 * DAY_MS) + next_id() % 2**22)
    name = f"pages_{author_id}"
    User.objects.create_user(name, f"{name}@example.org", None, id=author_id)
    for days in (0.1, 1, 35):
        at_ms = moment_ms - int(days * DAY_MS)
        post_id = PostId(first_id_at(at_ms) + next_id() % 2**22)
        put_post(Post(post_id, author_id, "By the pond, before the rain.", (), Audience.EVERYONE, at_ms))
        if days < 1:
            post_noted(post_id=post_id, author_id=author_id, audience=Audience.EVERYONE, is_new=True)
            newest = post_id
    _newest[author_id] = newest
    return author_id


_newest: dict[UserId, PostId] = {}


def a_reader(following: int, pushing: list[UserId], pulled: list[UserId]) -> UserId:
    """Somebody who follows so many people, these among them; of the others nothing is heard."""
    reader_id = an_author()
    like_create(user_id=reader_id, post_id=_newest[pulled[-1]])
    repository.inbox_put([reader_id], [InboxItem(_newest[author_id], author_id) for author_id in pushing])
    others = [UserId(next_id()) for _ in range(following - len(pushing) - len(pulled))]
    readers.followees_add(reader_id, [*pushing, *pulled, *others])
    repository.pulls_add(reader_id, pulled, version=repository.registry_version())
    readers.rebuild_ask(reader_id, at_ms=1, lacking=False)
    readers.rebuild_done(reader_id, at_ms=1)
    return reader_id


def of_pages() -> dict[str, float]:
    """The counted figures: exact, whatever the machine does. Each reader has read before, within the hour."""
    pushing, pulled = ([an_author() for _ in range(count)] for count in (PUSHING, PULLED))
    figures: dict[str, float] = {}
    cold, warm = [], []
    for following in (50, 500, 5_000):
        few = pulled[: following // 5]
        warmer, reader_id = (a_reader(following, pushing, few) for _ in range(2))
        for each in (warmer, warmer, reader_id):  # the last one's first read of the hour is a write
            _full_page(each)
        figures[f"cold_read_pulled_{following}"] = len(few)
        kept.forget(kept_of(reader_id))
        cold.append(cost_of(lambda: _full_page(reader_id)))  # noqa: B023  # used at once
        figures[f"cold_read_units_{following}"] = cold[-1].read_units
        warm.append(cost_of(lambda: _full_page(reader_id)))  # noqa: B023  # used at once
    cache.clear()
    wiped = cost_of(lambda: _full_page(reader_id))
    return {
        "cold_rounds": max(one.rounds for one in cold),
        **figures,
        "cold_requests": max(one.requests for one in cold),
        "wiped_rounds": wiped.rounds,
        "wiped_read_units_5000": wiped.read_units,
        "wiped_requests": wiped.requests,
        "warm_requests": max(one.requests for one in warm),
        "warm_read_units": max(one.read_units for one in warm),
    }


def kept_of(reader_id: UserId) -> list[str]:
    """Under which names things of a reader are kept."""
    return [
        repository.inbox_name(reader_id),
        *(f"{kind}#{reader_id}" for kind in ("READER", "AUTHOR", "MARKS")),
    ]


def _full_page(reader_id: UserId) -> None:
    page = home_page(reader_id)
    if len(page.items) != PAGE:
        message = f"a page of {len(page.items)} posts is not what is to be measured"
        raise RuntimeError(message)
