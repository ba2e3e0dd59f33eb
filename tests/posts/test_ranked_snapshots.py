"""A ranked list stays as it was when its first page was read, for as long as somebody turns its pages."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from accounts.models import User
from config.dynamodb.metering import metered
from posts import ranked_snapshots
from posts.entities import Post
from posts.ranked_snapshots import Snapshot
from posts.ranking import rank_settle
from posts.ranks import rank_on
from posts.top import visible_top_posts_of_author
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post
from tests.posts.ranking import a_liked_post, liked, readdressed, top_of, unliked

pytestmark = pytest.mark.django_db


def moved(post: Post, change: Callable[[], object]) -> None:
    """Ranked anew, as a worker does it."""
    change()
    rank_settle(post_id=post.id)


def rest_of(ana: User, cursor: str | None) -> list[int]:
    """What the pages after a cursor show, two posts each."""
    shown: list[int] = []
    while cursor is not None:
        page = visible_top_posts_of_author(None, id_of(ana), cursor=cursor, limit=2)
        shown += [post.id for post in page.items]
        cursor = page.next_cursor
    return shown


def test_what_climbs_or_falls_past_a_reader_comes_once() -> None:
    ana = a_user()
    last, fourth, third, second = (a_liked_post(by=ana, times=times) for times in (1, 2, 3, 4))
    first = a_post(by=ana)
    likers = liked(first, times=5)
    rank_settle(post_id=first.id)
    page = visible_top_posts_of_author(None, id_of(ana), limit=2)
    assert [post.id for post in page.items] == [first.id, second.id]
    moved(last, lambda: liked(last, times=9))
    moved(first, lambda: unliked(first, likers[:4]))
    with metered() as calls:
        assert rest_of(ana, page.next_cursor) == [third.id, fourth.id, last.id]
    assert {call.operation for call in calls} <= {"batch_get_item"}  # the posts themselves
    assert top_of(ana) == [last.id, second.id, third.id, fourth.id, first.id]


def test_what_may_not_be_seen_any_more_is_not() -> None:
    ana = a_user()
    made = [a_liked_post(by=ana, times=times) for times in (3, 2, 1)]
    page = visible_top_posts_of_author(None, id_of(ana), limit=1)
    readdressed(made[1], "only_me")
    assert rest_of(ana, page.next_cursor) == [made[2].id]


def test_without_it_the_list_as_it_is_goes_on() -> None:
    ana = a_user()
    made = [a_liked_post(by=ana, times=times) for times in (4, 3, 2, 1)]
    page = visible_top_posts_of_author(None, id_of(ana), limit=2)
    cache.clear()
    assert rest_of(ana, page.next_cursor) == [made[2].id, made[3].id]


def test_below_what_is_pinned_the_list_goes_on_as_it_is_with_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranked_snapshots, "DEPTH", 4)
    now = [rank_on(rung, 10 + rung) for rung in range(9, 0, -1)]

    def read(below: int | None, limit: int) -> list[int]:
        return [rank for rank in now if below is None or rank < below][:limit]

    pinned = Snapshot.taken(read)
    before = list(now)
    now.remove(rank_on(8, 18))
    now.insert(6, rank_on(2, 18))  # it fell from the second place to the last but two
    assert pinned.below(None, 3) == before[:3]
    assert pinned.below(before[2], 3) == [before[3], rank_on(5, 15), rank_on(4, 14)]
    assert pinned.below(rank_on(4, 14), 3) == [rank_on(3, 13), rank_on(2, 12), rank_on(1, 11)]
    assert pinned.below(rank_on(1, 11), 3) == []
