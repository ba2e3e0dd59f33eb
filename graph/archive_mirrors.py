"""One edge at a time of an archived account, by its mirror: is it there, and bring it back.

Whoever is about to change an edge of an archived account has this half brought back first, and goes on as with any
other. So unfollowing, removing and blocking are what they always are, with their counters and their events, and need no
file: the mirror holds all of an edge but what its owner had chosen for it.
"""

from collections.abc import Iterable

from accounts.entities import ArchiveState, ProfileCard
from accounts.selectors import profiles_by_ids
from config.dynamodb import (
    Check,
    ConditionFailed,
    Item,
    Put,
    Update,
    attr,
    batch_get,
    get_item,
    transact_if,
    update_item,
)
from config.entities import UserId
from config.errors import Unavailable
from graph.archive_entities import ARCHIVED_BY, FROM_MIRROR, RESTORED_BY, Archive
from graph.archive_moves import same_edge
from graph.archive_repository import archive_get
from graph.entities import Side
from graph.heat import heat_of
from graph.heat_repository import heat_get
from graph.keys import archive_key, by_time_key, in_edge_key, out_edge_key
from graph.slots import ABSENT, is_edge
from graph.tables import GRAPH

Pair = tuple[UserId, UserId]
TRIES = 6
"""More than once only while somebody else moves the very same edge."""


def archived_follows(pairs: Iterable[Pair], *, consistent: bool = False) -> set[Pair]:
    """Of these pairs of follower and followee, whose out-edge is not there, those whose edge is in the archive.

    Cost: the followers' cards (cached). For an archived follower 1 round trip, 0.5 read units a shard of the followee.
    Consistency: eventual, or strong if asked.
    """
    wanted = list(pairs)
    cards = profiles_by_ids(follower_id for follower_id, _followee_id in wanted) if wanted else {}
    asked: list[Pair] = []
    keys: list[Item] = []
    for follower_id, followee_id in wanted:
        card = cards.get(follower_id)
        if card is None or not card.is_archived:
            continue
        for shard in range(heat_of(followee_id).shards):
            asked.append((follower_id, followee_id))
            keys.append(in_edge_key(followee_id, follower_id, handle=card.handle, shard=shard))
    found = batch_get([(GRAPH, key) for key in keys], consistent=consistent) if keys else []
    return {pair for pair, item in zip(asked, found, strict=True) if item is not None}


def edges_bring(one: ProfileCard, other: ProfileCard) -> None:
    """Have here what is between two people, and keep it here, if either of them is archived.

    Cost: nothing for accounts that are not archived; else as `out_edge_bring` and `in_edge_bring`.
    Idempotent.
    """
    pairs = [(owner, peer) for owner, peer in ((one, other), (other, one)) if owner.is_archived]
    for owner, peer in pairs:
        out_edge_bring(owner, peer.id)
    for owner, peer in pairs:
        in_edge_bring(peer.id, peer.handle, owner.id)


def out_edge_bring(follower: ProfileCard, followee_id: UserId) -> None:
    """Have an archived follower's half of an edge here, if there is such an edge, and keep it here.

    Cost: 3 round trips, 3 read units and 1 a shard of the followee; 7 write units if it was away.
    Idempotent: by edge.
    """
    key = out_edge_key(follower.id, followee_id)
    for _try in range(TRIES):
        archive = archive_get(follower.id)
        if archive is None:
            return
        slot = get_item(GRAPH, key, consistent=True)
        if slot is not None:
            if not is_edge(slot) or _keep(archive, slot):
                return
            continue
        mirror = _mirror_of_out(follower, followee_id)
        if mirror is None:
            return
        followee = profiles_by_ids([followee_id]).get(followee_id)
        shard = int(mirror["pk"].partition("#SHARD#")[2] or 0)
        item = (
            key
            | by_time_key(Side.FOLLOWING, follower.id, mirror["gsk"])
            | {"shard": shard, "handle": followee.handle if followee else "", FROM_MIRROR: archive.run}
        )
        if _put(archive, item, mirror):
            return
    raise Unavailable


def in_edge_bring(follower_id: UserId, follower_handle: str, followee_id: UserId) -> bool:
    """Have an archived followee's half of an edge here and keep it here; False if there is no archive or no such edge.

    Cost: 3 round trips, 4 read units; 7 write units if it was away.
    Idempotent: by edge.
    """
    for _try in range(TRIES):
        archive = archive_get(followee_id)
        slot = get_item(GRAPH, out_edge_key(follower_id, followee_id), consistent=True)
        if archive is None or slot is None or not is_edge(slot):
            return False
        key = in_edge_key(followee_id, follower_id, handle=follower_handle, shard=slot["shard"])
        there = get_item(GRAPH, key, consistent=True)
        if there is not None:
            if _keep(archive, there):
                return True
            continue
        part = heat_get(followee_id, consistent=True).index_part_of(follower_id, slot["gsk"])
        item = key | by_time_key(Side.FOLLOWER, followee_id, slot["gsk"], part=part)
        if _put(archive, item, slot):
            return True
    raise Unavailable


def edge_keep(item: Item) -> None:
    """Leave an out-edge where it is that is about to be taken away.

    Cost: 1 round trip, 1 write unit. Idempotent: by edge.
    """
    key = {"pk": item["pk"], "sk": item["sk"]}
    kept = Update(set={RESTORED_BY: item[ARCHIVED_BY]}, remove=(ARCHIVED_BY,))
    try:
        update_item(GRAPH, key, kept, condition=same_edge(item))
    except ConditionFailed:
        return  # gone this moment: whoever needs it finds that out


def _mirror_of_out(follower: ProfileCard, followee_id: UserId) -> Item | None:
    """The in-edge of a follow whose out-edge, which would know the shard, is away."""
    shards = range(heat_get(followee_id, consistent=True).shards)
    keys = [in_edge_key(followee_id, follower.id, handle=follower.handle, shard=shard) for shard in shards]
    found = batch_get([(GRAPH, key) for key in keys], consistent=True)
    return next((item for item in found if item is not None), None)


def _put(archive: Archive, item: Item, mirror: Item) -> bool:
    """As the return does it; False where somebody else has been faster, or the edge or the archive is gone."""
    return transact_if(
        [
            Put(GRAPH, item | {RESTORED_BY: archive.run}, ABSENT),
            Check(GRAPH, {"pk": mirror["pk"], "sk": mirror["sk"]}, same_edge(mirror)),
            Check(GRAPH, archive_key(archive.user_id), attr("run") == archive.run),
        ]
    )


def _keep(archive: Archive, item: Item) -> bool:
    """Let the archiver, if it is still at work, leave this half where it is; False if it is gone this moment."""
    if archive.state is not ArchiveState.ARCHIVING or item.get(RESTORED_BY) == archive.run:
        return True
    try:
        update_item(
            GRAPH,
            {"pk": item["pk"], "sk": item["sk"]},
            Update(set={RESTORED_BY: archive.run}, remove=(ARCHIVED_BY,)),
            condition=same_edge(item),
        )
    except ConditionFailed:
        return False
    return True
