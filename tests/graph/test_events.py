"""What the stream tells of the graph: one event a follow, from the out-edge."""

from dataclasses import replace

import pytest

from config.dynamodb import Item
from config.entities import UserId
from config.ids import id_time_ms, next_id
from config.streams import Change
from graph.events import FollowCreated, FollowDeleted, OutgoingEvent, RequestCreated
from graph.keys import counts_key, in_edge_key, out_edge_key, request_in_key, request_out_key
from graph.tables import GRAPH

ANA, BOB, EDGE_ID = UserId(11), UserId(22), next_id()
EVENTS: tuple[type[FollowCreated] | type[FollowDeleted] | type[RequestCreated], ...]
EVENTS = (FollowCreated, FollowDeleted, RequestCreated)


def a_change(kind: str, key: Item) -> Change:
    item = key | {"gsk": EDGE_ID}
    old, new = (item if kind != "INSERT" else None), (item if kind != "REMOVE" else None)
    return Change(
        event_id="e1",
        table=GRAPH,
        kind=kind,
        keys=key,
        old=old,
        new=new,
        sequence="1",
        at_ms=5,
        request_id=None,
    )


def events_of(change: Change) -> list[OutgoingEvent]:
    return [event for kind in EVENTS if (event := kind.from_change(change))]


@pytest.mark.parametrize(
    ("kind", "key", "expected"),
    [
        ("INSERT", out_edge_key(ANA, BOB), FollowCreated),
        ("REMOVE", out_edge_key(ANA, BOB), FollowDeleted),
        ("INSERT", request_out_key(ANA, BOB), RequestCreated),
    ],
)
def test_an_outgoing_item_is_one_event(kind: str, key: Item, expected: type[OutgoingEvent]) -> None:
    (event,) = events_of(a_change(kind, key))
    assert event == expected("e1", ANA, BOB, EDGE_ID, 5)
    assert event.created_at_ms == id_time_ms(EDGE_ID)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *[(kind, in_edge_key(BOB, ANA)) for kind in ("INSERT", "MODIFY", "REMOVE")],
        *[(kind, request_in_key(BOB, ANA)) for kind in ("INSERT", "REMOVE")],
        *[(kind, counts_key(ANA)) for kind in ("INSERT", "MODIFY", "REMOVE")],
        ("MODIFY", out_edge_key(ANA, BOB)),
        ("REMOVE", request_out_key(ANA, BOB)),
    ],
)
def test_all_else_is_none(kind: str, key: Item) -> None:
    assert events_of(a_change(kind, key)) == []


def test_a_block_that_takes_an_edges_slot_ends_the_follow_and_is_no_follow_itself() -> None:
    edge = out_edge_key(ANA, BOB) | {"gsk": EDGE_ID, "gpk": "FOLLOWING#11", "shard": 3}
    tombstone = out_edge_key(ANA, BOB) | {"blocked_by": {"22"}}
    moves = {
        ("MODIFY", True, False): [FollowDeleted],
        ("INSERT", False, False): [],
        ("REMOVE", False, False): [],
    }
    for (kind, was_edge, _), expected in moves.items():
        old = (edge if was_edge else tombstone) if kind != "INSERT" else None
        new = tombstone if kind != "REMOVE" else None
        change = replace(a_change(kind, out_edge_key(ANA, BOB)), old=old, new=new)
        assert [type(event) for event in events_of(change)] == expected
    changed = replace(a_change("MODIFY", out_edge_key(ANA, BOB)), old=edge, new=edge | {"notify": True})
    assert events_of(changed) == []
    assert events_of(replace(changed, new=tombstone))[0].shard == 3
