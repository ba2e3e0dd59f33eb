"""Reads of the graph. Plural names are bulk; pages are newest first with opaque cursors."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, Final

from config.cursors import decode, encode
from config.dynamodb import Item, gather
from config.entities import Page, UserId
from config.errors import InvalidCursor
from graph import counter_repository, heat_repository, list_repository, repository
from graph.archive_mirrors import archived_follows
from graph.entities import QUIET, Counts, Edge, FollowKind, FollowSettings, Heat, Relationship, Side
from graph.heat import heat_fetch, heat_if_known, heat_of
from graph.keys import out_edge_key
from graph.slots import is_edge, is_request, is_tombstone

PAGE_SIZE: Final = 20
FAN_OUT_PAGE_SIZE: Final = 1_000


def is_following(follower_id: UserId, followee_id: UserId) -> bool:
    """Whether the follow is there now.

    Cost: 1 round trip, 1 read unit. Another one and 1 a shard, if there is none and the follower is archived.
    Consistency: strong.
    """
    return repository.edge_exists(follower_id, followee_id) or bool(
        archived_follows([(follower_id, followee_id)], consistent=True)
    )


def follows_among(pairs: Iterable[tuple[UserId, UserId]]) -> set[tuple[UserId, UserId]]:
    """Those of these pairs of follower and followee where the follow is there now.

    Cost: 1 round trip a 100 pairs, 1 read unit each; as `is_following` for those whose follower is archived.
    Consistency: strong.
    """
    asked = list(dict.fromkeys(pairs))
    there = repository.edges_exist([out_edge_key(*pair) for pair in asked], consistent=True) if asked else []
    found = {pair for pair, exists in zip(asked, there, strict=True) if exists}
    return found | archived_follows([pair for pair in asked if pair not in found], consistent=True)


def followees_among(follower_id: UserId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Which of these people the follower follows.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(user_ids))
    there = repository.edges_exist([out_edge_key(follower_id, user_id) for user_id in ids]) if ids else []
    found = {user_id for user_id, exists in zip(ids, there, strict=True) if exists}
    away = archived_follows((follower_id, user_id) for user_id in ids if user_id not in found)
    return found | {user_id for _follower_id, user_id in away}


def relationships(
    viewer_id: UserId, user_ids: Iterable[UserId], *, consistent: bool = False
) -> dict[UserId, Relationship]:
    """How the viewer stands to each of these people; the viewer's own id is left out.

    Cost: 1 round trip a 50 people, 1 read unit each (2 if consistent); another one where some are archived.
    Consistency: eventual, or strong if asked, as after the viewer's own write.
    """
    ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id != viewer_id]
    if not ids:
        return {}
    # Whether they follow the viewer is asked of their out-edge: its place does not depend on shards.
    slots = repository.slots_get(
        [
            key
            for user_id in ids
            for key in (out_edge_key(viewer_id, user_id), out_edge_key(user_id, viewer_id))
        ],
        consistent=consistent,
    )
    pairs = {
        pair: slot
        for user_id, mine, theirs in zip(ids, slots[::2], slots[1::2], strict=True)
        for pair, slot in (((viewer_id, user_id), mine), ((user_id, viewer_id), theirs))
    }
    away = archived_follows([pair for pair, slot in pairs.items() if slot is None], consistent=consistent)
    return {
        user_id: relationship_of(viewer_id, user_id, mine, theirs, away)
        for user_id, mine, theirs in zip(ids, slots[::2], slots[1::2], strict=True)
    }


def relationship_of(
    viewer_id: UserId,
    user_id: UserId,
    mine: Item | None,
    theirs: Item | None,
    away: AbstractSet[tuple[UserId, UserId]],
) -> Relationship:
    """What the two slots of the viewer and another say, and which follows of theirs are in the archive."""
    return Relationship(
        following=is_edge(mine) or (viewer_id, user_id) in away,
        followed_by=is_edge(theirs) or (user_id, viewer_id) in away,
        requested=is_request(mine),
        blocked=is_tombstone(mine),
    )


def counts(user_id: UserId, *, consistent: bool = False) -> Counts:
    """How many follow a person, and how many that person follows.

    Cost: 1 round trip, 0.5 read units for each region, hot or not. If consistent twice that, and for hot accounts another
        two rounds with 1 read unit a shard and region.
    Consistency: of hot accounts a second or so behind, or exact if asked to be consistent.
    """
    if not consistent:
        return counter_repository.counts_of([user_id])[0]
    stored, is_hot = counter_repository.counts_with_heat(user_id)
    if not is_hot:
        return stored
    heat = heat_repository.heat_get(user_id, consistent=True)
    return counter_repository.counts_exactly(user_id, shards=heat.shards)


def counts_by_ids(user_ids: Iterable[UserId]) -> dict[UserId, Counts]:
    """The same for many people.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(user_ids))
    return dict(zip(ids, counter_repository.counts_of(ids), strict=True)) if ids else {}


def edges_page(
    side: Side, owner_id: UserId, *, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Edge]:
    """One page of a list, exactly `limit` long but for the last. A cursor stays good while edges come and go.

    Cost: 1 round trip, 0.5 read units for up to 25 rows. For followers 0.5 read units a part of the index (1, 2 or 4), and
        0.5 more twice a minute to learn how many there are.
    Consistency: eventual.
    Raises: InvalidCursor.
    """
    after = _position(side, owner_id, cursor) if cursor else None
    if side is Side.FOLLOWER:
        edges, goes_on = _followers_newest_first(owner_id, after, limit)
    else:
        edges, goes_on = list_repository.edges_newest_first(owner_id, side, after=after, limit=limit)
    return Page(edges, _cursor(side, edges[-1]) if goes_on else None)


def _followers_newest_first(owner_id: UserId, after: Edge | None, limit: int) -> tuple[list[Edge], bool]:
    read = list_repository.followers_newest_first
    heat = heat_if_known(owner_id)
    if heat is None:
        # Nearly every account is quiet: its page is read while it is found out that it is.
        found: list[Any] = gather(
            partial(heat_fetch, owner_id), partial(read, owner_id, QUIET, after=after, limit=limit)
        )
        fetched: Heat = found[0]
        if fetched.epochs == QUIET.epochs:
            page: tuple[list[Edge], bool] = found[1]
            return page
        heat = fetched
    return read(owner_id, heat, after=after, limit=limit)


def followers_by_handle(
    owner_id: UserId, *, prefix: str = "", cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Edge]:
    """One page of followers in the order of their handles, of those only whose handle begins with `prefix`.

    Cost: 1 round trip and 0.5 read units a shard, side by side. Consistency: eventual.
    Raises: InvalidCursor, also for a cursor of another prefix.
    """
    kind = f"graph.by_handle.{prefix}"
    after = None
    if cursor:
        handle, follower_id = decode(kind, cursor)
        after = Edge(follower_id, owner_id, 0, follower_handle=handle)
    edges, goes_on = list_repository.followers_by_handle(
        owner_id, heat_of(owner_id), prefix=prefix, after=after, limit=limit
    )
    last = edges[-1] if goes_on else None
    return Page(edges, encode(kind, [last.follower_handle, last.follower_id]) if last else None)


def _cursor(side: Side, last: Edge) -> str:
    # The position is time, ids and places, not a stored item: it holds when that very edge is deleted.
    other_id, handle = (
        (last.followee_id, last.followee_handle) if side.is_out else (last.follower_id, last.follower_handle)
    )
    return encode(f"graph.{side}", [last.id, other_id, handle, last.shard, last.part])


def _position(side: Side, owner_id: UserId, cursor: str) -> Edge:
    try:
        edge_id, other_id, handle, shard, part = decode(f"graph.{side}", cursor)
    except ValueError as of_another_release:
        raise InvalidCursor from of_another_release
    if side.is_out:
        return Edge(owner_id, other_id, edge_id, followee_handle=handle)
    return Edge(other_id, owner_id, edge_id, follower_handle=handle, shard=shard, part=part)


followers_page = partial(edges_page, Side.FOLLOWER)
following_page = partial(edges_page, Side.FOLLOWING)
requests_in_page = partial(edges_page, Side.REQUEST_IN)
requests_out_page = partial(edges_page, Side.REQUEST_OUT)


def followers_to_deliver(
    followee_id: UserId, *, cursor: str | None = None, limit: int = FAN_OUT_PAGE_SIZE
) -> tuple[list[Edge], str | None]:
    """Follows for fan-out, each with `is_pulled`, and the cursor to go on with; None at the end. It is for tasks, not for clients.

    Shape: exactly `limit` long but for the last. Shard by shard, by handle in each.
    Cost: 1 round trip, up to 50 read units for 1,000; at the end of a shard 1 read unit more, and the next one.
    Consistency: strong: a follower of before the fan-out is never missed, for a shard is known of before it is used.
    """
    number, _, sort_key = (cursor or "0/").partition("/")
    shard, after = int(number), sort_key or None
    edges: list[Edge] = []
    while True:
        more, after = list_repository.shard_followers(
            followee_id, shard=shard, after=after, limit=limit - len(edges)
        )
        edges += more
        if after is not None:
            return edges, f"{shard}/{after}"
        shard += 1
        if shard >= heat_repository.heat_get(followee_id, consistent=True).shards:
            return edges, None
        if len(edges) == limit:
            return edges, f"{shard}/"


def follower_ids_page(
    followee_id: UserId, *, cursor: str | None = None, limit: int = FAN_OUT_PAGE_SIZE
) -> tuple[list[UserId], str | None]:
    """The followers alone of `followers_to_deliver`.

    Shape, Cost, Consistency: as there.
    """
    edges, following = followers_to_deliver(followee_id, cursor=cursor, limit=limit)
    return [edge.follower_id for edge in edges], following


def following_ids(follower_id: UserId) -> Iterator[UserId]:
    """All that a person follows, in no particular order, read as it is used up.

    Cost: 1 round trip and about 25 read units a 1,000. Consistency: eventual.
    """
    return list_repository.following_ids(follower_id)


def follow_settings(follower_id: UserId, followee_id: UserId) -> FollowSettings | None:
    """What the follower has chosen for this follow; None if there is none.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return settings_of(repository.out_edge_get(follower_id, followee_id))


def settings_of(edge: Item | None) -> FollowSettings | None:
    """What is chosen for a follow as the follower's half has it; None without one."""
    if edge is None:
        return None
    kind = FollowKind(edge.get("kind", FollowKind.FOLLOW))
    return FollowSettings(notify=edge.get("notify", False), kind=kind)
