"""Hashtags that many use at once: their entries are spread over 16 lists, so that no partition takes them all.

    entering   counts in Redis, by windows of ten seconds; at the line writes down that the tag is spread, from a moment on
    writers    ask the cache alone: who has heard, and once that moment has come, writes into the list of the post's id
    readers    know within FRESH_MS, long before that moment, and read all lists

So a writer who has not heard writes where everybody looks in any case, and a reader misses nothing. Entries stay where they
are; a tag that was spread stays so, for its lists have to be read as long as its posts are there.

Redis away: nothing is counted, writers use the first list, readers ask DynamoDB each time.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

import structlog
from django.conf import settings

from config import cache
from config.entities import PostId
from posts.repository import tags

logger = structlog.get_logger()
SHARDS: Final = 16
"""A list takes 1,000 entries a second, a page of all of them costs 8 RU."""
FIRST: Final = 0
WINDOW_MS: Final = 10_000
FRESH_MS: Final = 30_000
NOTICE_MS: Final = 90_000
"""From when it is known that a tag is spread until entries are: three times what a reader may not know."""
KEPT_SECONDS: Final = 86_400
KIND, RATE_KIND = "tag-spread", "tag-rate"


def entered(tag: str) -> None:
    """Count an entry, and spread the tag at so many in ten seconds.

    Idempotent: no; an entry made twice is counted twice. Cost: 1 round trip to Redis; 1 WU once.
    """
    now_ms = _now_ms()
    window = f"{tag}:{now_ms // WINDOW_MS}"
    in_window = cache.count_up(RATE_KIND, window, ttl_seconds=2 * WINDOW_MS / 1000)
    if in_window is not None and in_window % settings.HOT_TAG_ENTRIES == 0:
        spread(tag, from_ms=now_ms + NOTICE_MS)


def spread(tag: str, *, from_ms: int) -> None:
    """From that moment on new entries are spread; a tag that is spread already keeps its moment.

    Cost: 1 WU and 1 RU.
    """
    if tags.put_spread(tag, from_ms=from_ms):
        logger.info("tag_spread", tag=tag, from_ms=from_ms)
    _fetched([tag])


def shard_to_write(tag: str, post_id: PostId) -> int:
    """The list for a new entry.

    Cost: 1 round trip to the cache.
    """
    kept = cache.get(KIND, tag)
    is_spread = bool(kept) and kept["from_ms"] is not None and kept["from_ms"] <= _now_ms()
    return post_id % SHARDS if is_spread else FIRST


def shards_to_read(tag: str) -> int:
    """How many lists the tag has.

    Cost: 1 round trip to the cache; 1 RU twice a minute.
    """
    return lists_of([tag])[tag]


def lists_of(wanted: Iterable[str]) -> dict[str, int]:
    """How many lists each of these tags has.

    Cost: 1 round trip to the cache; what is not known there 1 batch, 1 RU a tag.
    """
    wanted, now_ms = list(wanted), _now_ms()
    kept = {tag: value for tag, value in cache.get_many(KIND, wanted).items() if value["until_ms"] > now_ms}
    kept |= _fetched([tag for tag in wanted if tag not in kept])
    return {tag: 1 if value["from_ms"] is None else SHARDS for tag, value in kept.items()}


def places(wanted: Iterable[str], post_id: PostId) -> list[tuple[str, int]]:
    """Where a post's entries under these tags may be: each tag with a list of it.

    Cost: as `lists_of`.
    """
    return [
        (tag, shard) for tag, lists in lists_of(wanted).items() for shard in sorted({FIRST, post_id % lists})
    ]


def _fetched(wanted: list[str]) -> dict[str, dict[str, Any]]:
    """What DynamoDB says, kept as of the time before it was asked: an answer from before a spread ends in time."""
    if not wanted:
        return {}
    now_ms = _now_ms()
    found = {
        tag: {"from_ms": from_ms, "until_ms": now_ms + FRESH_MS}
        for tag, from_ms in tags.get_spread(wanted).items()
    }
    hot = {tag: value for tag, value in found.items() if value["from_ms"] is not None}
    cache.set_many(KIND, hot, KEPT_SECONDS)
    cache.set_many(KIND, {tag: found[tag] for tag in found if tag not in hot}, FRESH_MS / 1000)
    return found


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
