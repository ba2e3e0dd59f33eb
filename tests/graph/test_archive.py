"""Edges of dormant accounts go to the archive and come back, and nobody else notices."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.entities import ArchiveState
from accounts.models import User
from accounts.selectors import profiles_by_ids
from accounts.services import profile_update
from config.dynamodb import put_item
from config.dynamodb.metering import metered
from config.entities import UserId
from config.ids import next_id
from graph import archive_moves, repository
from graph.archive import archive_begin, archive_step
from graph.archive_departure import archive_clear
from graph.archive_repository import archive_get, segments_of
from graph.archive_return import return_some
from graph.archive_segments import decoded, encoded, segment_read
from graph.blocks import block_create, block_delete, blocked_among
from graph.entities import Counts, Edge, FollowKind, FollowSettings, FollowState, Relationship, Side
from graph.errors import EdgesFetched, SegmentLost
from graph.keys import out_edge_key
from graph.known import known_followers
from graph.reconcile import Drift, account_reconcile
from graph.removals import follower_remove, follower_restore
from graph.selectors import (
    counts,
    edges_page,
    follow_settings,
    followees_among,
    is_following,
    relationships,
)
from graph.services import (
    follow_create,
    follow_delete,
    follow_update,
    request_approve,
)
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.graph.archiving import archived, halves_of, returned
from tests.graph.factory import a_stranger, follows, id_of
from tests.graph.test_heat import made_hot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_grace(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0


def three_friends() -> tuple[User, User, User]:
    """Ana and Bob follow each other, Eve follows Ana, Ana follows Eve with all that may be chosen."""
    ana, bob, eve = a_user("ana"), a_user("bob"), a_user("eve")
    for follower, followee in ((ana, bob), (bob, ana), (eve, ana), (ana, eve)):
        follows(follower, followee)
    follow_update(follower_id=id_of(ana), followee_id=id_of(eve), notify=True, kind=FollowKind.FRIEND)
    return ana, bob, eve


def is_right(*people: User) -> None:
    for person in people:
        assert account_reconcile(user_id=id_of(person), repair=False) == Drift(accounts=1)


def test_edges_go_and_come_back_as_they_were() -> None:
    ana, *_ = three_friends()
    before = halves_of(ana)
    assert len(before) == 4
    archived(ana, segment_rows=3)
    assert halves_of(ana) == {}
    ana.refresh_from_db()
    assert ana.archive_state == ArchiveState.ARCHIVED
    assert len(storages["archive"].listdir(f"edges/{ana.pk}")[1]) == 2
    assert not archive_begin(user_id=id_of(ana)), "once is enough"
    assert return_some(user_id=id_of(ana))
    assert halves_of(ana) == before
    ana.refresh_from_db()
    assert ana.archive_state == ArchiveState.HERE
    assert storages["archive"].listdir(f"edges/{ana.pk}")[1] == []
    assert archive_get(id_of(ana)) is None
    archived(ana)
    assert halves_of(ana) == {}, "what has come back may go again"


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


def test_others_notice_nothing() -> None:
    ana, bob, eve = three_friends()
    follows(bob, eve)

    def seen() -> list[Any]:
        known = known_followers(id_of(bob), profiles_by_ids([id_of(eve)])[id_of(eve)])
        return [
            relationships(id_of(bob), [id_of(ana), id_of(eve)]),
            relationships(id_of(ana), [id_of(bob), id_of(eve)], consistent=True),
            is_following(id_of(ana), id_of(bob)),
            is_following(id_of(bob), id_of(ana)),
            followees_among(id_of(ana), [id_of(bob), id_of(eve)]),
            [person.profile.id for person in known.people],
            [edge.follower_id for edge in edges_page(Side.FOLLOWER, id_of(eve)).items],
            counts(id_of(ana)),
            counts(id_of(eve)),
        ]

    before = seen()
    archived(ana)
    assert seen() == before
    assert before[0][id_of(ana)] == Relationship(following=True, followed_by=True)
    assert before[5] == [id_of(ana)]
    stranger = id_of(a_user("stranger"))
    assert not is_following(id_of(ana), stranger)
    assert relationships(stranger, [id_of(ana)]) == {id_of(ana): Relationship()}


def test_what_ends_meanwhile_does_not_come_back() -> None:
    ana, bob, eve = three_friends()
    archived(ana)
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    assert follower_remove(followee_id=id_of(eve), follower_id=id_of(ana)) is not None
    assert follower_remove(followee_id=id_of(eve), follower_id=id_of(ana)) is None
    assert counts(id_of(ana)) == Counts(1, 1)
    returned(ana)
    assert set(halves_of(ana)) == {
        f"USER#{ana.pk} FOLLOWING#{bob.pk}",
        f"USER#{ana.pk} FOLLOWER#{eve.username}#{eve.pk}",
    }
    is_right(ana, bob, eve)


def test_a_follow_that_ended_and_began_again_comes_back_as_the_new_one() -> None:
    ana, bob, eve = three_friends()
    archived(ana)
    follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
    follows(bob, ana)
    undo = follower_remove(followee_id=id_of(eve), follower_id=id_of(ana))
    assert undo is not None
    follower_restore(followee_id=id_of(eve), follower_id=id_of(ana), undo=undo)
    follows(a_user("new"), ana)
    here = halves_of(ana)
    assert len(here) == 3
    returned(ana)
    after = halves_of(ana)
    assert {key: after[key] for key in here} == here
    assert len(after) == 5
    assert follow_settings(id_of(ana), id_of(eve)) == FollowSettings(), "a new follow"
    is_right(ana, bob, eve)


def test_a_repeated_follow_of_an_archived_account_changes_nothing() -> None:
    ana, bob, _eve = three_friends()
    made_hot(id_of(bob), shards=8, write_shards=8)
    archived(ana)
    assert follows(bob, ana) is FollowState.FOLLOWING
    # Bob's shards have changed since: the edge that is archived lies in another than a new one would.
    assert follow_create(follower_id=id_of(ana), followee_id=id_of(bob)) is FollowState.FOLLOWING
    assert counts(id_of(bob), consistent=True) == Counts(1, 1)
    profile_update(user_id=id_of(bob), is_private=True)
    assert follow_create(follower_id=id_of(ana), followee_id=id_of(bob)) is FollowState.FOLLOWING
    returned(ana)
    is_right(ana, bob)


@pytest.mark.parametrize("by_ana", [True, False])
def test_a_block_ends_what_is_archived_too(by_ana: bool) -> None:
    ana, bob, eve = three_friends()
    archived(ana)
    blocker, blocked = (ana, bob) if by_ana else (bob, ana)
    block_create(blocker_id=id_of(blocker), blocked_id=id_of(blocked))
    assert counts(id_of(bob)) == Counts(0, 0)
    assert counts(id_of(ana)) == Counts(1, 1)
    returned(ana)
    assert blocked_among(id_of(ana), [id_of(bob)]) == {id_of(bob)}
    assert not any(str(bob.pk) in key for key in halves_of(ana))
    block_delete(blocker_id=id_of(blocker), blocked_id=id_of(blocked))
    is_right(ana, bob, eve)


def test_of_two_archived_accounts_one_half_of_each_edge_stays() -> None:
    ana, bob, _eve = three_friends()
    befores = halves_of(ana), halves_of(bob)
    archived(ana)
    archived(bob)
    assert len(halves_of(bob)) == 2
    assert relationships(id_of(ana), [id_of(bob)]) == {
        id_of(bob): Relationship(following=True, followed_by=True)
    }
    returned(ana)
    returned(bob)
    assert (halves_of(ana), halves_of(bob)) == befores
    archived(bob)
    archived(ana)
    block_create(blocker_id=id_of(ana), blocked_id=id_of(bob))
    returned(ana)
    returned(bob)
    assert halves_of(bob) == {}
    is_right(ana, bob)


def test_the_archiver_leaves_what_changes_under_its_hands() -> None:
    ana, bob, eve = three_friends()
    assert archive_begin(user_id=id_of(ana))
    archive_step(user_id=id_of(ana))  # the out-edges are written and not gone
    follow_update(follower_id=id_of(ana), followee_id=id_of(bob), notify=True)
    follow_delete(follower_id=id_of(ana), followee_id=id_of(eve))
    while not archive_step(user_id=id_of(ana)).done:
        pass
    assert set(halves_of(ana)) == {f"USER#{ana.pk} FOLLOWING#{bob.pk}"}
    assert follow_settings(id_of(ana), id_of(bob)) == FollowSettings(notify=True)
    returned(ana)
    assert follow_settings(id_of(ana), id_of(bob)) == FollowSettings(notify=True)
    assert len(halves_of(ana)) == 3
    is_right(ana, bob, eve)


def test_a_return_stops_whoever_is_still_archiving() -> None:
    ana, *_ = three_friends()
    before = halves_of(ana)
    assert archive_begin(user_id=id_of(ana))
    archive_step(user_id=id_of(ana), segment_rows=2)
    archive = archive_get(id_of(ana))
    assert archive is not None
    items = segment_read(segments_of(archive)[0])
    assert return_some(user_id=id_of(ana))
    with pytest.raises(archive_moves.Overtaken):
        archive_moves.edges_take_away(archive, ana.username, items)
    assert archive_step(user_id=id_of(ana)).done
    assert halves_of(ana) == before


def test_what_was_chosen_for_a_follow_comes_from_the_segment() -> None:
    ana, _bob, eve = three_friends()
    archived(ana)
    assert follow_create(follower_id=id_of(ana), followee_id=id_of(eve)) is FollowState.FOLLOWING
    with pytest.raises(EdgesFetched):
        follow_update(follower_id=id_of(ana), followee_id=id_of(eve), notify=False)
    returned(ana)
    chosen = FollowSettings(notify=True, kind=FollowKind.FRIEND)
    assert follow_settings(id_of(ana), id_of(eve)) == chosen
    follow_update(follower_id=id_of(ana), followee_id=id_of(eve), notify=False)


def test_a_request_to_an_archived_account_is_answered_as_ever() -> None:
    ana, bob = a_user("ana", is_private=True), a_user("bob")
    follows(bob, ana)
    archived(ana)
    request_approve(follower_id=id_of(bob), followee_id=id_of(ana))
    returned(ana)
    assert counts(id_of(ana)) == Counts(1, 0)
    is_right(ana, bob)


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


def test_who_leaves_for_good_has_their_edges_back_first() -> None:
    ana, *_ = three_friends()
    before = halves_of(ana)
    archived(ana)
    cursor: str | None = None
    while (step := archive_clear(id_of(ana), cursor)).cursor is not None:
        cursor = step.cursor
    assert halves_of(ana) == before
    assert storages["archive"].listdir(f"edges/{ana.pk}")[1] == []
