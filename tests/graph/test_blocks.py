"""Blocks: one transaction severs everything, one key hides, and unblocking leaves nothing behind."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.test import Client

from accounts.models import User
from config.dynamodb.metering import metered
from feed.selectors import home_page
from feed.suggestions import suggestions_page
from graph.blocks import block_create, block_delete, blocked_among
from graph.close_friends import close_friend_add, is_close_friend
from graph.entities import Counts, FollowState, Side
from graph.errors import AccountGone, Blocked, MarkSelf
from graph.mark_repository import Mark
from graph.people import marked_page, people_page, requests_page
from graph.selectors import counts, is_following, relationships
from graph.services import follow_create, follow_delete
from posts.errors import PostNotFound
from posts.services import like_create
from posts.threads import comment_create
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of
from tests.posts.factory import a_comment, a_post

pytestmark = pytest.mark.django_db


def blocks(blocker: User, blocked: User) -> bool:
    return block_create(blocker_id=id_of(blocker), blocked_id=id_of(blocked))


def unblocks(blocker: User, blocked: User) -> bool:
    return block_delete(blocker_id=id_of(blocker), blocked_id=id_of(blocked))


@pytest.mark.parametrize(("forth", "back"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_block_severs_follows_both_ways(forth: bool, back: bool) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    if forth:
        follows(ana, bob)
    if back:
        follows(bob, ana)
    with metered() as calls:
        assert blocks(ana, bob)
    calls = [
        call for call in calls if call.tables == ("graph",)
    ]  # the feed has its own to do before it is answered
    assert len(calls) == 2
    assert sum(call.write_units for call in calls) == {0: 11, 1: 19, 2: 23}[forth + back]
    for one, other in ((ana, bob), (bob, ana)):
        assert not is_following(id_of(one), id_of(other))
        assert counts(id_of(one), consistent=True) == Counts()
        assert blocked_among(id_of(one), [id_of(other)]) == {id_of(other)}
        assert relationships(id_of(one), [id_of(other)])[id_of(other)].blocked
        with pytest.raises(Blocked):
            follows(one, other)
        follow_delete(follower_id=id_of(one), followee_id=id_of(other))
    assert not blocks(ana, bob)
    with metered() as calls:
        assert unblocks(ana, bob)
    assert (len(calls), sum(call.write_units for call in calls)) == (2, 7)
    assert not unblocks(ana, bob)
    assert blocked_among(id_of(bob), [id_of(ana)]) == set()
    assert not is_following(id_of(bob), id_of(ana))
    assert follows(bob, ana) is FollowState.FOLLOWING


def test_requests_and_close_friends_end_both_ways() -> None:
    ana, bob = a_user("ana", is_private=True), a_user("bob", is_private=True)
    follows(ana, bob)
    follows(bob, ana)
    close_friend_add(owner_id=id_of(ana), member_id=id_of(bob))
    close_friend_add(owner_id=id_of(bob), member_id=id_of(ana))
    blocks(ana, bob)
    for one, other in ((ana, bob), (bob, ana)):
        assert requests_page(id_of(one), Side.REQUEST_IN).items == []
        assert requests_page(id_of(one), Side.REQUEST_OUT).items == []
        assert not is_close_friend(id_of(one), id_of(other))
        with pytest.raises(Blocked):
            close_friend_add(owner_id=id_of(one), member_id=id_of(other))
        with pytest.raises(Blocked):
            follows(one, other)
    unblocks(ana, bob)
    assert not relationships(id_of(ana), [id_of(bob)])[id_of(bob)].requested


def test_who_blocked_each_other_each_have_to_unblock() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    assert blocks(ana, bob)
    assert blocks(bob, ana)
    assert unblocks(ana, bob)
    assert blocked_among(id_of(ana), [id_of(bob)]) == {id_of(bob)}
    with pytest.raises(Blocked):
        follows(ana, bob)
    assert unblocks(bob, ana)
    assert follows(ana, bob) is FollowState.FOLLOWING


def test_nobody_blocks_themselves_or_nobody() -> None:
    ana = a_user("ana")
    with pytest.raises(MarkSelf):
        blocks(ana, ana)
    with pytest.raises(AccountGone):
        block_create(blocker_id=id_of(ana), blocked_id=id_of(User(id=5)))


def test_follows_that_come_and_go_meanwhile_leave_no_edge_and_no_count(
    settle: Callable[[], None],
) -> None:
    ana, bob = a_user("ana"), a_user("bob")

    def restless() -> None:
        for _round in range(10):
            try:
                follow_create(follower_id=id_of(bob), followee_id=id_of(ana))
                follow_delete(follower_id=id_of(bob), followee_id=id_of(ana))
            except Blocked:
                return

    follows(bob, ana)  # profiles are cached from here on: threads need no database
    follows(ana, bob)
    threads = [Thread(target=restless) for _ in range(2)]
    for thread in threads:
        thread.start()
    blocks(ana, bob)
    for thread in threads:
        thread.join()
    for one, other in ((ana, bob), (bob, ana)):
        assert not is_following(id_of(one), id_of(other))
        assert counts(id_of(one), consistent=True) == Counts()


def test_each_is_hidden_from_the_other() -> None:
    ana, bob, cem = a_user("ana"), a_user("bob"), a_user("cem")
    follows(ana, cem)
    follows(bob, cem)
    post = a_post(by=bob)
    common = a_post(by=cem)
    a_comment(by=bob, on=common, text="Bob was here.")
    blocks(ana, bob)
    assert [row.profile.handle for row in people_page(id_of(ana), _card(cem), Side.FOLLOWER).items] == [
        ana.username
    ]
    assert [row.profile.handle for row in people_page(id_of(bob), _card(cem), Side.FOLLOWER).items] == [
        bob.username
    ]
    assert len(people_page(None, _card(cem), Side.FOLLOWER).items) == 2
    for verb in (
        lambda: like_create(user_id=id_of(ana), post_id=post.id),
        lambda: comment_create(author_id=id_of(ana), post_id=post.id, text="hello"),
    ):
        with pytest.raises(PostNotFound):
            verb()
    assert b"Bob was here" not in _client(ana).get(f"/p/{common.id}/").content
    assert b"Bob was here" in _client(cem).get(f"/p/{common.id}/").content
    assert _client(ana).get(f"/api/v1/posts/{common.id}/comments/").json()["items"] == []
    suggested = suggestions_page(id_of(ana), limit=50).items
    assert id_of(bob) not in {suggestion.person.profile.id for suggestion in suggested}
    assert [row.profile.handle for row in marked_page(id_of(ana), Mark.BLOCK).items] == [bob.username]
    assert marked_page(id_of(bob), Mark.BLOCK).items == []


def test_inboxes_are_pruned_both_ways(settle: Callable[[], None]) -> None:
    ana, bob = a_user("ana"), a_user("bob")
    follows(ana, bob)
    follows(bob, ana)
    of_ana, of_bob = a_post(by=ana), a_post(by=bob)
    settle()
    assert {card.post.id for card in home_page(id_of(ana)).items} == {of_ana.id, of_bob.id}
    blocks(ana, bob)
    for reader, own in ((ana, of_ana), (bob, of_bob)):
        assert [card.post.id for card in home_page(id_of(reader)).items] == [own.id]
    settle()
    unblocks(ana, bob)
    assert [card.post.id for card in home_page(id_of(ana)).items] == [of_ana.id]


def test_pages_ask_block_and_unblock() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client = _client(ana)
    assert f"Block @{bob.username}?" in client.get(f"/blocks/{bob.pk}/").content.decode()
    assert client.post(f"/blocks/{bob.pk}/")["Location"] == "/blocks/"
    page = client.get("/blocks/").content.decode()
    assert f"@{bob.username}" in page
    assert client.get(f"/@{bob.username}/").status_code == 404
    assert client.post(f"/blocks/{bob.pk}/delete/", {"next": "/blocks/"})["Location"] == "/blocks/"
    assert client.get(f"/@{bob.username}/").status_code == 200
    assert Client().get(f"/blocks/{bob.pk}/").status_code == 302


def test_the_api_blocks_lists_and_unblocks() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    client = _client(ana)
    assert client.put(f"/api/v1/blocks/{bob.pk}/").status_code == 204
    assert client.put(f"/api/v1/blocks/{bob.pk}/").status_code == 204
    assert [row["handle"] for row in client.get("/api/v1/blocks/").json()["items"]] == [bob.username]
    assert client.put(f"/api/v1/follows/{bob.pk}/").status_code == 404
    assert client.delete(f"/api/v1/blocks/{bob.pk}/").status_code == 204
    assert client.get("/api/v1/blocks/").json()["items"] == []
    assert Client().put(f"/api/v1/blocks/{bob.pk}/").status_code == 401


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _card(user: User):
    from accounts.selectors import profile_by_id

    return profile_by_id(id_of(user))
