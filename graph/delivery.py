"""How a follow is delivered: a mark on the in-edge, which says that the followee's posts are not pushed to this follower.

The graph keeps the mark where a fan-out reads the followers anyway, so that it costs a fan-out nothing; what it means is
the feed's affair (`feed.edge_ways`). It hangs on the edge, not on the pair: an edge that is made anew has none. Edges
that go to the archive leave it behind.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from accounts.selectors import profiles_by_ids
from config.dynamodb import ConditionFailed, Item, Update, attr, batch_get, gather, get_item, update_item
from config.entities import UserId
from graph import repository
from graph.entities import Edge
from graph.keys import DELIVERY, PULLED, in_edge_key, out_edge_key
from graph.list_repository import out_edges
from graph.tables import GRAPH

AT_ONCE: Final = 8
"""Writers of marks side by side."""


def follow_of(follower_id: UserId, followee_id: UserId) -> Edge | None:
    """The follow as it is now, with where its other half lies; None if there is none here.

    Cost: 1 round trip, 1 read unit, and the follower's card. Consistency: strong.
    """
    found = follows_to(follower_id, [followee_id])
    return found[0] if found else None


def follows_to(follower_id: UserId, followee_ids: Sequence[UserId]) -> list[Edge]:
    """Those of a person's follows that are here now, with where their other halves lie.

    Cost: 1 round trip a 100, 1 read unit each, and the follower's card. Consistency: strong.
    """
    card = profiles_by_ids([follower_id]).get(follower_id)
    if card is None or not followee_ids:
        return []
    keys = [out_edge_key(follower_id, followee_id) for followee_id in followee_ids]
    return [
        Edge(follower_id, followee_id, item["gsk"], follower_handle=card.handle, shard=item["shard"])
        for followee_id, item in zip(followee_ids, repository.out_edges_get(keys), strict=True)
        if item is not None
    ]


def follows_of(follower_id: UserId) -> list[Edge]:
    """All follows of a person, with where their other halves lie.

    Cost: 1 round trip a MB, 25 read units a 1,000, and the follower's card. Consistency: eventual.
    """
    card = profiles_by_ids([follower_id]).get(follower_id)
    if card is None:
        return []
    return [replace(edge, follower_handle=card.handle) for edge in out_edges(follower_id)]


def edge_is_pulled(edge: Edge) -> bool:
    """Whether the mark is on this very edge now.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return _is_marked(edge, get_item(GRAPH, _key(edge), consistent=True))


def edges_pulled(edges: Sequence[Edge]) -> list[Edge]:
    """Those of these edges that have the mark.

    Cost: 1 round trip a 100, 0.5 read units each. Consistency: eventual.
    """
    found = batch_get([(GRAPH, _key(edge)) for edge in edges]) if edges else []
    return [edge for edge, item in zip(edges, found, strict=True) if _is_marked(edge, item)]


def edge_delivery_set(edge: Edge, *, pulled: bool) -> bool:
    """Put the mark on this very edge, or take it off; False if the in-edge is another one by now, or not here.

    Cost: 1 round trip, 1 write unit.
    Idempotent: by edge.
    """
    change = Update(set={DELIVERY: PULLED}) if pulled else Update(remove=(DELIVERY,))
    try:
        update_item(GRAPH, _key(edge), change, condition=attr("gsk") == edge.id)
    except ConditionFailed:
        return False
    return True


def edges_delivery_set(edges: Sequence[Edge], *, pulled: bool) -> list[Edge]:
    """The same for many edges; those that could not be set.

    Cost: 1 write unit each, 8 side by side. Idempotent: by edge. NOTE: not from within a read that is gathered.
    """
    done: list[bool] = []
    for first in range(0, len(edges), AT_ONCE):
        some = edges[first : first + AT_ONCE]
        done += gather(*(partial(edge_delivery_set, edge, pulled=pulled) for edge in some))
    return [edge for edge, is_set in zip(edges, done, strict=True) if not is_set]


def _is_marked(edge: Edge, item: Item | None) -> bool:
    return item is not None and item["gsk"] == edge.id and item.get(DELIVERY) == PULLED


def _key(edge: Edge) -> Item:
    return in_edge_key(edge.followee_id, edge.follower_id, handle=edge.follower_handle, shard=edge.shard)
