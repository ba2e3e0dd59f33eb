"""Whom somebody has begun to follow within the minute, in the cache: what comes of it is a stream hop behind.

Redis away when a follow begins: a page that ends says that it is all, for as long as the hop takes.
"""

from typing import Final

from config import cache
from config.entities import UserId

KIND: Final = "follow_begun"
KEPT_SECONDS: Final = 60
PEOPLE_AT_MOST: Final = 20


def begun_note(follower_id: UserId, followee_id: UserId) -> None:
    """A follow has begun just now. Of two at once one may be lost. Cost: 2 round trips to the cache."""
    known = [user_id for user_id in begun_lately(follower_id) if user_id != followee_id]
    cache.set(KIND, follower_id, [*known, followee_id][-PEOPLE_AT_MOST:], KEPT_SECONDS)


def begun_lately(follower_id: UserId) -> list[UserId]:
    """Those whom they have begun to follow, the last one last. Cost: 1 round trip to the cache."""
    return [UserId(user_id) for user_id in cache.get(KIND, follower_id) or []]
