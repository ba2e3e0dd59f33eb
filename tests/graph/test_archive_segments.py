"""What the archive costs and keeps: segments, lost ones, shards, counts, and what becomes of it when people leave for good."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from config.dynamodb import Update, put_item, update_item
from config.dynamodb.metering import metered
from config.entities import UserId
from config.ids import next_id
from graph import repository
from graph.archive import archive_begin, archive_step
from graph.archive_departure import archive_clear
from graph.archive_entities import Archive
from graph.archive_repository import archive_get, archive_put, segments_of
from graph.archive_return import return_some
from graph.archive_segments import decoded, encoded
from graph.blocks import block_create, blocked_among
from graph.departures import followers_clear, slots_clear
from graph.entities import Counts, Edge
from graph.errors import SegmentLost
from graph.keys import counts_key, out_edge_key
from graph.reconcile import Drift, account_reconcile
from graph.selectors import (
    counts,
    relationships,
)
from graph.services import (
    follow_delete,
)
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.archiving import archived, halves_of, is_right, returned, three_friends
from tests.graph.factory import a_stranger, follows, id_of
from tests.graph.test_heat import made_hot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_grace(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0


def test_a_hot_accounts_shards_and_parts_come_back_where_they_were() -> None:
    ana = a_user("ana")
    heat = made_hot(id_of(ana), shards=4, write_shards=4)
    for number in range(20):
        edge = Edge(a_stranger(), id_of(ana), next_id(), f"fan{number}", ana.username)
        repository.edge_put(edge, heat=heat)
    before = halves_of(ana)
    archived(ana, segment_rows=6)
    assert (len(before), len(halves_of(ana))) == (20, 0)
    returned(ana)
    assert halves_of(ana) == before
    is_right(ana)


def test_it_costs_seven_units_an_out_edge_and_five_an_in_edge_and_five_to_come_back() -> None:
    ana = a_user("ana")
    strangers = [(a_stranger(), f"s{number}") for number in range(10)]
    for stranger, handle in strangers:
        repository.edge_put(Edge(id_of(ana), stranger, next_id(), ana.username, handle))
        repository.edge_put(Edge(stranger, id_of(ana), next_id(), handle, ana.username))
    assert archive_begin(user_id=id_of(ana))
    for edges_cost in (7, 5):
        assert archive_step(user_id=id_of(ana)).rows == 0
        with metered() as calls:
            assert archive_step(user_id=id_of(ana)).rows == 10
        guards = 2 if edges_cost == 7 else 1
        segment_known = 1
        assert sum(call.write_units for call in calls) == 10 * edges_cost + 2 * guards + segment_known
    assert archive_step(user_id=id_of(ana)).done
    with metered() as calls:
        assert return_some(user_id=id_of(ana))
    moved = [call for call in calls if call.operation == "transact_write_items"]
    assert sum(call.write_units for call in moved) == 20 * 5


def test_a_segment_that_is_lost_or_damaged_is_named_and_the_others_come_back() -> None:
    ana = a_user("ana")
    fans = [a_user(f"fan{number}") for number in range(6)]
    for fan in fans:
        follows(fan, ana)
    before = halves_of(ana)
    archived(ana, segment_rows=2)
    archive = archive_get(id_of(ana))
    assert archive is not None
    first, second, _third = segments_of(archive)
    contents = {segment.name: content_of(segment.name) for segment in (first, second)}
    storages["archive"].delete(first.name)
    storages["archive"].save(second.name, ContentFile(contents[second.name][:-9] + b"123456789"))
    for _ in range(2):
        with pytest.raises(SegmentLost) as lost:
            return_some(user_id=id_of(ana))
        assert first.name in str(lost.value)
        assert len(halves_of(ana)) == 2
    known = archive_get(id_of(ana))
    assert known is not None
    assert known.lost == (first.name, second.name)
    # Nothing else breaks: what is lost can be left, and is left for good.
    (gone,) = [fan for fan in fans if f"FOLLOWER#{fan.username}#{fan.pk}" == segment_sk(contents[first.name])]
    follow_delete(follower_id=id_of(gone), followee_id=id_of(ana))
    assert counts(id_of(ana)) == Counts(5, 0)
    assert account_reconcile(user_id=id_of(ana), repair=True) == Drift(accounts=1, archived=1)
    for name, content in contents.items():
        storages["archive"].save(name, ContentFile(content))
    returned(ana)
    assert halves_of(ana) == {key: item for key, item in before.items() if str(gone.pk) not in key}
    is_right(ana, gone)


def content_of(name: str) -> bytes:
    with storages["archive"].open(name) as file:
        return bytes(file.read())


def segment_sk(content: bytes) -> str:
    return str(decoded(content)[0]["sk"])


def test_segments_are_sorted_by_edge_and_hold_what_they_were_given() -> None:
    items = [
        out_edge_key(UserId(1), UserId(100 + number))
        | {"gpk": "FOLLOWING#1", "gsk": 900 - number, "shard": 0}
        for number in range(50)
    ]
    items[3] |= {"notify": True, "npk": "NOTIFY#103", "nsk": 1, "handle": "zoë"}
    content = encoded([item | {"restored": 7} for item in items])
    assert decoded(content) == sorted(items, key=lambda item: item["gsk"])
    assert encoded(items[::-1]) == content, "the same edges are the same file"


def test_the_counts_of_an_archived_account_are_never_repaired() -> None:
    ana, *_ = three_friends()
    archived(ana)
    assert account_reconcile(user_id=id_of(ana), repair=True) == Drift(accounts=1, archived=1)
    assert counts(id_of(ana)) == Counts(2, 2)


def test_tombstones_and_requests_stay_where_they_are() -> None:
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve", is_private=True)
    block_create(blocker_id=id_of(bob), blocked_id=id_of(ana))
    follows(ana, eve)
    put_item(GRAPH, {"pk": f"USER#{ana.pk}", "sk": "SUGGESTIONS"})
    archived(ana)
    assert blocked_among(id_of(ana), [id_of(bob)]) == {id_of(bob)}
    assert relationships(id_of(ana), [id_of(eve)])[id_of(eve)].requested
    returned(ana)
    is_right(ana, bob, eve)


def test_an_archive_that_was_begun_and_left_stops_no_recount() -> None:
    ana, *_ = three_friends()
    assert archive_put(Archive(id_of(ana), next_id()))  # killed before the account was flagged
    broken = Update(add={"followers": 3})
    update_item(GRAPH, counts_key(id_of(ana)), broken)
    assert account_reconcile(user_id=id_of(ana), repair=True).followers == 3
    is_right(ana)
    assert archive_begin(user_id=id_of(ana))
    update_item(GRAPH, counts_key(id_of(ana)), broken)
    assert account_reconcile(user_id=id_of(ana), repair=True) == Drift(accounts=1, archived=1)


def test_who_leaves_for_good_leaves_no_half_with_an_archived_account() -> None:
    ana, bob, _eve = three_friends()
    archived(ana)
    for clear in (slots_clear, followers_clear):
        cursor: str | None = None
        while (step := clear(id_of(bob), cursor)).cursor is not None:
            cursor = step.cursor
    assert halves_of(bob) == {}
    assert counts(id_of(ana)) == Counts(1, 1)
    returned(ana)
    assert not any(str(bob.pk) in key for key in halves_of(ana))
    is_right(ana, bob)


def test_who_leaves_for_good_has_their_edges_back_first() -> None:
    ana, *_ = three_friends()
    before = halves_of(ana)
    archived(ana)
    cursor: str | None = None
    while (step := archive_clear(id_of(ana), cursor)).cursor is not None:
        cursor = step.cursor
    assert halves_of(ana) == before
    assert storages["archive"].listdir(f"edges/{ana.pk}")[1] == []
