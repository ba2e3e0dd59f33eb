"""Counters of followers and following in DynamoDB, by region and, for hot accounts, by shard.

Each region adds to its own items only, for of two regions' writes to one item Global Tables keep the later one. What a
person has is the sum over regions and shards. So that a reader need not know the shards, the sum of all but the first
is folded into the first shard's item from time to time: `followers_elsewhere`.
"""

from collections.abc import Sequence
from typing import Final

from django.conf import settings

from config.dynamodb import (
    Change,
    Check,
    Condition,
    ConditionFailed,
    Item,
    Update,
    attr,
    batch_get,
    transact_if,
    update_item,
)
from config.entities import UserId
from graph.entities import Counts
from graph.keys import FIRST_SHARD, archive_key, counts_key
from graph.tables import GRAPH

FOLLOWING_LIMIT: Final = 7_500
"""How many one person may follow, in each region: a list by handle is sorted in memory, so it must be bounded."""
BELOW_LIMIT: Final = attr("following").missing() | (attr("following") < FOLLOWING_LIMIT)
BOTH: Final = {"followers": 0, "following": 0}
CHANGED: Final = BOTH | {"changes": 1}
"""What each change adds besides: the other counter, so that a new item has both, and one to the number of changes, by
which whoever recounts sees that nothing moved meanwhile, not even there and back."""


def following_change(follower_id: UserId, *, by: int) -> Change:
    """One more or less that a person follows, refused beyond the limit. Costs nothing: the item is written anyway."""
    limit: Condition | None = BELOW_LIMIT if by > 0 else None
    return Change(GRAPH, counts_key(follower_id), Update(add=CHANGED | {"following": by}), limit)


def followers_change(followee_id: UserId, *, by: int, shard: int) -> Change:
    """One more or less of those who follow a person, in the shard of the in-edge."""
    return Change(GRAPH, counts_key(followee_id, shard=shard), Update(add=CHANGED | {"followers": by}))


def counts_of(user_ids: Sequence[UserId], *, consistent: bool = False) -> list[Counts]:
    """The stored counters, folded ones included; zeros for who never followed nor was followed.

    Shape: same length and order as `user_ids`.
    Cost: 1 round trip a 100 people and region, 0.5 read units each (1 if consistent), hot or not.
    Consistency: eventual, or strong if asked; a hot account's other shards are as they were at the last fold.
    """
    regions = settings.REGIONS
    keys = [(GRAPH, counts_key(user_id, region=region)) for user_id in user_ids for region in regions]
    items = batch_get(keys, consistent=consistent)
    width = len(regions)
    return [
        counters_sum(items[row * width : (row + 1) * width], with_folded=True) for row in range(len(user_ids))
    ]


def counts_with_heat(user_id: UserId) -> tuple[Counts, bool]:
    """The stored counters, and whether the account is or was hot, so that other shards hold some of them.

    Cost: 1 round trip, 1 read unit a region.
    Consistency: strong: an account's counters say that it is hot before anything is written elsewhere.
    """
    keys = [(GRAPH, counts_key(user_id, region=region)) for region in settings.REGIONS]
    items = batch_get(keys, consistent=True)
    is_hot = any("followers_elsewhere" in item for item in items if item)
    return counters_sum(items, with_folded=True), is_hot


def counts_exactly(user_id: UserId, *, shards: int) -> Counts:
    """The sum of all shards and regions as they are now.

    Cost: 1 round trip a 100 items, 1 read unit for each shard and region.
    Consistency: strong, though follows go on while it is read.
    """
    keys = [
        (GRAPH, counts_key(user_id, region=region, shard=shard))
        for region in settings.REGIONS
        for shard in range(shards)
    ]
    return counters_sum(batch_get(keys, consistent=True), with_folded=False)


def counters_get(user_id: UserId, *, shard: int) -> list[Item | None]:
    """The counter items of one shard as they are stored.

    Shape: one a region, in the order of `settings.REGIONS`.
    Cost: 1 round trip, 1 read unit a region.
    Consistency: strong.
    """
    keys = [(GRAPH, counts_key(user_id, region=region, shard=shard)) for region in settings.REGIONS]
    return batch_get(keys, consistent=True)


def counters_repair(
    user_id: UserId, read: Sequence[Item | None], *, shard: int, followers: int, following: int
) -> bool:
    """Add what is missing to this region's counters of a shard; False if any region's have moved since they were read.

    Cost: 1 round trip, 2 write units a region, and 2.
    Consistency: transaction.
    Idempotent: by the number of changes.
    """
    operations: list[Change | Check] = []
    for region, item in zip(settings.REGIONS, read, strict=True):
        key = counts_key(user_id, region=region, shard=shard)
        changes = item.get("changes") if item else None
        unmoved = attr("changes").missing() if changes is None else attr("changes") == changes
        if region == settings.REGION:
            repaired = {"followers": followers, "following": following, "changes": 1}
            operations.append(Change(GRAPH, key, Update(add=repaired), unmoved))
        else:
            operations.append(Check(GRAPH, key, unmoved))
    # Nor has anybody begun to take the account's edges away, which moves no counter.
    operations.append(Check(GRAPH, archive_key(user_id), attr("flagged_at_ms").missing()))
    return transact_if(operations)


def fold(user_id: UserId, *, shards: int, now_ms: int) -> int:
    """Sum up this region's other shards beside the first one. The sum.

    `now_ms` is from before the shards are read: of two folds that overlap, the one that began later stands.

    Cost: 2 round trips, 1 read unit a shard and 1 write unit.
    Idempotent: by sum.
    """
    keys = [(GRAPH, counts_key(user_id, shard=shard)) for shard in range(FIRST_SHARD + 1, shards)]
    elsewhere = counters_sum(batch_get(keys, consistent=True), with_folded=False).followers
    is_newer = attr("folded_at_ms").missing() | (attr("folded_at_ms") <= now_ms)
    folded = {"followers_elsewhere": elsewhere, "folded_at_ms": now_ms}
    try:
        update_item(GRAPH, counts_key(user_id), Update(set=folded, default=BOTH), condition=is_newer)
    except ConditionFailed as newer:
        return int(newer.item["followers_elsewhere"]) if newer.item else elsewhere
    return elsewhere


def counters_sum(items: Sequence[Item | None], *, with_folded: bool) -> Counts:
    """What some counter items say together."""
    found = [item for item in items if item]
    followers = sum(item.get("followers", 0) for item in found)
    if with_folded:
        followers += sum(item.get("followers_elsewhere", 0) for item in found)
    return Counts(followers, sum(item.get("following", 0) for item in found))
