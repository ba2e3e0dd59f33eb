"""Keys of the `graph` table; those of marks and approvals are spelt beside them, in repositories of their own.

    item                pk                          sk                           in `by_time` under
    out-edge            USER#F                      FOLLOWING#T                  FOLLOWING#F
    in-edge             USER#T or USER#T#SHARD#k    FOLLOWER#<handle of F>#F     FOLLOWER#T or FOLLOWER#T#<j>
    counters            USER#T or USER#T#SHARD#k    COUNTS#<region>              -
    heat                USER#T                      HEAT                         -
    mark                USER#A                      BLOCK#B, MUTE#B, CLOSE#B     BLOCK#A, MUTE#A, CLOSE#A
    approval            USER#T                      APPROVAL                     -
    request             USER#F / USER#T             FOLLOWING#T / REQUEST_IN#F   REQUEST_OUT#F / REQUEST_IN#T
    candidates          USER#A                      SUGGESTIONS                  -
    dismissal           USER#A                      DISMISSED#B                  -
    receipt             USER#F                      RECEIPT#<digest>             -
    archive, segment    USER#A                      ARCHIVE, ARCHIVE#<number>    -

The slot `USER#F`, `FOLLOWING#T` holds one of a follow, a request to follow and a tombstone: no two of them are ever there.

Handles are chosen once and never change, so a key may carry one: the followers of an account lie in the order of their
handles, and those whose handle begins with some letters are one stretch.
"""

from django.conf import settings

from config.dynamodb import Item
from config.entities import UserId
from graph.entities import Edge, Heat, Side

FIRST_SHARD = 0
DELIVERY, PULLED = "delivery", "pull"
"""On an in-edge, set or not there: how the followee's posts come to the follower (`graph.delivery`)."""


def shard_partition(user_id: UserId, shard: int = FIRST_SHARD) -> str:
    """Shard 0 lies beside the account's other items, so that a small account is one partition."""
    return f"USER#{user_id}" if shard == FIRST_SHARD else f"USER#{user_id}#SHARD#{shard}"


def out_edge_key(follower_id: UserId, followee_id: UserId) -> Item:
    """The slot of how F stands to T: the follower's half of an edge or of a request, or a tombstone."""
    return {"pk": f"USER#{follower_id}", "sk": f"{Side.FOLLOWING}#{followee_id}"}


def in_edge_key(
    followee_id: UserId, follower_id: UserId, *, handle: str = "", shard: int = FIRST_SHARD
) -> Item:
    """The followee's half of an edge. `handle` is the follower's."""
    return {
        "pk": shard_partition(followee_id, shard),
        "sk": f"{Side.FOLLOWER}#{handle}#{follower_id}",
    }


def edge_items(edge: Edge, heat: Heat) -> tuple[Item, Item]:
    """Both halves of a follow, out and in, in the shard and the index partition that are now written to."""
    follower_id, followee_id = edge.follower_id, edge.followee_id
    shard = heat.shard_of(follower_id)
    out_item = {
        **out_edge_key(follower_id, followee_id),
        **by_time_key(Side.FOLLOWING, follower_id, edge.id),
        "shard": shard,
        "handle": edge.followee_handle,
    }
    in_item = {
        **in_edge_key(followee_id, follower_id, handle=edge.follower_handle, shard=shard),
        **by_time_key(Side.FOLLOWER, followee_id, edge.id, part=heat.index_part_of(follower_id, edge.id)),
    }
    return out_item, in_item


def request_in_key(followee_id: UserId, follower_id: UserId) -> Item:
    """The asked one's half of a request."""
    return {"pk": f"USER#{followee_id}", "sk": f"{Side.REQUEST_IN}#{follower_id}"}


def counts_key(user_id: UserId, *, region: str = "", shard: int = FIRST_SHARD) -> Item:
    """The counters that one region, this one if none is named, keeps in one shard."""
    return {"pk": shard_partition(user_id, shard), "sk": f"COUNTS#{region or settings.REGION}"}


def heat_key(user_id: UserId) -> Item:
    """How a hot account is spread; quiet ones have no such item."""
    return {"pk": f"USER#{user_id}", "sk": "HEAT"}


def archive_key(user_id: UserId) -> Item:
    """What is known of an account's archive; only archived ones have such an item."""
    return {"pk": f"USER#{user_id}", "sk": "ARCHIVE"}


def by_time_partition(side: Side, owner_id: UserId, part: int = 0) -> str:
    """Part 0 is the whole list of a quiet account, and a part of it for ever."""
    return f"{side}#{owner_id}#{part}" if part else f"{side}#{owner_id}"


def by_time_key(side: Side, owner_id: UserId, created_id: int, *, part: int = 0) -> Item:
    """The keys that put an item into the index `by_time`."""
    return {"gpk": by_time_partition(side, owner_id, part), "gsk": created_id}
