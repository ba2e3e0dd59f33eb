"""What a page of Following reads: rounds and units with caches warm and wiped, what is heard, and what is made anew behind it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

import pytest
from django.core.cache import cache

from accounts.models import User
from config.dynamodb.metering import Call, metered, rounds
from config.entities import PostId, UserId
from config.ids import next_id
from feed import pulls, readers, rebuilding, repository
from feed.activity_repository import state_put
from feed.edges import edges_sync
from feed.entities import InboxItem
from feed.news import post_noted
from feed.readers import reader_record
from feed.selectors import home_page
from feed.watermarks import state_after_reads
from graph.blocks import block_create
from graph.mutes import mute_create, mute_delete
from graph.services import follow_delete
from posts.entities import Audience, Post
from posts.repository.posts import put_post
from tests.feed.factory import a_person, home_of, inbox_of, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
Settle = Callable[[], None]
PULLED = 20


def stored(author: User) -> PostId:
    """A post of now, stored as if by the service."""
    post_id = PostId(next_id())
    put_post(Post(post_id, id_of(author), "hello", (), Audience.EVERYONE, time.time_ns() // 10**6))
    return post_id


def is_built(reader: User) -> None:
    """The reader's record holds all that it should."""
    readers.rebuild_ask(id_of(reader), at_ms=1, lacking=False)
    readers.rebuild_done(id_of(reader), at_ms=1)


@contextmanager
def at_most(*, units: float, in_rounds: int) -> Iterator[list[Call]]:
    """The block reads no more than so much, and writes nothing."""
    with metered() as calls:
        yield calls
    listing = [(call.operation, call.tables, call.round, call.read_units) for call in calls]
    assert sum(call.read_units for call in calls) <= units, listing
    assert rounds(calls) <= in_rounds, listing
    assert not any(call.write_units for call in calls), listing


@pytest.fixture
def crowd() -> tuple[User, list[UserId], list[PostId]]:
    """A reader, whom they follow for certain, and twenty posts: half of them pushed, half of them of pulled authors."""
    reader = a_person("reader")
    pushing, pulled = (
        [a_person(name) for _ in range(count)] for name, count in (("quiet", 5), ("star", PULLED))
    )
    posts = [stored(author) for pair in zip(pushing * 2, pulled, strict=False) for author in pair]
    pushed = [InboxItem(post, id_of(by)) for post, by in zip(posts[::2], pushing * 2, strict=True)]
    repository.inbox_put([id_of(reader)], pushed)
    repository.pulls_add(
        id_of(reader), [id_of(star) for star in pulled], version=repository.registry_version()
    )
    followees = [id_of(author) for author in (*pushing, *pulled)]
    readers.followees_add(id_of(reader), followees)
    is_built(reader)
    return reader, followees, sorted(posts, reverse=True)


def test_a_cold_page_is_five_units_at_the_most_and_a_wiped_one_three_rounds(
    crowd: tuple[User, list[UserId], list[PostId]],
) -> None:
    reader, followees, posts = crowd
    assert home_of(reader) == posts, "whatever is shared is cached now"
    for following, units in ((50, 2.5), (500, 2.5), (5_000, 5)):
        more = [UserId(next_id()) for _ in range(following - len(followees))]
        readers.followees_add(id_of(reader), more)
        followees = [*followees, *more]
        with at_most(units=units, in_rounds=3):
            page = home_page(id_of(reader))
        assert [card.post.id for card in page.items] == posts
    cache.clear()
    with at_most(units=70, in_rounds=3) as calls:
        page = home_page(id_of(reader))
    assert [card.post.id for card in page.items] == posts
    # The inbox, the registry, the own posts, the marks; the record; the posts with counts; a list an author, so 65 for a hundred.
    assert sum(call.read_units for call in calls) <= 2 + 3 + 10 + PULLED / 2


def test_a_post_is_there_when_the_stream_has_told_of_it_however_long_its_push_takes(
    crowd: tuple[User, list[UserId], list[PostId]],
) -> None:
    reader, followees, posts = crowd
    author = User.objects.get(pk=followees[0])
    follows(reader, author)
    home_of(reader)
    news = [stored(author) for _ in range(3)]
    few = [PostId(next_id())]
    put_post(Post(few[0], id_of(author), "to few", (), Audience.CLOSE_FRIENDS, time.time_ns() // 10**6))
    for post, audience in (
        (news[1], Audience.EVERYONE),
        (news[0], Audience.EVERYONE),
        (few[0], Audience.CLOSE_FRIENDS),
    ):
        post_noted(post_id=post, author_id=id_of(author), audience=audience, is_new=True)
    assert home_of(reader) == [news[1], news[0], *posts], (
        "what was heard, in whatever order, but for what is not for them"
    )
    post_noted(post_id=news[2], author_id=id_of(author), audience=Audience.EVERYONE, is_new=True)
    repository.inbox_put([id_of(reader)], [InboxItem(news[2], id_of(author))])
    assert home_of(reader) == [*news[::-1], *posts]
    cache.clear()
    assert home_of(reader) == [news[2], *posts], "without the cache, what was pushed or is pulled"


def test_a_pulled_post_is_in_a_list_that_was_kept_before_it(
    crowd: tuple[User, list[UserId], list[PostId]],
) -> None:
    reader, followees, posts = crowd
    star = User.objects.get(pk=followees[-1])
    home_of(reader)
    post = stored(star)
    post_noted(post_id=post, author_id=id_of(star), audience=Audience.EVERYONE, is_new=True)
    assert home_of(reader, limit=7) == [post, *posts]


def test_a_stranger_with_a_followees_fingerprint_is_not_shown(
    crowd: tuple[User, list[UserId], list[PostId]],
) -> None:
    reader, _followees, posts = crowd
    stranger = a_person("stranger")
    readers.followees_add(id_of(reader), [id_of(stranger)])
    post = stored(stranger)
    post_noted(post_id=post, author_id=id_of(stranger), audience=Audience.EVERYONE, is_new=True)
    assert home_of(reader) == posts


def test_what_a_reader_does_is_seen_at_once_though_the_record_is_behind(settle: Settle) -> None:
    ana, bob, eve, cem = (a_person(name) for name in ("ana", "bob", "eve", "cem"))
    for followee in (bob, eve, cem):
        follows(ana, followee)
    settle()
    home_of(ana)
    settle()
    assert reader_record(id_of(ana)).followees.are_complete
    of_bob, of_eve, of_cem = posted(by=bob), posted(by=eve), posted(by=cem)
    settle()
    assert home_of(ana) == [of_cem, of_eve, of_bob]
    mute_create(muter_id=id_of(ana), muted_id=id_of(eve))
    follow_delete(follower_id=id_of(ana), followee_id=id_of(cem))
    assert home_of(ana) == [of_bob]
    block_create(blocker_id=id_of(bob), blocked_id=id_of(ana))
    cache.clear()
    assert of_bob not in home_of(ana), "the cache has no say in it"
    mute_delete(muter_id=id_of(ana), muted_id=id_of(eve))
    settle()
    assert id_of(eve) not in reader_record(id_of(ana)).perhaps_muted
    assert home_of(ana) == [of_eve]
    mute_create(muter_id=id_of(ana), muted_id=id_of(eve))
    settle()
    assert id_of(eve) in reader_record(id_of(ana)).perhaps_muted


def test_a_private_post_is_asked_for_whatever_is_kept_of_follows(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob", is_private=True)
    post = stored(bob)
    repository.inbox_put([id_of(ana)], [InboxItem(post, id_of(bob))])
    readers.followees_add(id_of(ana), [id_of(bob)])
    is_built(ana)
    assert home_of(ana) == []


def test_a_lost_inbox_is_filled_behind_the_page_and_a_push_meanwhile_hides_nothing(settle: Settle) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    follows(ana, bob)
    follows(ana, eve)
    posts = [posted(by=by) for by in (bob, eve, bob)]
    settle()
    repository.inbox_delete([id_of(ana)], posts)
    assert home_of(ana) == posts[::-1]
    news = stored(eve)
    repository.inbox_put([id_of(ana)], [InboxItem(news, id_of(eve))])
    assert home_of(ana) == [news, *posts[::-1]], "an inbox with one post in it is not the whole of it"
    for _ in range(2):
        settle()
    assert inbox_of(ana) == [news, *posts[::-1]]
    assert not reader_record(id_of(ana)).followees.lacking_before_ms


def test_an_inbox_that_is_lost_again_within_the_hour_hides_nothing_and_is_filled_later(
    settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(ana, bob)
    posts = [posted(by=bob) for _ in range(3)]
    settle()
    for _ in range(2):
        repository.inbox_delete([id_of(ana)], posts)
        assert home_of(ana) == posts[::-1]
        settle()
    assert inbox_of(ana) == [], "it was asked for in this hour"
    posts.append(posted(by=bob))
    settle()
    assert inbox_of(ana) == posts[3:]
    assert home_of(ana) == posts[::-1]
    monkeypatch.setattr("feed.ranking.reading.ASKED_AGAIN_AFTER_MS", 0)
    assert home_of(ana) == posts[::-1]
    settle()
    assert inbox_of(ana) == posts[::-1]
    assert not reader_record(id_of(ana)).followees.lacking_before_ms


def test_a_rebuild_notes_everybody_and_takes_out_who_left_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bob, eve = a_person("ana"), a_person("bob"), a_person("eve")
    follows(ana, bob)
    follows(ana, eve)
    mute_create(muter_id=id_of(ana), muted_id=id_of(eve))
    posts = [stored(bob) for _ in range(90)]
    readers.rebuild_ask(id_of(ana), at_ms=1, lacking=True)

    def leaving(reader_id: UserId) -> Iterator[UserId]:
        yield from list(islice(follows_of(reader_id), 2))
        follow_delete(follower_id=id_of(ana), followee_id=id_of(eve))

    follows_of = rebuilding.following_ids
    monkeypatch.setattr("feed.rebuilding.following_ids", leaving)
    rebuilding.reader_rebuild(reader_id=id_of(ana))
    record = reader_record(id_of(ana))
    assert record.followees.are_complete
    assert id_of(bob) in record.followees
    assert id_of(eve) not in record.followees
    assert id_of(eve) in record.perhaps_muted
    assert inbox_of(ana) == posts[::-1]


def test_a_returned_sleepers_inbox_is_believed_once_it_is_rebuilt(settle: Settle) -> None:
    ana, bob = a_person("ana"), a_person("bob")
    follows(ana, bob)
    posts = [posted(by=bob) for _ in range(3)]
    settle()
    repository.inbox_delete([id_of(ana)], posts[:2])
    now_ms = time.time_ns() // 10**6
    awake = replace(state_after_reads(None, now_ms), awake_since_ms=now_ms)
    assert state_put(id_of(ana), awake, before=None)
    time.sleep(0.002)  # the moment is past
    assert home_of(ana) == posts[::-1], "what was posted while they slept is read from the authors"
    settle()
    assert inbox_of(ana) == posts[::-1]
    state = reader_record(id_of(ana)).state
    assert state is not None
    assert state.awake_since_ms == 0


def test_the_first_look_of_who_has_never_come_is_four_rounds_however_little_was_pushed() -> None:
    authors, reader = [a_person("author") for _ in range(3)], a_person("reader")
    posts = [stored(author) for author in authors for _ in range(3)]
    for author in authors:
        follows(reader, author)
    edges_sync(edges=[(id_of(reader), id_of(author)) for author in authors], backfill=no_backfill)
    posts.append(stored(authors[0]))
    repository.inbox_put([id_of(reader)], [InboxItem(posts[-1], id_of(authors[0]))])
    pulls.author_register(id_of(a_person("star")))
    # Who is promoted is asked about once, which is two rounds more.
    repository.pulls_add(id_of(reader), [], version=repository.registry_version())
    with metered() as calls:
        page = home_page(id_of(reader))
    assert [card.post.id for card in page.items] == posts[::-1]
    assert rounds(calls) <= 4, [(call.operation, call.tables, call.round) for call in calls]
    assert sum(call.write_units for call in calls) == 2, (
        "that they have come, and that their inbox is to be filled"
    )


def no_backfill(*edge: object) -> None:
    """Nobody has so many posts here."""
    raise AssertionError(edge)
