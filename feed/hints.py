"""The last post of each pulled author, in the cache: enough for a "new posts" pill, never for a page.

Fail-open: with the cache away nothing is known, and the pill waits for the next page.
"""

from collections.abc import Iterable

from config import cache
from config.entities import PostId, UserId

KIND = "feed_last_post"
TTL_SECONDS = 24 * 3600


def last_post_set(author_id: UserId, post_id: PostId) -> None:
    """Remember an author's newest post. Out of order, an older one may win; the pill is then late by a post."""
    cache.set(KIND, author_id, post_id, TTL_SECONDS)


def authors_newer_than(post_id: PostId, author_ids: Iterable[UserId]) -> int:
    """How many of these authors are known to have posted since.

    Cost: 1 round trip to the cache.
    """
    return sum(last > post_id for last in cache.get_many(KIND, list(author_ids)).values())
