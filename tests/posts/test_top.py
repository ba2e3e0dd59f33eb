"""Top posts of an author: in the order of likes, as each viewer may see them, whatever comes in between."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered
from config.errors import InvalidCursor
from graph.blocks import block_create
from graph.services import follow_create, request_approve
from posts import cache
from posts.ranking import rank_settle, rank_soon
from posts.ranks import rung
from posts.removal import deleted_sweep, post_restore
from posts.repository import counts, keys, ranks
from posts.services import UNDO_MS
from posts.top import visible_top_posts_of_author
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post, likes
from tests.posts.ranking import a_liked_post, liked, readdressed, top_of, unliked
from tests.posts.shelving import archive, delete

pytestmark = pytest.mark.django_db
Settle = Callable[[], None]


def test_the_stream_ranks_what_is_liked(settle: Settle) -> None:
    ana = a_user()
    often, once, never = (a_post(by=ana) for _post in range(3))
    liked(often, times=3)
    last = liked(once, times=1)
    assert top_of(ana) == []
    settle()
    assert top_of(ana) == [often.id, once.id]
    assert never.id not in top_of(ana)
    liked(once, times=4)
    settle()
    assert top_of(ana) == [once.id, often.id]
    unliked(once, last)  # four are left
    settle()
    assert top_of(ana) == [once.id, often.id]


def test_what_loses_its_likes_leaves(settle: Settle) -> None:
    ana = a_user()
    post = a_post(by=ana)
    likers = liked(post, times=3)
    settle()
    assert top_of(ana) == [post.id]
    unliked(post, likers)
    settle()
    assert top_of(ana) == []
    liked(post, times=1)
    settle()
    assert top_of(ana) == [post.id]


def test_a_page_is_in_the_order_of_the_counts_themselves() -> None:
    ana = a_user()
    few, more = a_liked_post(by=ana, times=11), a_post(by=ana)
    liked(more, times=11)
    rank_settle(post_id=more.id)
    assert rung(11) == rung(12)
    assert top_of(ana) == [more.id, few.id]
    liked(few, times=1)  # on the same rung: nothing is written
    before = ranks.get_standing(few.id)[1]
    rank_settle(post_id=few.id)
    assert ranks.get_standing(few.id)[1] == before
    assert top_of(ana) == [few.id, more.id]


def test_pages_are_full_for_each_viewer_and_lose_nothing() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    made = [a_liked_post(by=ana, times=1 + number % 4) for number in range(12)]
    for post in made[::3]:
        readdressed(post, "followers")
    everyone = {post.id for post in made} - {post.id for post in made[::3]}
    follow_create(follower_id=id_of(bob), followee_id=id_of(ana))
    for viewer, expected in ((None, everyone), (id_of(bob), {post.id for post in made})):
        found, cursor, sizes = list[Any](), None, []
        while True:
            page = visible_top_posts_of_author(viewer, id_of(ana), cursor=cursor, limit=3)
            found += page.items
            sizes.append(len(page.items))
            if (cursor := page.next_cursor) is None:
                break
        assert sorted(post.id for post in found) == sorted(expected)
        assert [post.like_count for post in found] == sorted(
            (post.like_count for post in found), reverse=True
        )
        assert set(sizes[:-1]) == {3}
    block_create(blocker_id=id_of(ana), blocked_id=id_of(bob))
    assert top_of(ana, viewer=bob) == []


def test_it_leaves_with_deletion_archive_and_audience_and_comes_back(settle: Settle) -> None:
    ana = a_user()
    post = a_liked_post(by=ana, times=2)

    def is_ranked() -> bool:
        return bool(ranks.query_top(keys.top_of_author(id_of(ana)), below=None, limit=2))

    def hides(change: Callable[[], object], back: Callable[[], object]) -> None:
        change()
        assert top_of(ana) == []
        settle()
        assert not is_ranked()
        back()
        settle()
        assert top_of(ana) == [post.id]

    hides(lambda: delete(post), lambda: post_restore(user_id=post.author_id, post_id=post.id))
    hides(lambda: archive(post), lambda: archive(post, archived=False))
    hides(lambda: readdressed(post, "only_me"), lambda: readdressed(post, "everyone"))


def test_a_worker_that_was_late_leaves_nothing_of_a_deleted_post() -> None:
    ana = a_user()
    post = a_post(by=ana)
    liked(post, times=1)
    delete(post)
    rank_settle(post_id=post.id)
    assert ranks.query_top(keys.top_of_author(id_of(ana)), below=None, limit=2) == []
    deleted_sweep(now_ms=post.created_at_ms + UNDO_MS + 60_000)
    rank_settle(post_id=post.id)
    assert ranks.get_standing(post.id) == (None, ranks.NOWHERE)


def test_of_two_workers_the_slower_changes_nothing() -> None:
    ana = a_user()
    post = a_liked_post(by=ana, times=1)
    _post, read = ranks.get_standing(post.id)
    liked(post, times=1)
    rank_settle(post_id=post.id)
    assert not ranks.put_standing(post, ranks.Standing(9, read.turn + 1), before=read)
    assert ranks.get_standing(post.id)[1].rung == 2


def test_events_that_wait_are_one_look() -> None:
    post = a_post(by=a_user())
    queued: list[int] = []
    for _event in range(5):
        rank_soon(post_id=post.id, settle=queued.append)
    assert queued == [post.id]
    rank_settle(post_id=post.id)
    rank_soon(post_id=post.id, settle=queued.append)
    assert queued == [post.id] * 2


def test_a_look_that_could_not_be_queued_is_not_claimed() -> None:
    post = a_post(by=a_user())

    def refused(post_id: int) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        rank_soon(post_id=post.id, settle=refused)
    queued: list[int] = []
    rank_soon(post_id=post.id, settle=queued.append)
    assert queued == [post.id]


def test_a_rank_is_written_with_its_rung_alone() -> None:
    post = a_post(by=a_user())
    liked(post, times=1)
    with metered() as calls:
        rank_settle(post_id=post.id)
    assert sum(call.write_units for call in calls) == 2  # the item, and its entry in the index
    with assert_units(write=0), assert_dynamodb_calls(2):
        rank_settle(post_id=post.id)


def test_a_page_of_twenty_costs_one_query_once_posts_are_cached() -> None:
    ana = a_user()
    for number in range(20):
        a_liked_post(by=ana, times=1 + number % 2)
    top_of(ana)
    with assert_dynamodb_calls(1), metered() as calls:
        assert len(top_of(ana)) == 20
    assert sum(call.read_units for call in calls) == 0.5


def test_the_api_lists_by_either_order(client: APIClient) -> None:
    ana = a_user()
    often, once = a_liked_post(by=ana, times=2), a_liked_post(by=ana)
    newest = a_post(by=ana)

    def listed(query: str) -> Any:
        return client.get(f"/api/v1/users/{ana.pk}/posts/{query}").json()

    def ids(answer: Any) -> list[int]:
        return [int(item["id"]) for item in answer["items"]]

    assert ids(listed("")) == ids(listed("?order=newest")) == [newest.id, once.id, often.id]
    assert ids(listed("?order=top")) == [often.id, once.id]
    first = listed("?order=top&limit=1")
    assert ids(first) == [often.id]
    assert ids(listed(f"?order=top&limit=1&cursor={first['next']}")) == [once.id]
    assert listed("?order=best")["errors"].keys() == {"order"}
    assert client.get(f"/api/v1/users/{ana.pk}/posts/?cursor={first['next']}").status_code == 422


def test_a_cursor_of_another_author_is_refused() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    for _post in range(2):
        a_liked_post(by=ana)
    page = visible_top_posts_of_author(None, id_of(ana), limit=1)
    with pytest.raises(InvalidCursor):
        visible_top_posts_of_author(None, id_of(bob), limit=1, cursor=page.next_cursor)


def test_the_tab_on_the_profile(client: Client) -> None:
    ana = a_user()
    address = f"/@{ana.username}/"
    assert "that people like appear here" in client.get(f"{address}?tab=top").content.decode()
    made = [a_liked_post(by=ana) for _post in range(20)]
    best = a_liked_post(by=ana, times=2)
    a_post(by=ana)
    page = client.get(f"{address}?tab=top")
    assert [card.post.id for card in page.context["cards"]] == [best.id, *(post.id for post in made[:0:-1])]
    assert 'aria-current="page">Top</a>' in page.content.decode()
    more = page.context["more_url"]
    piece = client.get(more, headers={"HX-Request": "true"})
    assert [card.post.id for card in piece.context["cards"]] == [made[0].id]
    assert "<html" not in piece.content.decode()
    assert "<html" in client.get(more).content.decode()
    assert client.get(f"{address}?tab=best").context["tab"] == "posts"


def test_a_private_account_has_no_top_for_strangers(client: Client) -> None:
    shy = a_user("shy", is_private=True)
    fan = a_user("fan")
    follow_create(follower_id=id_of(fan), followee_id=id_of(shy))
    likes(shy, post := a_post(by=shy))
    rank_settle(post_id=post.id)
    assert top_of(shy) == top_of(shy, viewer=fan) == []
    assert "This account is private" in client.get(f"/@{shy.username}/?tab=top").content.decode()
    request_approve(follower_id=id_of(fan), followee_id=id_of(shy))
    assert len(top_of(shy, viewer=fan)) == len(top_of(shy, viewer=shy)) == 1


def test_likes_of_a_hot_post_are_ranked_once_they_are_summed_up(settle: Settle) -> None:
    ana = a_user()
    quiet, hot = a_post(by=ana), a_post(by=ana)
    liked(quiet, times=2)
    assert counts.set_spread(hot.id)
    cache.forget_counts(hot.id)
    likers = liked(hot, times=12)
    settle()
    assert top_of(ana) == [hot.id, quiet.id]
    assert ranks.get_standing(hot.id)[1].rung == rung(12)
    unliked(hot, likers[:11])
    settle()
    assert top_of(ana) == [quiet.id, hot.id]
    assert ranks.get_standing(hot.id)[1].rung <= 2
