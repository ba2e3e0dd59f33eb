"""Feeds for tests, as prose: `home_of(ana)`, `an_old_account(days=60)`, `an_old_post(by=eve, days=30)`."""

import time
from itertools import count

import orjson

from accounts.models import User
from config.dynamodb import batch_write
from config.entities import PostId, UserId
from config.ids import first_id_at, id_time_ms, next_id
from feed import repository
from feed.api import home_as_json
from feed.entities import InboxItem
from feed.selectors import home_page
from graph.entities import Side
from graph.keys import by_time_key, in_edge_key
from graph.tables import GRAPH
from posts.entities import Audience, Post
from posts.repository.posts import put_post
from posts.services import post_create
from tests.graph.factory import id_of

_numbers = count(1)
DAY_MS = 24 * 3600 * 1000


def a_person(name: str = "ana", *, days: int = 0, is_private: bool = False) -> User:
    """An account of so many days ago that nobody can sign in to: made faster than one with a password."""
    handle = f"{name}_{next(_numbers)}_f"
    made = id_at(days)
    user = User.objects.create_user(handle, f"{handle}@example.org", None, id=made)
    user.profile.is_private = is_private
    user.profile.save()
    return user


def id_at(days: int) -> int:
    """A new id of so many days ago."""
    return first_id_at(time.time_ns() // 1_000_000 - days * DAY_MS) + next(_numbers)


def posted(*, by: User, text: str = "hello", audience: Audience = Audience.EVERYONE) -> PostId:
    """A post through the service."""
    return post_create(author_id=id_of(by), text=text, audience=audience).id


def an_old_post(*, by: User, days: int) -> PostId:
    """A post of so many days ago, stored as it would be by now."""
    post_id = PostId(id_at(days))
    put_post(Post(post_id, id_of(by), "long ago", (), Audience.EVERYONE, id_time_ms(post_id)))
    return post_id


def pages_of(reader: User, *, limit: int = 20) -> list[list[PostId]]:
    """The whole home feed, scrolled to its end."""
    pages: list[list[PostId]] = []
    cursor: str | None = None
    while True:
        page = home_page(id_of(reader), cursor=cursor, limit=limit)
        pages.append([card.post.id for card in page.items])
        if cursor is None:
            assert_kept_is_current(reader, pages[0], limit=limit)
        cursor = page.next_cursor
        if cursor is None:
            return pages


def assert_kept_is_current(reader: User, made: list[PostId], *, limit: int) -> None:
    """What is kept of home's first page is what was just made; they may differ only while others change it."""
    while (kept := kept_page_of(reader, limit=limit)) != made:
        before, made = made, first_page_of(reader, limit=limit)
        assert made != before, f"kept {kept}, made {made}"


def first_page_of(reader: User, *, limit: int = 20) -> list[PostId]:
    """The first page of home, as it is made anew."""
    return [card.post.id for card in home_page(id_of(reader), limit=limit).items]


def kept_page_of(reader: User, *, limit: int = 20) -> list[PostId]:
    """The first page of home, as the API has it from what is kept."""
    items = orjson.loads(home_as_json(id_of(reader), limit=limit))["items"]
    return [PostId(int(item["id"])) for item in items]


def bulk_followers(author: User, number: int, *, shard: int = 0) -> list[UserId]:
    """Readers who are there only as the author's in-edges, which is all that a fan-out asks of them."""
    readers = [UserId(next_id()) for _ in range(number)]
    author_id = id_of(author)
    edges = [
        in_edge_key(author_id, reader, shard=shard) | by_time_key(Side.FOLLOWER, author_id, next_id())
        for reader in readers
    ]
    batch_write(puts=[(GRAPH, edge) for edge in edges], at_once=4)
    return readers


def home_of(reader: User, *, limit: int = 20) -> list[PostId]:
    """The ids of the whole home feed, in order."""
    return [post_id for page in pages_of(reader, limit=limit) for post_id in page]


def inbox_of(reader: User) -> list[PostId]:
    """What has been pushed to a reader, newest first, exactly as stored."""
    return [item.post_id for item in inbox_items(id_of(reader))]


def inbox_items(reader_id: UserId) -> list[InboxItem]:
    """Everything in an inbox."""
    return repository.inbox_below(reader_id, before=PostId(2**63 - 1), limit=10_000, now_seconds=0)
