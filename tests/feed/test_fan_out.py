"""One page of a fan-out: whom it comes to, in which order, how long items stay, and what it does under pressure."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from config import cache
from config.celery import app
from config.dynamodb import Throttled, get_item
from config.dynamodb.metering import assert_dynamodb_calls, metered, rounds
from config.dynamodb.retry import budget
from config.entities import PostId, UserId
from config.ids import id_time_ms
from feed import activity, pressure, pulls
from feed.activity import read_note
from feed.activity_repository import state_put
from feed.entities import EXPIRY_MARGIN_SECONDS
from feed.fan_out import KNOWN_SECONDS, Lanes, fan_out_given_up, fan_out_page, fan_out_rest, take_back_page
from feed.fan_out_readers import FOLLOWERS, KEPT
from feed.relevance import ORDINARY, PASSED_ON, PERSONAL, relevance_of
from feed.tables import INBOX, inbox_key
from feed.watermarks import SLEEP_DAYS, first_state
from graph.entities import QUIET
from graph.promotion import heat_store
from posts.cache import BODIES
from posts.entities import Audience
from posts.reposting import repost_create
from posts.selectors import posts_by_ids
from posts.services import post_delete
from tests.faults.proxy import Fault, faulty_dynamodb, script
from tests.feed.factory import DAY_MS, a_person, bulk_followers, home_of, id_at, inbox_items, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
DAY_SECONDS = 86_400


class Fan:
    """The tasks of one author's fan-outs, done when the test says so."""

    def __init__(self, author: User) -> None:
        self.author_id = id_of(author)
        self.pages: list[tuple[PostId, UserId, str, float]] = []
        self.rests: list[tuple[PostId, UserId, list[UserId], list[int], float]] = []
        self.lanes = Lanes(page=self._page, rest=self._rest, later=pytest.fail)

    def _page(self, *task: Any) -> None:
        self.pages.append(task)

    def _rest(self, *task: Any) -> None:
        self.rests.append(task)

    def begin(self, post: PostId) -> None:
        self.page((post, self.author_id, FOLLOWERS, 0.0))

    def page(self, task: tuple[PostId, UserId, str, float]) -> None:
        fan_out_page(post_id=task[0], author_id=task[1], position=task[2], lanes=self.lanes, known_at=task[3])

    def rest(
        self,
        task: tuple[PostId, UserId, list[UserId]] | tuple[PostId, UserId, list[UserId], list[int], float],
    ) -> None:
        post, author_id, reader_ids, *known = task
        told = dict(zip(("kept_days", "known_at"), known, strict=True)) if known else {}
        fan_out_rest(post_id=post, author_id=author_id, reader_ids=reader_ids, lanes=self.lanes, **told)


def have(readers: list[UserId], post: PostId) -> list[bool]:
    return [[item.post_id for item in inbox_items(reader)] == [post] for reader in readers]


def days_of(reader: UserId, post: PostId) -> float:
    item = get_item(INBOX, inbox_key(reader, post))
    assert item is not None
    return float(item["ttl"] - EXPIRY_MARGIN_SECONDS - id_time_ms(post) // 1000) / DAY_SECONDS


@pytest.fixture
def no_retries() -> Iterator[None]:
    before = budget.tokens, budget.refund
    budget.tokens = budget.refund = 0.0
    yield
    budget.tokens, budget.refund = before


def known(reader: UserId, *, kept_days: int = 14) -> UserId:
    now_ms = time.time_ns() // 1_000_000
    cache.set(activity.KIND, reader, [kept_days, now_ms - DAY_MS], 60)
    return reader


def test_every_shard_is_paged_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 2)
    ana = a_person()
    heat = replace(QUIET, shards=3, write_shards=3, version=1)
    assert heat_store(id_of(ana), heat, now_ms=0)
    readers = [reader for shard in range(3) for reader in bulk_followers(ana, 3, shard=shard)]
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    assert len(fan.pages) == 3, "its own next one, and the first of both others"
    for task in fan.pages:
        fan.page(task)
    assert have(readers, post) == [True] * 9
    assert len(fan.pages) == 5


def test_the_first_page_is_short_and_the_others_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.fan_out_readers.FIRST_READERS", 2)
    monkeypatch.setattr("feed.fan_out.PUSHED_AT_ONCE", 2)
    monkeypatch.setattr("feed.fan_out.OTHERS_A_TASK", 3)
    ana = a_person()
    readers = bulk_followers(ana, 6)
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    assert sum(map(sum, (have([reader], post) for reader in readers))) == 2
    (following,) = fan.pages
    fan.page(following)
    assert [len(rest[2]) for rest in fan.rests] == [3, 1]
    for rest in fan.rests:
        fan.rest(rest)
    assert have(readers, post) == [True] * 6
    assert len(fan.pages) == 1


def test_who_is_online_comes_first_and_the_others_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.fan_out.PUSHED_AT_ONCE", 2)
    ana = a_person()
    readers = bulk_followers(ana, 5)
    read_note(readers[1], None)
    weekly = known(readers[3], kept_days=5)
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    assert have(readers, post) == [False, True, False, False, False]
    (rest,) = fan.rests
    assert sorted(rest[2]) == sorted(set(readers) - {readers[1]})
    with metered() as calls:
        fan.rest(rest)
    assert have(readers, post) == [True] * 5
    assert sum(call.write_units for call in calls) == 4, "nobody is pushed to twice"
    assert days_of(weekly, post) == 5
    fan.begin(posted(by=ana))
    assert len(fan.rests) == 2


def test_a_rest_task_asks_again_if_its_page_is_long_ago_or_told_nothing() -> None:
    ana = a_person()
    told, stale, untold = (known(reader, kept_days=5) for reader in bulk_followers(ana, 3))
    fan, post = Fan(ana), posted(by=ana)
    now = time.time()
    fan.rest((post, id_of(ana), [told], [2], now))
    fan.rest((post, id_of(ana), [stale], [2], now - KNOWN_SECONDS))
    fan.rest((post, id_of(ana), [untold]))
    assert [days_of(reader, post) for reader in (told, stale, untold)] == [2, 5, 5]


def test_few_others_are_pushed_to_at_once() -> None:
    ana = a_person()
    readers = bulk_followers(ana, 3)
    fan, post = Fan(ana), posted(by=ana)
    with metered() as calls:
        fan.begin(post)
    assert have(readers, post) == [True] * 3
    assert not fan.rests
    assert sum(call.write_units for call in calls) == 3


def test_a_page_is_three_rounds_and_one_write_unit_a_reader_where_activity_is_known() -> None:
    ana = a_person()
    readers = [known(reader) for reader in bulk_followers(ana, 30)]
    fan, post = Fan(ana), posted(by=ana)
    posts_by_ids([post])
    with assert_dynamodb_calls(5) as calls:  # pulled?, followers and shards, two batches
        fan.begin(post)
    assert have(readers, post) == [True] * 30
    assert sum(call.write_units for call in calls) == 30
    assert sum(call.read_units for call in calls) <= 5


def test_the_post_is_read_beside_its_first_readers() -> None:
    ana = a_person()
    readers = [known(reader) for reader in bulk_followers(ana, 3)]
    fan, post = Fan(ana), posted(by=ana)
    BODIES.forget(post)
    with metered() as calls:
        fan.begin(post)
    assert have(readers, post) == [True] * 3
    assert {call.operation for call in calls} == {"query", "get_item", "batch_get_item", "batch_write_item"}
    assert rounds(calls) == 2, "nobody waits for the post who has waited for the readers"


def test_only_a_task_that_has_waited_looks_again_whether_everybody_pulls_the_author(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 3)
    ana = a_person()
    readers = [known(reader) for reader in bulk_followers(ana, 6)]
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    (following,) = fan.pages
    assert abs(following[3] - time.time()) < 60
    with metered() as soon:
        fan.page((*following[:3], time.time()))
    with metered() as late:
        fan.page((*following[:3], time.time() - 2))
    assert [call.operation for call in soon] == ["query", "batch_write_item"]
    assert sorted(call.operation for call in late) == ["batch_write_item", "get_item", "query"]
    assert have(readers, post) == [True] * 6
    pulls.author_register(id_of(ana))
    fan.page((*following[:3], time.time() - 2))
    assert fan.pages[-1] == (post, id_of(ana), KEPT, 0.0)


def test_who_sleeps_gets_no_pushes_and_nobody_else_does_without() -> None:
    ana = a_person()
    asleep, unknown, awake = bulk_followers(ana, 3)
    now_ms = time.time_ns() // 1_000_000
    state_put(asleep, first_state(now_ms - (SLEEP_DAYS + 1) * DAY_MS), before=None)
    state_put(awake, first_state(now_ms - (SLEEP_DAYS - 1) * DAY_MS), before=None)
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    assert have([asleep, unknown, awake], post) == [False, True, True]
    assert days_of(unknown, post) == 14
    assert days_of(awake, post) == 2, "their habit has faded"
    post_delete(user_id=id_of(ana), post_id=post)
    take_back_page(post_id=post, author_id=id_of(ana), position=FOLLOWERS, take_back=pytest.fail)
    assert have([unknown, awake], post) == [False, False]


def test_an_item_stays_as_long_as_it_matters_to_its_reader() -> None:
    ana, ben = a_person("ana"), a_person("ben")
    follows(ben, ana)
    known(id_of(ben), kept_days=5)
    (eve,) = bulk_followers(ana, 1)
    original = posted(by=ben)
    plain = posted(by=ana, text=f"@{ben.username} look")
    repost = repost_create(user_id=id_of(ana), post_id=original).id
    close = posted(by=ana, audience=Audience.CLOSE_FRIENDS)
    fan = Fan(ana)
    for post in (plain, repost, close):
        fan.begin(post)
    assert [days_of(id_of(ben), post) for post in (plain, repost, close)] == [10, 2.5, 10]
    assert [days_of(eve, post) for post in (plain, repost, close)] == [14, 7, 28]
    assert [relevance_of(post).score for post in posts_by_ids([plain, repost, close]).values()] == [
        ORDINARY,
        PASSED_ON,
        PERSONAL,
    ]
    assert relevance_of(None).score == ORDINARY


def _empty_queues() -> None:
    with app.connection_or_acquire() as connection:
        for queue in pressure.QUEUES:
            connection.default_channel.queue_purge(queue)


@pytest.fixture
def crowded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two tasks wait, and that is one too many."""
    settings.FANOUT_WAITING = 2
    monkeypatch.setattr(pressure, "ASKED_EVERY_SECONDS", 0.0)
    _empty_queues()  # of what stacks of earlier tests have left
    for _ in range(2):
        app.send_task("tests.nobody_takes_this", queue="fanout_rest")
    yield
    _empty_queues()
    assert not pressure.is_high()


@pytest.mark.usefixtures("crowded")
def test_while_the_queues_are_full_long_fan_outs_are_turned_into_pull(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 2)
    monkeypatch.setattr("feed.fan_out.JUST_NOW_SECONDS", 0)
    ana, eve, reader = a_person("ana"), a_person("eve"), a_person("reader")
    follows(reader, ana)
    bulk_followers(ana, 4)
    (of_eve,) = bulk_followers(eve, 1)
    fan, post = Fan(ana), posted(by=ana)
    fan.begin(post)
    (following,) = fan.pages
    fan.page(following)
    assert fan.pages[1:] == [(post, id_of(ana), KEPT, 0.0)]
    assert pulls.author_is_pulled(id_of(ana))
    assert home_of(reader) == [post]
    other = posted(by=eve)
    Fan(eve).begin(other)
    assert have([of_eve], other) == [True], "a short one is a task that ends"
    assert pressure.is_too_high_for(251)
    assert not pressure.is_too_high_for(100), "not before there are ten times as many"


@pytest.mark.usefixtures("no_retries")
def test_a_throttled_page_is_turned_into_pull_and_a_short_fan_out_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("feed.fan_out_readers.READERS_A_PAGE", 2)
    monkeypatch.setattr("feed.fan_out.JUST_NOW_SECONDS", 0)
    ana, eve, reader = a_person("ana"), a_person("eve"), a_person("reader")
    follows(reader, ana)
    bulk_followers(ana, 2)
    bulk_followers(eve, 1)
    fan, post = Fan(ana), posted(by=ana)
    with faulty_dynamodb(script(Fault.THROTTLE, operation="BatchWriteItem")):
        fan.begin(post)
    assert pulls.author_is_pulled(id_of(ana))
    assert home_of(reader) == [post]
    for task in fan.pages:
        fan.page(task)
    assert fan.pages[1:] == [(post, id_of(ana), KEPT, 0.0)] * 2, "turned, and the next page found it so"
    with (
        faulty_dynamodb(script(Fault.THROTTLE, operation="BatchWriteItem")),
        pytest.raises(Throttled),
    ):
        Fan(eve).begin(posted(by=eve))
    assert not pulls.author_is_pulled(id_of(eve))


def test_half_of_the_writes_unprocessed_half_of_the_time() -> None:
    ana = a_person()
    readers = bulk_followers(ana, 60)
    fan, post = Fan(ana), posted(by=ana)
    with faulty_dynamodb(script(Fault.PARTIAL, Fault.NONE, Fault.PARTIAL, operation="BatchWriteItem")):
        fan.begin(post)
    assert have(readers, post) == [True] * 60


def test_what_is_given_up_is_read_from_its_author() -> None:
    ana, reader = a_person("ana"), a_person("reader")
    follows(reader, ana)
    fan, post = Fan(ana), posted(by=ana)
    fan_out_given_up(post_id=post, author_id=id_of(ana), lanes=fan.lanes)
    fan.rest((post, id_of(ana), [id_of(reader)]))
    assert inbox_items(id_of(reader)) == []
    assert home_of(reader) == [post]


def test_nobody_is_pushed_an_item_that_has_expired() -> None:
    ana = a_person(days=60)
    dormant, daily = bulk_followers(ana, 2)
    known(dormant, kept_days=1)
    post = PostId(id_at(8))
    Fan(ana).begin(post)
    assert have([dormant, daily], post) == [False, True]
