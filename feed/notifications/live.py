"""That something is new for a reader, without saying what: a stamp in the cache that changes, looked at by open windows.

Fail-open: with the cache away nothing is told, and windows find out when they ask, at the latest after a minute.
"""

from collections.abc import Iterable
from typing import Final

from config import cache
from config.entities import UserId
from config.ids import next_id

BELL: Final = "live_bell"
POSTS: Final = "live_posts"
OPEN: Final = "live_open"
OPEN_SECONDS: Final = 90
TTL_SECONDS: Final = 900
"""Longer than a window goes without a stream; who comes later asks anyway."""


def changed(reader_id: UserId) -> None:
    """Something was told, taken back or read."""
    cache.set(BELL, reader_id, next_id(), TTL_SECONDS)


def is_open_set(reader_ids: Iterable[UserId]) -> None:
    """These readers have a window open, with a stream, for the next minute and a half."""
    cache.set_many(OPEN, dict.fromkeys(reader_ids, 1), OPEN_SECONDS)


def posts_came(reader_ids: Iterable[UserId]) -> None:
    """A post has come to the feeds of these readers: told to those of them who have a window open.

    Cost: 1 round trip to the cache, however many they are; another one where some look.
    """
    stamp = next_id()
    cache.set_many(POSTS, dict.fromkeys(cache.get_many(OPEN, reader_ids), stamp), TTL_SECONDS)


def stamps(reader_ids: Iterable[UserId]) -> dict[UserId, tuple[int, int]]:
    """The stamps of what the bell counts and of posts, 0 where nothing was told of late.

    Cost: 2 round trips to the cache, however many they are.
    """
    wanted = list(reader_ids)
    bells, posts = cache.get_many(BELL, wanted), cache.get_many(POSTS, wanted)
    return {reader_id: (bells.get(reader_id, 0), posts.get(reader_id, 0)) for reader_id in wanted}
