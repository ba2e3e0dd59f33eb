"""When an account becomes hot, and cools down again.

    stream        each follow and unfollow is counted in Redis, in windows of ten seconds; now and then asks for a
    review        which looks at rate and size, and stores how the account is spread if that has to change

Up at once, down by half after some calm minutes, so that an account on the edge does not go to and fro. Shards of
which there are more are read for ever; cooling down only writes into fewer. Nothing moves.

Without Redis nothing is counted: rates are unknown and only size promotes, at the events that are sampled.
Heat is stored by the home region alone (the first of `settings.REGIONS`): of two regions' decisions Global Tables would
keep one, and with it lose the other's shards.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from zlib import crc32

import structlog
from django.conf import settings

from config import cache
from config.entities import UserId
from config.ids import first_id_at, next_id
from graph import counter_repository, heat_repository
from graph.entities import Heat
from graph.heat import heat_keep

logger = structlog.get_logger()

FOLLOWERS_A_SHARD: Final = 10_000
"""A shard's followers are 10 pages of a fan-out, and a strong read of all of them some 500 units."""
FOLLOWS_A_SECOND_A_SHARD: Final = 200
"""A follow writes 4 units into its shard (in-edge and counter), and a partition takes 1,000 a second."""
FOLLOWS_A_SECOND_A_PART: Final = 500
"""A follow writes 1 unit into its part of the index; an index that throttles throttles the table, so half is left."""
MOST_SHARDS: Final = 128
MOST_PARTS: Final = 4
"""A page asks every part: four of them are the two units that a page may cost."""
CALM_SHARE: Final = 3
"""Down only when rate, or size with half as much again, would fit a third of what there is ..."""
CALM_MS: Final = 300_000
"""... for five minutes."""
EPOCH_NOTICE_MS: Final = 120_000
"""Fewer parts begin after so long: twice the age up to which a writer's knowledge of parts counts."""
MOST_EPOCHS: Final = 32
WINDOW_MS: Final = 10_000
REVIEW_EVERY: Final = 100
"""Follows in a window: ten a second are looked at once a window, a thousand a second a hundred times."""
SAMPLE: Final = 256
"""One event in so many asks for a review whatever the rate, for accounts that grow slowly."""
RATE_KIND, NEXT_KIND = "follow-rate", "heat-next"
NEXT_REVIEW_SECONDS: Final = 60

AskReview = Callable[[UserId], object]


def follow_measured(*, followee_id: UserId, event_id: str, at_ms: int, review: AskReview) -> None:
    """Count a follow or its end, and ask for a review at every so many.

    Idempotent: no; a record that comes twice is counted twice, which heats the account a little.
    """
    key = f"{followee_id}:{at_ms // WINDOW_MS}"
    in_window = cache.count_up(RATE_KIND, key, ttl_seconds=3 * WINDOW_MS / 1000)
    if (in_window is not None and in_window % REVIEW_EVERY == 0) or crc32(event_id.encode()) % SAMPLE == 0:
        review(followee_id)


def follow_rate(user_id: UserId, *, now_ms: int) -> float:
    """Follows and unfollows a second: those of the window under way or of the one before, whichever are more."""
    this = now_ms // WINDOW_MS
    counted = cache.get_many(RATE_KIND, [f"{user_id}:{window}" for window in (this, this - 1)])
    return max(counted.values(), default=0) / (WINDOW_MS / 1000)


def heat_review(*, user_id: UserId, again: AskReview) -> None:
    """Spread an account as its rate and size demand. While it is hot it is reviewed `again` in a minute.

    Cost: 1.5 read units; 5 write units when something changes.
    Idempotent: by version.
    """
    if settings.REGIONS[0] != settings.REGION:
        return
    heat = heat_spread(user_id, now_ms=time.time_ns() // 1_000_000)
    # Claimed for less than the wait, so that the next review can claim again.
    is_hot = heat.write_shards > 1 or heat.epochs[-1][1] > 1
    if is_hot and cache.claim(NEXT_KIND, user_id, ttl_seconds=NEXT_REVIEW_SECONDS - 5):
        again(user_id)


def heat_spread(user_id: UserId, *, now_ms: int) -> Heat:
    """Decide and store; again from the start if somebody else has stored meanwhile.

    Cost: as `heat_review`.
    """
    while True:
        heat = heat_repository.heat_get(user_id, consistent=True)
        followers = counter_repository.counts_of([user_id])[0].followers
        changed = spread(heat, followers=followers, rate=follow_rate(user_id, now_ms=now_ms), now_ms=now_ms)
        if changed == heat:
            return heat
        if heat_store(user_id, changed, now_ms=now_ms):
            return changed


def heat_store(user_id: UserId, heat: Heat, *, now_ms: int) -> bool:
    """Store the next version and tell the cache, so that writers spread their edges from now on."""
    stored = heat_repository.heat_put(user_id, heat)
    if stored:
        heat_keep(user_id, heat, at_ms=now_ms)
        logger.info(
            "heat", user_id=user_id, shards=heat.shards, write_shards=heat.write_shards, epoch=heat.epochs[-1]
        )
    return stored


def spread(heat: Heat, *, followers: int, rate: float, now_ms: int) -> Heat:
    """How an account should be spread: `heat` itself if nothing has to change, else its next version.

    Units: `rate` in follows and unfollows a second.
    """
    shards, parts = _needed(followers, rate)
    width = heat.epochs[-1][1]
    if shards > heat.write_shards or parts > width:
        return replace(
            heat,
            shards=max(heat.shards, shards),
            write_shards=max(heat.write_shards, shards),
            epochs=_wider(heat.epochs, parts) if parts > width else heat.epochs,
            version=heat.version + 1,
            calm_since_ms=None,
        )
    calm_shards, calm_parts = _needed(followers * 3 // 2, rate * CALM_SHARE)
    fewer_shards, fewer_parts = calm_shards < heat.write_shards, calm_parts < width
    if not (fewer_shards or fewer_parts):
        return heat if heat.calm_since_ms is None else _next(heat, calm_since_ms=None)
    if heat.calm_since_ms is None:
        return _next(heat, calm_since_ms=now_ms)
    if now_ms - heat.calm_since_ms < CALM_MS:
        return heat
    epochs = _narrower(heat.epochs, width // 2, now_ms) if fewer_parts else heat.epochs
    write_shards = heat.write_shards // 2 if fewer_shards else heat.write_shards
    return replace(_next(heat, calm_since_ms=now_ms), write_shards=write_shards, epochs=epochs)


def _next(heat: Heat, *, calm_since_ms: int | None) -> Heat:
    return replace(heat, version=heat.version + 1, calm_since_ms=calm_since_ms)


def _needed(followers: int, rate: float) -> tuple[int, int]:
    """Shards and parts, each a power of two."""
    shards = max(followers / FOLLOWERS_A_SHARD, rate / FOLLOWS_A_SECOND_A_SHARD)
    return _doubled(shards, MOST_SHARDS), _doubled(rate / FOLLOWS_A_SECOND_A_PART, MOST_PARTS)


def _doubled(wanted: float, most: int) -> int:
    number = 1
    while number < wanted and number < most:
        number *= 2
    return number


def _wider(epochs: tuple[tuple[int, int], ...], width: int) -> tuple[tuple[int, int], ...]:
    """More parts from now on. An epoch that has not begun yet is forgotten: whoever keeps to it writes into fewer."""
    first_id = next_id()
    return _bounded((*(epoch for epoch in epochs if epoch[0] < first_id), (first_id, width)))


def _narrower(epochs: tuple[tuple[int, int], ...], width: int, now_ms: int) -> tuple[tuple[int, int], ...]:
    """Fewer parts from when all writers have heard of it."""
    return _bounded((*epochs, (first_id_at(now_ms + EPOCH_NOTICE_MS), width)))


def _bounded(epochs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The oldest epochs become one of the largest of their widths, which asks parts that hold nothing there."""
    old, new = epochs[:-MOST_EPOCHS], epochs[-MOST_EPOCHS:]
    if not old:
        return epochs
    return ((0, max(width for _first_id, width in (*old, new[0]))), *new[1:])
