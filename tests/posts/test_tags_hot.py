"""Hashtags that many use at once: spread over lists, and still one list to every reader."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from config import cache
from config.dynamodb.metering import metered
from config.entities import PostId
from config.ids import next_id
from posts import tag_heat
from posts.entities import Post
from posts.ranking import rank_settle
from posts.ranks import rank
from posts.repository import keys, ranks
from posts.repository import tags as repository
from posts.services import post_delete
from posts.tags import tags_change, tags_enter, tags_leave, visible_posts_of_tag
from posts.top import visible_top_posts_of_tag
from tests.accounts.factory import a_user
from tests.posts.factory import a_post
from tests.posts.ranking import a_liked_post, liked

pytestmark = pytest.mark.django_db


def a_tag() -> str:
    return f"storm{next_id()}"


def a_spread_tag() -> str:
    """One that is spread, as every process has heard."""
    tag = a_tag()
    tag_heat.spread(tag, from_ms=0)
    return tag


def a_tagged_post(tag: str, *, by: Any = None) -> Post:
    post = a_post(by=by or a_user(), text=f"Look #{tag}")
    tags_enter(post_id=post.id)
    return post


def listed(tag: str, *, lists: int = 1, limit: int = 50) -> list[int]:
    return list(repository.query_tag(tag, before=None, limit=limit, lists=lists))


def walked(tag: str, *, limit: int) -> list[int]:
    """All of the newest, by pages of that size."""
    found, cursor = list[int](), None
    while True:
        page = visible_posts_of_tag(None, tag, cursor=cursor, limit=limit)
        found += [post.id for post in page.items]
        if (cursor := page.next_cursor) is None:
            return found
        assert len(page.items) == limit


def test_a_tag_is_spread_at_so_many_entries_and_from_later_on(settings: Any) -> None:
    settings.HOT_TAG_ENTRIES = 3
    ana, tag = a_user(), a_tag()
    made = [a_tagged_post(tag, by=ana) for _entry in range(2)]
    assert repository.get_spread([tag]) == {tag: None}
    assert tag_heat.shards_to_read(tag) == 1
    before_ms = time.time_ns() // 1_000_000
    made += [a_tagged_post(tag, by=ana) for _entry in range(2)]
    from_ms = repository.get_spread([tag])[tag]
    assert from_ms
    assert from_ms >= before_ms + tag_heat.NOTICE_MS
    assert tag_heat.shards_to_read(tag) == tag_heat.SHARDS
    made += [a_tagged_post(tag, by=ana)]
    assert listed(tag) == [post.id for post in made[::-1]]  # until that moment all are in the first
    tag_heat.spread(tag, from_ms=0)
    assert repository.get_spread([tag]) == {tag: from_ms}  # the first moment stands


def test_readers_know_long_before_writers_begin() -> None:
    assert tag_heat.FRESH_MS * 3 <= tag_heat.NOTICE_MS


def test_the_lists_of_a_spread_tag_are_one() -> None:
    ana, tag = a_user(), a_tag()
    before = [a_tagged_post(tag, by=ana) for _post in range(3)]
    tag_heat.spread(tag, from_ms=0)
    after = [a_tagged_post(tag, by=ana) for _post in range(30)]
    everything = [post.id for post in (*before, *after)][::-1]
    assert len(listed(tag)) < len(everything)
    assert listed(tag, lists=tag_heat.SHARDS) == everything
    for limit in (4, 11, 33, 40):
        assert walked(tag, limit=limit) == everything


def test_a_page_of_a_spread_tag_is_one_round() -> None:
    ana, tag = a_user(), a_spread_tag()
    for _post in range(21):
        a_tagged_post(tag, by=ana)
    visible_posts_of_tag(None, tag)
    with metered() as calls:
        assert len(visible_posts_of_tag(None, tag).items) == 20
    assert len(calls) == tag_heat.SHARDS
    assert len({call.round for call in calls}) == 1
    assert 0 < sum(call.read_units for call in calls) <= 8  # half a unit a list that holds something


def test_a_writer_who_has_not_heard_writes_where_readers_look() -> None:
    ana, tag = a_user(), a_spread_tag()
    heard = a_tagged_post(tag, by=ana)
    cache.delete(tag_heat.KIND, tag)
    unheard = a_tagged_post(tag, by=ana)
    assert unheard.id in listed(tag)
    assert walked(tag, limit=5) == [unheard.id, heard.id]


def test_a_post_that_was_entered_twice_is_shown_once() -> None:
    ana, tag = a_user(), a_tag()
    made = [a_tagged_post(tag, by=ana) for _post in range(6)]
    tag_heat.spread(tag, from_ms=0)
    for post in made[::2]:
        tags_change(post_id=post.id, before=[tag])  # in its own list as well
    assert walked(tag, limit=2) == [post.id for post in made[::-1]]


def test_a_top_post_that_was_entered_twice_is_shown_once() -> None:
    ana, tag = a_user(), a_tag()
    made = [a_liked_post(by=ana, text=f"#{tag}") for _post in range(6)]
    for post in made:
        tags_enter(post_id=post.id)
    tag_heat.spread(tag, from_ms=0)
    for post in made:
        tags_enter(post_id=post.id)
    found, cursor, sizes = list[int](), None, list[int]()
    while True:
        page = visible_top_posts_of_tag(None, tag, cursor=cursor, limit=2)
        found += [post.id for post in page.items]
        sizes.append(len(page.items))
        if (cursor := page.next_cursor) is None:
            break
    assert found == [post.id for post in made[::-1]]
    assert sizes == [2, 2, 2]


@pytest.mark.parametrize("begin", [a_tag, a_spread_tag])
def test_an_entry_is_found_in_either_place(begin: Callable[[], str]) -> None:
    tag = begin()
    post = a_tagged_post(tag)
    tag_heat.spread(tag, from_ms=0)
    tags_enter(post_id=post.id)
    assert listed(tag, lists=tag_heat.SHARDS) == [post.id]
    post_delete(user_id=post.author_id, post_id=post.id)
    tags_leave(post)
    assert listed(tag, lists=tag_heat.SHARDS) == []


def test_a_quiet_tag_has_one_place_and_a_spread_one_two() -> None:
    tag, other = a_tag(), a_spread_tag()
    post_id = PostId(next_id() | 1)
    assert tag_heat.places([tag], post_id) == [(tag, 0)]
    assert tag_heat.places([other], post_id) == [(other, 0), (other, post_id % 16)]


def test_a_rank_is_told_to_both_places() -> None:
    tag = a_tag()
    post = a_tagged_post(tag)
    tag_heat.spread(tag, from_ms=0)
    tags_enter(post_id=post.id)
    liked(post, times=2)
    rank_settle(post_id=post.id)
    entered = 1 + (post.id % tag_heat.SHARDS != 0)
    assert ranks.query_top(keys.top_of_tag(tag), below=None, limit=4) == [rank(2, post.id)] * entered
