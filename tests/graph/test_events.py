"""What the stream tells of the graph: one event a follow, from the out-edge."""

from dataclasses import replace

import pytest

from config.dynamodb import Item
from config.entities import UserId
from config.ids import id_time_ms, next_id
from config.streams import Change
from graph.entities import Side
from graph.events import FollowCreated, FollowDeleted, OutgoingEvent, RequestCreated, RequestDeleted
from graph.keys import by_time_key, counts_key, in_edge_key, out_edge_key, request_in_key
from graph.tables import GRAPH

ANA, BOB, EDGE_ID = UserId(11), UserId(22), next_id()
EVENTS: tuple[type[FollowCreated] | type[FollowDeleted] | type[RequestCreated] | type[RequestDeleted], ...]
EVENTS = (FollowCreated, FollowDeleted, RequestCreated, RequestDeleted)


FOLLOW = out_edge_key(ANA, BOB) | by_time_key(Side.FOLLOWING, ANA, EDGE_ID) | {"shard": 3}
REQUEST = out_edge_key(ANA, BOB) | by_time_key(Side.REQUEST_OUT, ANA, EDGE_ID)
TOMBSTONE = out_edge_key(ANA, BOB) | {"blocked_by": {"22"}}


def a_change(kind: str, item: Item) -> Change:
    old, new = (item if kind != "INSERT" else None), (item if kind != "REMOVE" else None)
    return Change(
        event_id="e1",
        table=GRAPH,
        kind=kind,
        keys={"pk": item["pk"], "sk": item["sk"]},
        old=old,
        new=new,
        sequence="1",
        at_ms=5,
        request_id=None,
    )


def events_of(change: Change) -> list[OutgoingEvent]:
    return [event for kind in EVENTS if (event := kind.from_change(change))]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, FOLLOW, [FollowCreated]),
        (REQUEST, FOLLOW, [FollowCreated, RequestDeleted]),
        (FOLLOW, None, [FollowDeleted]),
        (FOLLOW, TOMBSTONE, [FollowDeleted]),
        (None, REQUEST, [RequestCreated]),
        (FOLLOW, FOLLOW | {"notify": True}, []),
        (REQUEST, None, [RequestDeleted]),
        (REQUEST, TOMBSTONE, [RequestDeleted]),
        (None, TOMBSTONE, []),
        (TOMBSTONE, None, []),
    ],
)
def test_what_a_slot_comes_to_hold_is_one_event(
    before: Item | None, after: Item | None, expected: list[type[OutgoingEvent]]
) -> None:
    kind = "INSERT" if before is None else "REMOVE" if after is None else "MODIFY"
    change = replace(a_change(kind, FOLLOW), old=before, new=after)
    events = events_of(change)
    assert [type(event) for event in events] == expected
    for event in events:
        shard = 0 if isinstance(event, RequestCreated | RequestDeleted) else 3
        plain = type(event)("e1", ANA, BOB, EDGE_ID, 5, shard)
        assert event == (
            replace(plain, asked=before is REQUEST) if isinstance(plain, FollowCreated) else plain
        )
        assert event.created_at_ms == id_time_ms(EDGE_ID)


@pytest.mark.parametrize("kind", ["INSERT", "MODIFY", "REMOVE"])
@pytest.mark.parametrize(
    "item",
    [
        in_edge_key(BOB, ANA) | by_time_key(Side.FOLLOWER, BOB, EDGE_ID),
        request_in_key(BOB, ANA) | by_time_key(Side.REQUEST_IN, BOB, EDGE_ID),
        counts_key(ANA) | {"followers": 1},
    ],
)
def test_all_else_is_none(kind: str, item: Item) -> None:
    assert events_of(a_change(kind, item)) == []
