"""Authors who post so much that months have lists of their own: one timeline to every reader, before, during and after."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from config import cache
from config.dynamodb import ItemChange, get_item
from config.dynamodb.metering import assert_units, metered
from config.entities import PostId, UserId
from config.ids import id_at
from posts import months
from posts.calendar import first_id_of, month_after, month_at, month_before, month_of
from posts.departures import POSTS_A_PAGE, posts_delete
from posts.entities import Audience, Post
from posts.exports import posts as exported_posts
from posts.index_keys import missing_months_mark
from posts.removal import post_restore
from posts.repository import authors, keys, traces
from posts.repository.places import Shelf, place
from posts.repository.posts import put_post
from posts.repository.timelines import query_part
from posts.reposting import repost_create, repost_delete
from posts.selectors import posts_of_author, recent_post_ids
from posts.services import post_delete
from posts.shelving import pinned_posts, post_pin
from posts.tables import POSTS
from posts.timelines import newest_post_ids, oldest_post_ids
from posts.visibility import visible_posts_of_author
from tests.accounts.factory import a_user
from tests.graph.factory import id_of
from tests.posts.factory import a_post
from tests.posts.shelving import archive, delete

pytestmark = pytest.mark.django_db
LONG_AGO_MS = 1


def ms(year: int, month: int, day: int = 1, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def with_list(author_id: UserId, *listed: str, since_ms: int = LONG_AGO_MS) -> None:
    """These months have lists, and every process has heard of it."""
    for month in listed:
        assert authors.add_month(author_id, month, since_ms=since_ms)
    months.months_fetch([author_id], consistent=True)


def an_author() -> UserId:
    """Somebody whose posts have been counted."""
    author_id = id_of(a_user())
    authors.add_posts_once(f"first of {author_id}", author_id, 1)
    return author_id


def posted(author_id: UserId, *times_ms: int) -> list[PostId]:
    """Posts of those times, where a writer who has heard of all puts them."""
    written = months.months_to_write(author_id)
    ids = [PostId(id_at(at_ms)) for at_ms in times_ms]
    for post_id in ids:
        post = Post(post_id, author_id, "Tide table.", (), Audience.EVERYONE, 0)
        assert put_post(post, months=written)
    return ids


def part(author_id: UserId, month: str | None) -> list[PostId]:
    return query_part(author_id, month, start=None, limit=100)


def test_months() -> None:
    assert (month_at(ms(2026, 11, 30, 23)), month_at(ms(2026, 12))) == ("202611", "202612")
    assert (month_before("202601"), month_after("202512")) == ("202512", "202601")
    assert (month_before("202612"), month_after("202601")) == ("202611", "202602")
    assert month_of(first_id_of("202603")) == "202603"
    assert month_of(first_id_of("202603") - 1) == "202602"


def test_one_function_says_where_a_post_is() -> None:
    post_id, author_id = PostId(first_id_of("202604")), UserId(7)
    assert place(author_id, post_id) == place(author_id, post_id, months={"202603"}) == "AUTHOR#7"
    assert place(author_id, post_id, months={"202604"}) == "AUTHOR#7#202604"
    assert place(author_id, post_id, Shelf.DELETED, months={"202604"}) == "DELETED#7"
    assert place(author_id, post_id, Shelf.ARCHIVED, months={"202604"}) == "ARCHIVED#7"


def everything(author_id: UserId) -> list[PostId]:
    """Posts over two years with gaps: before there were lists, in months that have some and in months that have none."""
    before = [ms(2024, 12, day) for day in (3, 9, 27)] + [ms(2025, 2, day) for day in (1, 14, 15)]
    ids = posted(author_id, *before)
    with_list(author_id, "202502", "202504", "202505", "202509")
    ids += posted(author_id, *(ms(2025, 2, day) for day in (16, 28)))
    ids += posted(author_id, *(ms(2025, 3, day) for day in (1, 31)))
    ids += posted(author_id, *(ms(2025, 4, day) for day in range(1, 8)))
    ids += posted(author_id, ms(2025, 5, 31, 23), ms(2025, 6, 1), ms(2025, 9, 1), ms(2025, 11, 1))
    return sorted(ids, reverse=True)


def test_every_page_from_everywhere_is_exact() -> None:
    author_id = an_author()
    newest = everything(author_id)
    assert len(part(author_id, "202502")) == 2
    assert len(part(author_id, "202504")) == 7
    assert len(part(author_id, None)) == 12 - 2
    for limit in (1, 2, 3, 5, 8, len(newest), 40):
        for position, start in enumerate([None, *newest]):
            expected = newest[position : position + limit]
            assert recent_post_ids(author_id, limit=limit, before=start) == expected
    oldest = newest[::-1]
    for limit in (1, 3, 7, 40):
        for position, start in enumerate([None, *oldest]):
            expected = oldest[position : position + limit]
            assert oldest_post_ids(author_id, after=start, limit=limit) == expected


def test_positions_between_posts_and_in_months_without_any() -> None:
    author_id = an_author()
    newest = everything(author_id)
    for month in ("202411", "202501", "202504", "202507", "202510", "202601"):
        start = PostId(first_id_of(month))
        assert recent_post_ids(author_id, limit=3, before=start) == [i for i in newest if i < start][:3]
        assert oldest_post_ids(author_id, after=start, limit=3) == [i for i in newest[::-1] if i > start][:3]


def test_several_authors_in_one_round() -> None:
    everyday, prolific, silent = an_author(), an_author(), an_author()
    (post,) = posted(everyday, ms(2025, 4, 2))
    newest = everything(prolific)
    asked = [silent, prolific, everyday]
    assert newest_post_ids(asked, limit=2) == [[], newest[:2], [post]]
    with metered() as calls:
        newest_post_ids([everyday, silent, everyday], limit=2)
    assert len({call.round for call in calls}) == 1
    for author_id in asked:
        cache.delete(months.KIND, author_id)
    with metered() as calls:
        assert newest_post_ids(asked, limit=20) == [[], newest[:20], [post]]
    first = calls[0].round
    assert [call.operation for call in calls if call.round == first] == ["query"] * 3, (
        "nobody is asked for months"
    )
    assert {call.operation for call in calls if call.round == first + 1} == {"query", "batch_get_item"}
    with metered() as calls:
        newest_post_ids([everyday, silent], limit=2, before=PostId(first_id_of("202505")))
        newest_post_ids([everyday], limit=2)
    assert {call.operation for call in calls} == {"query"}, "who has none is remembered"


def test_lists_of_before_are_marked_by_the_table_change() -> None:
    author_id = an_author()
    key = keys.stats(author_id)
    assert missing_months_mark({**key, "posts": 3}) is None
    marked = missing_months_mark({**key, "months": {"202504@1", "202505@1"}})
    assert isinstance(marked, ItemChange)
    assert marked.update.set == keys.months_mark(author_id, "202505")
    with_list(author_id, "202504")
    item = get_item(POSTS, key)
    assert item is not None
    assert missing_months_mark(item) is None


def test_a_page_is_one_round_and_for_nearly_all_one_query() -> None:
    everyday, prolific = an_author(), an_author()
    posted(everyday, *(ms(2025, 4, 1, hour) for hour in range(20)))
    with_list(prolific, "202504", "202503")
    posted(prolific, *(ms(2025, 4, 1, hour) for hour in range(21)))
    recent_post_ids(everyday, limit=20)
    with assert_units(read=0.5), metered() as calls:
        recent_post_ids(everyday, limit=20)
    assert len(calls) == 1
    with metered() as calls:
        assert len(recent_post_ids(prolific, limit=20)) == 20
    assert len(calls) == 2
    assert len({call.round for call in calls}) == 1
    assert sum(call.read_units for call in calls) <= 1


def test_a_list_is_written_down_at_the_line_and_used_much_later(settings: Any) -> None:
    settings.PROLIFIC_POSTS = 3
    ana = a_user()
    author_id = id_of(ana)
    now_ms = time.time_ns() // 1_000_000
    month = month_at(now_ms)

    def counted(number: int) -> None:
        for n in range(number):
            post = a_post(by=ana)
            authors.add_posts_once(f"{post.id} {n}", author_id, 1)
            months.month_review(author_id, now_ms=now_ms)

    counted(2)
    assert authors.get_months([author_id]) == {author_id: {}}
    counted(1)
    assert authors.get_months([author_id]) == {author_id: {month: now_ms}}
    assert months.months_if_known([author_id]) == {author_id: [month]}  # for readers at once
    assert months.months_to_write(author_id) == frozenset()
    counted(1)
    assert authors.get_months([author_id]) == {author_id: {month: now_ms}}
    assert len(part(author_id, None)) == 4
    following = month_after(month)
    months.month_review(
        author_id, now_ms=first_id_ms(following)
    )  # after such a month, from the first post on
    assert sorted(authors.get_months([author_id])[author_id]) == [month, following]


def first_id_ms(month: str) -> int:
    return ms(int(month[:4]), int(month[4:]), 2)


def test_readers_know_long_before_writers_begin() -> None:
    assert months.FRESH_MS * 2 <= months.NOTICE_MS


def test_who_posts_little_is_asked_nothing_but_how_many(settings: Any) -> None:
    settings.PROLIFIC_POSTS = 100
    author_id = an_author()
    with assert_units(read=0.5, write=0):
        months.month_review(author_id)


def test_a_writer_who_has_not_heard_writes_where_readers_look() -> None:
    ana = a_user()
    author_id = id_of(ana)
    authors.add_posts_once(f"first of {author_id}", author_id, 1)
    month = month_at(time.time_ns() // 1_000_000)
    with_list(author_id, month)
    heard = a_post(by=ana)
    cache.delete(months.KIND, author_id)
    unheard = a_post(by=ana)
    assert part(author_id, month) == [heard.id]
    assert part(author_id, None) == [unheard.id]
    assert [post.id for post in posts_of_author(author_id).items] == [unheard.id, heard.id]
    page = visible_posts_of_author(None, author_id, limit=1)
    assert [post.id for post in page.items] == [unheard.id]
    page = visible_posts_of_author(None, author_id, limit=1, cursor=page.next_cursor)
    assert [post.id for post in page.items] == [heard.id]
    assert page.next_cursor is None


def test_tools_of_posts_work_in_a_month_with_a_list(settings: Any) -> None:
    ana = a_user()
    author_id = id_of(ana)
    authors.add_posts_once(f"first of {author_id}", author_id, 1)
    month = month_at(time.time_ns() // 1_000_000)
    before = a_post(by=ana)
    with_list(author_id, month)
    post, other = a_post(by=ana, idempotency_key=f"k{before.id}"), a_post(by=ana)
    assert get_item(POSTS, keys.meta(post.id))["gpk"] == f"AUTHOR#{author_id}#{month}"  # type: ignore[index]
    everything_there = [other.id, post.id, before.id]
    for put_away, back in (
        (delete, lambda one: post_restore(user_id=author_id, post_id=one.id)),
        (archive, lambda one: archive(one, archived=False)),
    ):
        for one in (post, before):  # `before` comes back into the list, which is as good a place
            put_away(one)
            left = [post_id for post_id in everything_there if post_id != one.id]
            assert recent_post_ids(author_id, limit=9) == left
            assert oldest_post_ids(author_id, after=None, limit=9) == left[::-1]
            back(one)
            assert recent_post_ids(author_id, limit=9) == everything_there
    post_pin(user_id=author_id, post_id=post.id)
    assert [pinned.id for pinned in pinned_posts(None, author_id)] == [post.id]
    assert [record["id"] for record in exported_posts(author_id, None).records] == [
        str(post_id) for post_id in everything_there
    ]


def test_all_posts_of_who_leaves_are_deleted() -> None:
    author_id = an_author()
    ids = everything(author_id)
    ids += posted(author_id, *(ms(2025, 9, 2, 1) + n for n in range(2 * POSTS_A_PAGE)))
    cursor, pages = None, 0
    while True:
        progress = posts_delete(author_id, cursor)
        pages += 1
        if (cursor := progress.cursor) is None:
            break
    assert pages == len(ids) // POSTS_A_PAGE + 1
    assert recent_post_ids(author_id, limit=200) == []
    assert sorted(traces.query_deleted_of(author_id, after=None, limit=200)) == sorted(ids)


def test_lists_are_forgotten_with_the_author() -> None:
    author_id = an_author()
    with_list(author_id, "202504")
    traces.delete_stats(author_id)
    assert authors.get_months([author_id]) == {author_id: {}}
    assert not authors.add_month(author_id, "202504", since_ms=1)


def test_a_deleted_post_of_a_month_is_found_among_the_deleted() -> None:
    author_id = an_author()
    with_list(author_id, "202504")
    (post_id,) = posted(author_id, ms(2025, 4, 4))
    post_delete(user_id=author_id, post_id=post_id)
    assert traces.query_deleted_of(author_id, after=None, limit=2) == [post_id]


def test_a_repost_lies_in_the_list_of_its_month() -> None:
    ana, bob = a_user("ana"), a_user("bob")
    author_id, target = id_of(ana), a_post(by=bob)
    authors.add_posts_once(f"first of {author_id}", author_id, 1)
    month = month_at(time.time_ns() // 1_000_000)
    with_list(author_id, month)
    repost = repost_create(user_id=author_id, post_id=target.id)
    assert part(author_id, month) == recent_post_ids(author_id, limit=2) == [repost.id]
    repost_delete(user_id=author_id, post_id=target.id)
    assert recent_post_ids(author_id, limit=2) == []
    assert traces.query_deleted_of(author_id, after=None, limit=2) == [repost.id]
