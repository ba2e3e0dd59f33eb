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


def last_posts_above(post_id: PostId, author_ids: Iterable[UserId]) -> dict[UserId, PostId]:
    """Those of these authors who are known to have posted since, each with the last post.

    Cost: 1 round trip to the cache.
    """
    found = cache.get_many(KIND, list(author_ids))
    return {UserId(author_id): PostId(last) for author_id, last in found.items() if last > post_id}
