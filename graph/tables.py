"""The `graph` table: who follows whom, who asks to, and how many.

    pattern                      where    key condition                               read/write units    consistency
    does A follow B              table    USER#A, FOLLOWING#B                         1 RU                strong
    which of these does A follow table    BatchGet USER#A, FOLLOWING#<each>           0.5 RU each         eventual
    follow                       table    transaction of 4                            10 WU with index    transaction
    unfollow                     table    transaction of 4                            10 WU with index    transaction
    followers, newest first      by_time  FOLLOWER#X, created id downwards            0.5 RU a page       eventual
    following, newest first      by_time  FOLLOWING#X, created id downwards           0.5 RU a page       eventual
    followers of X for fan-out   table    USER#X, begins_with FOLLOWER#               up to 50 RU a 1,000 strong
    all that X follows           table    USER#X, begins_with FOLLOWING#              25 RU a 1,000       eventual
    counts                       table    BatchGet USER#<each>, COUNTS                0.5 RU each         eventual
    ask to follow                table    transaction of 3                            8 WU with index     transaction
    approve                      table    transaction of 6                            16 WU with index    transaction
    decline, withdraw            table    transaction of 2                            6 WU with index     transaction
    requests in / out            by_time  REQUEST_IN#X / REQUEST_OUT#X, downwards     0.5 RU a page       eventual

An edge is two items, out (`FOLLOWING#`, with the follower) and in (`FOLLOWER#`, with the followee), written and deleted
together: either both exist or neither. Both carry the edge's id in `gsk`; the index holds keys only, for the keys say
it all. The out-edge carries `shard`, which names the partition of its in-edge: today always 0.
"""

from config.dynamodb import KEYS_ONLY, AccessPattern, Index, Item, KeyPart, Table
from config.entities import UserId
from graph.entities import Side

GRAPH = Table(
    name="graph",
    purpose="Follows, requests to follow, and their counts.",
    partition_key=KeyPart("pk", "S"),
    sort_key=KeyPart("sk", "S"),
    indexes=(
        Index(
            "by_time", partition_key=KeyPart("gpk", "S"), sort_key=KeyPart("gsk", "N"), projection=KEYS_ONLY
        ),
    ),
    ttl_attribute=None,
    stream=True,
    patterns=(
        AccessPattern("does A follow B", "table", "pk = USER#A, sk = FOLLOWING#B", "1 RU", "strong"),
        AccessPattern(
            "which of these does A follow",
            "table",
            "BatchGet pk = USER#A, sk = FOLLOWING#<each>",
            "0.5 RU each",
            "eventual",
        ),
        AccessPattern(
            "follow", "table", "one transaction: 2 edges put, 2 counts added", "10 WU", "transaction"
        ),
        AccessPattern(
            "unfollow", "table", "one transaction: 2 edges deleted, 2 counts added", "10 WU", "transaction"
        ),
        AccessPattern(
            "followers of X, newest first",
            "by_time",
            "gpk = FOLLOWER#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern(
            "following of X, newest first",
            "by_time",
            "gpk = FOLLOWING#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
        AccessPattern(
            "followers of X for fan-out",
            "table",
            "pk = USER#X, sk begins_with FOLLOWER#",
            "up to 50 RU a 1,000",
            "strong",
        ),
        AccessPattern(
            "all that X follows",
            "table",
            "pk = USER#X, sk begins_with FOLLOWING#",
            "25 RU a 1,000",
            "eventual",
        ),
        AccessPattern("counts", "table", "BatchGet pk = USER#<each>, sk = COUNTS", "0.5 RU each", "eventual"),
        AccessPattern(
            "ask to follow", "table", "one transaction: 2 requests put, edge checked", "8 WU", "transaction"
        ),
        AccessPattern(
            "approve", "table", "one transaction: 2 requests deleted, then as follow", "16 WU", "transaction"
        ),
        AccessPattern(
            "decline, withdraw", "table", "one transaction: 2 requests deleted", "6 WU", "transaction"
        ),
        AccessPattern(
            "requests in / out",
            "by_time",
            "gpk = REQUEST_IN#X / REQUEST_OUT#X, gsk < last",
            "0.5 RU a page",
            "eventual",
        ),
    ),
)

FIRST_SHARD = 0


def out_edge_key(follower_id: UserId, followee_id: UserId) -> Item:
    """The follower's half of an edge."""
    return {"pk": f"USER#{follower_id}", "sk": f"{Side.FOLLOWING}#{followee_id}"}


def in_edge_key(followee_id: UserId, follower_id: UserId, *, shard: int = FIRST_SHARD) -> Item:
    """The followee's half of an edge: the only place that knows in which partition it lies."""
    return {"pk": in_edge_partition(followee_id, shard=shard), "sk": f"{Side.FOLLOWER}#{follower_id}"}


def in_edge_partition(followee_id: UserId, *, shard: int = FIRST_SHARD) -> str:
    """Shard 0 lies beside the account's other items, so that a small account is one partition."""
    return f"USER#{followee_id}" if shard == FIRST_SHARD else f"USER#{followee_id}#SHARD#{shard}"


def request_out_key(follower_id: UserId, followee_id: UserId) -> Item:
    """The asker's half of a request."""
    return {"pk": f"USER#{follower_id}", "sk": f"{Side.REQUEST_OUT}#{followee_id}"}


def request_in_key(followee_id: UserId, follower_id: UserId) -> Item:
    """The asked one's half of a request."""
    return {"pk": f"USER#{followee_id}", "sk": f"{Side.REQUEST_IN}#{follower_id}"}


def counts_key(user_id: UserId) -> Item:
    """Both counters of one person."""
    return {"pk": f"USER#{user_id}", "sk": "COUNTS"}


def by_time_key(side: Side, owner_id: UserId, created_id: int) -> Item:
    """The keys that put an item into the index `by_time`."""
    return {"gpk": f"{side}#{owner_id}", "gsk": created_id}
