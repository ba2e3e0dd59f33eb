"""Edges of dormant accounts go to the archive and come back, and nobody else notices."""

from typing import Any

import pytest
from django.core.files.storage import storages

from accounts.entities import ArchiveState
from accounts.selectors import profiles_by_ids
from accounts.services import profile_update
from graph import archive_moves
from graph.archive import archive_begin, archive_step
from graph.archive_repository import archive_get, segments_of
from graph.archive_return import return_some
from graph.archive_segments import segment_read
from graph.blocks import block_create, block_delete, blocked_among
from graph.entities import Counts, FollowKind, FollowSettings, FollowState, Relationship, Side
from graph.errors import EdgesFetched
from graph.known import known_followers
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
from tests.accounts.factory import a_user
from tests.graph.archiving import archived, halves_of, is_right, returned, three_friends
from tests.graph.factory import follows, id_of
from tests.graph.test_heat import made_hot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_grace(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0


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
