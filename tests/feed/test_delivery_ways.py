"""Push and pull by the cost of each edge: when it is made, and decided anew; no step of a change opens a gap."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from config.dynamodb.metering import metered
from config.entities import UserId
from feed import author_delivery, consumers, demotions, pulls, repository, tasks
from feed.author_delivery import author_choose, author_review, reactions_note
from feed.author_entities import Reason
from feed.author_repository import rates_by_ids
from feed.edges import edges_sync
from feed.entities import MAX_PULLS
from feed.events import ReadsNoted
from feed.policies import Delivery
from feed.reader_decisions import DECIDED_EVERY_MS, reader_decide, reader_decide_if_due
from feed.registry_repository import demotions_open, registration_get
from graph.delivery import follow_of
from graph.services import follow_delete
from tests.feed.delivering import (
    before_request,
    delivered,
    is_ended,
    is_marked,
    is_pulled,
    is_pushed,
    posts_a_day,
    reads,
    set_reads,
    top_of,
)
from tests.feed.factory import a_person, inbox_of, posted
from tests.graph.factory import follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager")]
NEVER, ALL_DAY = 0.001, 1000.0


def sync(reader: User, author: User) -> None:
    """As the events of follow and unfollow do."""
    edges_sync(edges=[(id_of(reader), id_of(author))], backfill=tasks.backfill_page.delay)


def decide(reader: User) -> None:
    reader_decide(reader_id=id_of(reader), backfill=tasks.backfill_page.delay)


def a_reader(per_day: float, *authors: User) -> User:
    """Follows a quiet friend, so that their inbox is believed, and these authors; everything has been handled."""
    reader, friend = a_person("reader"), a_person("friend")
    reads(reader, ALL_DAY)
    for author in (friend, *authors):
        follows(reader, author)
        sync(reader, author)
    delivered(by=friend)
    set_reads(reader, per_day)
    return reader


def test_a_new_edge_goes_the_way_that_costs_less() -> None:
    busy, quiet = a_person("busy"), a_person("quiet")
    posts_a_day(busy, 5)
    old = posted(by=busy)
    seldom, often, new = a_person("seldom"), a_person("often"), a_person("new")
    reads(seldom, 1)
    reads(often, 100)
    for reader in (seldom, often, new):
        for author in (busy, quiet):
            follows(reader, author)
            sync(reader, author)
    ways = [[is_pulled(reader, author) for author in (busy, quiet)] for reader in (seldom, often, new)]
    assert ways == [[True, False], [False, False], [True, False]]
    post = delivered(by=busy)
    assert [inbox_of(reader) for reader in (seldom, often, new)] == [[], [post, old], []]
    assert [top_of(reader) for reader in (seldom, often, new)] == [[post, old]] * 3


def test_a_reader_whose_pulls_are_full_is_pushed_to() -> None:
    busy, reader = a_person("busy"), a_person("reader")
    posts_a_day(busy, 5)
    reads(reader, 0.1)
    repository.pulls_add(id_of(reader), range(1, MAX_PULLS + 1))  # type: ignore[arg-type]  # ids of nobody
    follows(reader, busy)
    sync(reader, busy)
    assert not is_pulled(reader, busy)
    assert is_pushed(reader, busy)


def test_a_decision_is_changed_only_when_that_pays_and_the_next_one_is_the_same() -> None:
    busy, quiet = a_person("busy"), a_person("quiet")
    reader = a_reader(1, busy, quiet)
    posts_a_day(busy, 5)
    assert not is_pulled(reader, busy)
    decide(reader)
    assert (is_pulled(reader, busy), is_marked(reader, busy)) == (True, True)
    assert not is_pulled(reader, quiet)
    with metered() as calls:
        decide(reader)
    assert sum(call.write_units for call in calls) == 1  # that it was decided
    set_reads(reader, 55)  # cheaper by 10 % if pushed: not worth a backfill
    decide(reader)
    assert is_marked(reader, busy)
    set_reads(reader, 200)
    decide(reader)
    assert (is_pulled(reader, busy), is_marked(reader, busy)) == (False, False)


def test_staff_may_choose_for_an_author_and_edges_follow() -> None:
    busy = a_person("busy")
    reader = a_reader(1, busy)
    posts_a_day(busy, 5)
    author_choose(author_id=id_of(busy), chosen=Delivery.PUSH_ALL, demote=tasks.demote_author.delay)
    decide(reader)
    assert not is_pulled(reader, busy)
    author_choose(author_id=id_of(busy), chosen=None, demote=tasks.demote_author.delay)
    decide(reader)
    assert is_marked(reader, busy)
    author_choose(author_id=id_of(busy), chosen=Delivery.PUSH_ALL, demote=tasks.demote_author.delay)
    decide(reader)
    assert (is_pulled(reader, busy), is_marked(reader, busy)) == (False, False)


def test_readers_are_watched_first_and_decided_about_when_it_is_due() -> None:
    asked: list[int] = []
    reader = a_person("reader")
    reads(reader, 1)

    def ask(decided_at_ms: int) -> None:
        reader_decide_if_due(reader_id=id_of(reader), decided_at_ms=decided_at_ms, decide=asked.append)

    now_ms = time.time_ns() // 1_000_000
    ask(0)
    ask(now_ms - DECIDED_EVERY_MS + 60_000)
    assert asked == []
    for _ in range(2):
        ask(now_ms - DECIDED_EVERY_MS)
    assert asked == [id_of(reader)]
    consumers.decide(ReadsNoted("e", id_of(reader), now_ms))


Change = Callable[[User, User], None]


def to_pull(reader: User, author: User) -> None:
    """This reader hardly comes any more."""
    set_reads(reader, NEVER)
    decide(reader)


def to_push(reader: User, author: User) -> None:
    """This reader reads all day."""
    set_reads(reader, ALL_DAY)
    decide(reader)


def promote(reader: User, author: User) -> None:
    """Everybody pulls the author."""
    author_choose(author_id=id_of(author), chosen=Delivery.PULL_ALL, demote=tasks.demote_author.delay)
    pulls.pulled_by(id_of(reader))


def demote(reader: User, author: User) -> None:
    """Nobody has to any more; what was broken off is gone on with."""
    author_choose(author_id=id_of(author), chosen=Delivery.PER_EDGE, demote=tasks.demote_author.delay)
    demotions.demotions_resume(step=tasks.demote_author.delay)


@pytest.mark.parametrize(
    ("before", "changes", "ends_pulled"),
    [
        ([], [to_pull, to_push], False),
        ([], [promote, to_pull, demote], True),
        ([to_pull, promote, to_push], [demote], False),
    ],
)
def test_no_kill_at_any_request_opens_a_gap(
    before: list[Change], changes: list[Change], *, ends_pulled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demotions, "STALE_MS", 0)
    monkeypatch.setattr(demotions, "READERS_A_STEP", 1)
    author = a_person("author")
    readers = [a_reader(ALL_DAY, author) for _ in range(2)]
    others = [top_of(reader) for reader in readers]
    posts = [delivered(by=author)]
    for change in before:
        change(readers[0], author)
    for change in changes:
        requests, ended = 0, False
        while not ended:
            ended = is_ended(partial(change, readers[0], author), requests=requests)
            requests += 1
            posts.insert(0, delivered(by=author))
            assert [top_of(reader) for reader in readers] == [posts + other for other in others]
        assert requests > 4
    assert (is_pulled(readers[0], author), is_marked(readers[0], author)) == (ends_pulled, ends_pulled)
    assert not is_pulled(readers[1], author)
    assert registration_get(id_of(author)) is None
    assert id_of(author) not in demotions_open(limit=1000)


def agrees(reader: User, author: User) -> bool:
    """Nothing is pushed that ought to be, but what is pulled."""
    return is_pulled(reader, author) or is_pushed(reader, author)


def test_whoever_takes_an_author_out_meets_whoever_puts_them_in_anywhere_and_no_gap_opens() -> None:
    author, reader = a_person("author"), a_person("reader")
    follows(reader, author)
    edge = follow_of(id_of(reader), id_of(author))
    assert edge is not None
    deeds = (
        partial(pulls.edges_to_pull, id_of(reader), [edge]),
        partial(pulls.pull_release, id_of(reader), id_of(author)),
    )
    for one, other in (deeds, deeds[::-1]):
        number, seen = 0, [""]
        while number < len(seen):
            pulls.edge_to_push(edge)
            repository.pulls_add(id_of(reader), [id_of(author)])
            with before_request(number, other) as seen:
                one()
            assert agrees(reader, author)
            number += 1
        assert number > 2


def test_a_follow_that_ends_and_begins_amid_a_change_is_delivered() -> None:
    author, reader = a_person("author"), a_person("reader")
    posts_a_day(author, 5)
    reads(reader, 1)

    def again() -> None:
        follow_delete(follower_id=id_of(reader), followee_id=id_of(author))
        sync(reader, author)
        follows(reader, author)
        sync(reader, author)

    number, seen = 0, [""]
    while number < len(seen):
        follows(reader, author)
        with before_request(number, again) as seen:
            sync(reader, author)
        assert agrees(reader, author)
        follow_delete(follower_id=id_of(reader), followee_id=id_of(author))
        with before_request(number, partial(follows, reader, author)):
            sync(reader, author)
        sync(reader, author)
        assert agrees(reader, author)
        number += 1
    assert number > 5


def test_who_is_registered_again_amid_a_demotion_is_pulled_by_those_too_who_had_stopped() -> None:
    author = a_person("author")
    readers = [a_reader(ALL_DAY, author) for _ in range(2)]
    runs: list[tuple[UserId, int]] = []
    queue = lambda *step: runs.append(step)  # noqa: E731
    pulls.author_register(id_of(author))
    for reader in readers:
        assert id_of(author) in pulls.pulled_by(id_of(reader))
    author_choose(author_id=id_of(author), chosen=Delivery.PUSH_ALL, demote=queue)
    demotions.demotion_step(author_id=runs[0][0], run=runs[0][1], step=queue)
    assert [is_pulled(reader, author) for reader in readers] == [False, False]
    pulls.author_register(id_of(author))
    for run in runs:
        demotions.demotion_step(author_id=run[0], run=run[1], step=queue)
    assert pulls.author_is_pulled(id_of(author))
    assert [id_of(author) in pulls.pulled_by(id_of(reader)) for reader in readers] == [True, True]
    assert id_of(author) not in demotions_open(limit=1000)


def test_an_author_falls_back_by_the_numbers_but_not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    author = a_person("author")
    reader = a_reader(ALL_DAY, author)
    pulls.author_register(id_of(author), reason=Reason.PRESSURE)
    post = delivered(by=author)
    assert pulls.author_is_pulled(id_of(author))
    assert post not in inbox_of(reader)
    monkeypatch.setattr(author_delivery, "REGISTERED_AT_LEAST_MS", 0)
    delivered(by=author)
    assert registration_get(id_of(author)) is None
    assert len(inbox_of(reader)) == 3


def test_posts_and_reactions_are_counted_once_and_by_sample() -> None:
    author = a_person("author")
    post = delivered(by=author)
    rates = rates_by_ids([id_of(author)])[id_of(author)]
    author_review(author_id=id_of(author), post_id=rates.last_post_id, demote=tasks.demote_author.delay)
    assert rates == rates_by_ids([id_of(author)])[id_of(author)]
    assert rates.posts.per_day == pytest.approx(0.0495, rel=0.01)
    for number in range(640):
        reactions_note(post_id=rates.last_post_id, event_id=f"event-{number}")
    assert rates.last_post_id == post
    counted = rates_by_ids([id_of(author)])[id_of(author)].reactions.per_day
    assert counted == pytest.approx(640 * 0.693 / 3, rel=0.5)
