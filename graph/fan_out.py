"""Followers as a fan-out reads them: every shard by itself, so that the pages of all shards are worked side by side."""

from config.entities import UserId
from graph import heat_repository, list_repository


def follower_shards(followee_id: UserId) -> int:
    """In how many shards the followers lie now.

    Cost: 1 round trip, 1 read unit.
    Consistency: strong, and shards are known of before they are used: who followed before this lies in one of them.
    """
    return heat_repository.heat_get(followee_id, consistent=True).shards


def readers_of_shard(
    followee_id: UserId, *, shard: int, after: str | None, limit: int
) -> tuple[list[UserId], str | None]:
    """Followers of one shard who are pushed to, of so many that are read, and where to go on; None at the shard's end.

    Cost: 1 round trip a MB, up to 50 read units for 1,000.
    Consistency: strong: a follower of before the read is never missed. The position is for tasks, not for clients.
    """
    return list_repository.shard_readers(followee_id, shard=shard, after=after, limit=limit)
