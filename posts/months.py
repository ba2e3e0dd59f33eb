"""Authors who post so much that their posts of a month lie in a list of their own.

    AUTHOR#<id>             everybody's posts, and those of a month that has no list
    AUTHOR#<id>#<yyyymm>    posts of a month with a list, from NOTICE_MS after it was written down

A list is written down by whoever counts the author's posts: when there are ROOST_PROLIFIC_POSTS of the month, or of the
one before. Writers ask the cache alone, and only then use it when it has been known for NOTICE_MS; readers trust the
cache for FRESH_MS, half of that. So a post is never where a reader doesn't look, whatever the cache has lost, and who has
not heard writes where everybody looks in any case. Nothing moves, and nobody has to wait: both places are read anyway.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

import structlog
from django.conf import settings

from config import cache
from config.entities import UserId
from posts.calendar import month_at, month_before
from posts.repository import authors, timelines

logger = structlog.get_logger()
KIND: Final = "author-months"
FRESH_MS: Final = 6 * 3_600_000
NOTICE_MS: Final = 12 * 3_600_000
KEPT_SECONDS: Final = 40 * 86_400
SAMPLES: Final = 50
"""In how many steps on the way to the line it is asked how many posts the month has: each time at the price of a list."""


def months_to_write(author_id: UserId) -> frozenset[str]:
    """The months whose posts go into lists of their own.

    Cost: 1 round trip to the cache, none to DynamoDB.
    """
    kept = cache.get(KIND, author_id)
    if not kept:
        return frozenset()
    now_ms = _now_ms()
    return frozenset(month for month, since_ms in kept["months"].items() if since_ms + NOTICE_MS <= now_ms)


def months_if_known(author_ids: Iterable[UserId]) -> dict[UserId, list[str]]:
    """The months to read of those authors of whom that is known without DynamoDB.

    Cost: 1 round trip to the cache.
    """
    now_ms = _now_ms()
    kept = cache.get_many(KIND, author_ids)
    return {
        UserId(author_id): sorted(value["months"])
        for author_id, value in kept.items()
        if value["until_ms"] > now_ms
    }


def months_fetch(author_ids: Iterable[UserId], *, consistent: bool = False) -> dict[UserId, list[str]]:
    """The months to read, from DynamoDB; kept in the cache as of the time before it was asked.

    Cost: 1 round trip a 100 authors, 0.5 RU each; 1 RU if consistent.
    """
    now_ms = _now_ms()
    found = authors.get_months(author_ids, consistent=consistent)
    values: dict[UserId, Any] = {
        author_id: {"until_ms": now_ms + FRESH_MS, "months": months} for author_id, months in found.items()
    }
    cache.set_many(KIND, {i: value for i, value in values.items() if value["months"]}, KEPT_SECONDS)
    cache.set_many(KIND, {i: value for i, value in values.items() if not value["months"]}, FRESH_MS / 1000)
    return {author_id: sorted(months) for author_id, months in found.items()}


def no_months_note(author_ids: Iterable[UserId], *, at_ms: int) -> None:
    """The index said at that time that these authors have none.

    Cost: 1 round trip to the cache.
    """
    none: dict[str, Any] = {"until_ms": at_ms + FRESH_MS, "months": {}}
    cache.set_many(KIND, dict.fromkeys(author_ids, none), FRESH_MS / 1000)


def month_review(author_id: UserId, *, now_ms: int | None = None) -> None:
    """Write down that the present month has a list, if the author posts that much. Asked when a post has been counted.

    Cost: 0.5 RU; once the author has as many posts in all, at every so many of them, 4 Queries, 0.5 RU a 40 posts.
    Idempotent: by month; a second writer may set its moment later.
    """
    now_ms = _now_ms() if now_ms is None else now_ms
    month, line = month_at(now_ms), settings.PROLIFIC_POSTS
    count = authors.get_post_counts([author_id])[author_id]
    if count < line or count % max(1, line // SAMPLES):
        return
    if month in authors.get_months([author_id])[author_id]:
        return
    if any(timelines.count_in(author_id, one, at_most=line) >= line for one in (month, month_before(month))):
        authors.add_month(author_id, month, since_ms=now_ms)
        months_fetch([author_id], consistent=True)
        logger.info("author_month", author_id=author_id, month=month)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
