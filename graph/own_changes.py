"""What somebody has just changed of a hot account's count, shown to themselves before the sum is folded again.

    follow, leave     the edge lies in another shard than the first: remembered for some seconds, for who did it
    counts asked      the first shard, strongly, and the folded sum of the others, which may be a second old;
                      changes of one's own that came after the fold are added

Asking all shards would cost a read unit each. Quiet accounts have one shard, which tells all, and nothing is remembered.

Redis away: one's own change on a hot account shows with the next fold, a second or so later.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from django.conf import settings

from config import cache
from config.entities import UserId
from graph import counter_repository, repository
from graph.entities import Counts
from graph.heat import heat_to_write
from graph.keys import FIRST_SHARD

KIND: Final = "own_changes"
KEPT_SECONDS: Final = 10
KEPT_CHANGES: Final = 10


@contextmanager
def remembered(follower_id: UserId, followee_id: UserId) -> Iterator[None]:
    """Around a follow, or its end: what it changes elsewhere than in the first shard is remembered.

    Cost: 1 round trip to the cache; where the followee is hot 2 read units, for the edge before and after.
    """
    if heat_to_write(followee_id).shards == 1:
        yield
        return
    before = _is_elsewhere(follower_id, followee_id)
    yield
    by = _is_elsewhere(follower_id, followee_id) - before
    if by:
        key = _key(follower_id, followee_id)
        changes = [*(cache.get(KIND, key) or []), [by, time.time_ns() // 1_000_000]]
        cache.set(KIND, key, changes[-KEPT_CHANGES:], KEPT_SECONDS)


def counts_seen_by(viewer_id: UserId | None, user_id: UserId) -> Counts:
    """A person's counts, what the viewer has just done included.

    Cost: 1 round trip, 1 read unit a region, hot or not; for a hot account 1 round trip to the cache.
    Consistency: strong for the first shard and one's own changes, else as the last fold has it.
    """
    items = counter_repository.counters_get(user_id, shard=FIRST_SHARD)
    counts = counter_repository.counters_sum(items, with_folded=True)
    here = items[settings.REGIONS.index(settings.REGION)] or {}
    folded_at_ms = here.get("folded_at_ms")
    if viewer_id is None or folded_at_ms is None:
        return counts
    own: list[tuple[int, int]] = cache.get(KIND, _key(viewer_id, user_id)) or []
    return replace(counts, followers=counts.followers + sum(by for by, at_ms in own if at_ms > folded_at_ms))


def _is_elsewhere(follower_id: UserId, followee_id: UserId) -> int:
    """1 if there is a follow whose other half lies in another shard than the first, else 0."""
    edge = repository.out_edge_get(follower_id, followee_id)
    return int(edge is not None and edge["shard"] != FIRST_SHARD)


def _key(follower_id: UserId, followee_id: UserId) -> str:
    return f"{follower_id}:{followee_id}"
