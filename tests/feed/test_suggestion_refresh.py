"""Candidates follow what readers do: by events twice and out of order, at most one run waiting, old ones asked anew."""

import random
import time

import pytest

from accounts.models import User
from config import cache
from config.dynamodb.metering import assert_units, metered
from config.entities import UserId
from config.ids import next_id
from config.streams import Change
from feed import consumers, suggestion_refresh
from feed.coalescing import queue_once, run_begins
from feed.suggestion_refresh import KIND, mixed, suggestions_refresh
from feed.suggestions import ASKED_AGAIN_AFTER_MS, OLD_AFTER_MS, suggestions_page
from graph.blocks import block_create
from graph.dismissals import suggestion_dismiss, suggestion_restore
from graph.events import FollowCreated, FollowDeleted
from graph.mark_events import Blocked
from graph.services import follow_delete
from graph.suggestion_entities import Candidate, Candidates, Source
from graph.suggestion_events import SuggestionsAsked
from graph.suggestion_repository import candidates_ask, candidates_get, candidates_key, candidates_put
from graph.tables import GRAPH
from tests.feed.factory import a_person
from tests.graph.factory import a_stranger, follows, id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager")]


@pytest.fixture(autouse=True)
def nobody_is_popular(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.suggestions.popular_candidates", list)


def stored(reader: User) -> list[UserId]:
    found = candidates_get(id_of(reader))
    assert found is not None
    return [candidate.user_id for candidate in found.line]


def look(reader: User) -> None:
    suggestions_page(id_of(reader))


def followed(follower: User, followee: User) -> None:
    consumers.suggest_after_follow([FollowCreated("f", id_of(follower), id_of(followee), next_id(), 0)])


def left(follower: User, followee: User) -> None:
    consumers.suggest_after_unfollow(FollowDeleted("u", id_of(follower), id_of(followee), next_id(), 0))


def blocked(blocker: User, other: User) -> None:
    consumers.suggest_after_block(Blocked("b", id_of(blocker), id_of(other), 0))


def test_who_never_looks_has_nothing_worked_out() -> None:
    reader, ana = a_person("reader"), a_person("ana")
    follows(reader, ana)
    followed(reader, ana)
    assert candidates_get(id_of(reader)) is None


@pytest.mark.parametrize("order", ["FU", "UF", "FFU", "UUF", "UFUF"])
@pytest.mark.parametrize("follows_now", [True, False])
def test_follow_and_leave_in_any_order_end_as_the_graph_is(order: str, *, follows_now: bool) -> None:
    reader, ana, eve = (a_person(name) for name in ("reader", "ana", "eve"))
    follows(ana, eve)
    look(reader)
    follows(reader, ana)
    if not follows_now:
        follow_delete(follower_id=id_of(reader), followee_id=id_of(ana))
    for letter in order:
        (followed if letter == "F" else left)(reader, ana)
    assert stored(reader) == ([eve.pk] if follows_now else [])


def test_records_tripled_and_shuffled_end_in_the_same_candidates() -> None:
    rng = random.Random(7)
    reader, ana, bob, eve, cem = (a_person(name) for name in ("reader", "ana", "bob", "eve", "cem"))
    look(reader)
    for friend, candidate in ((ana, eve), (bob, cem)):
        follows(friend, candidate)
        follows(reader, friend)
    block_create(blocker_id=id_of(cem), blocked_id=id_of(reader))
    follow_delete(follower_id=id_of(reader), followee_id=id_of(bob))
    records = [(followed, reader, ana), (followed, reader, bob), (blocked, cem, reader), (left, reader, bob)]
    tripled = records * 3
    rng.shuffle(tripled)
    for handle, one, other in tripled:
        handle(one, other)
    assert stored(reader) == [eve.pk]


def test_through_the_stream_a_first_look_is_followed_by_a_wide_one(
    settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.suggestion_refresh.NEAR", suggestion_refresh.Reach(1, 1, 200))
    reader, ana, eve, cem = (a_person(name) for name in ("reader", "ana", "eve", "cem"))
    follows(reader, ana)
    for candidate in (eve, cem):
        follows(ana, candidate)
    settle()
    assert [s.person.profile.id for s in suggestions_page(id_of(reader)).items] == [cem.pk]
    settle()
    assert set(stored(reader)) == {eve.pk, cem.pk}
    found = candidates_get(id_of(reader))
    assert found is not None
    assert found.asked_at_ms is None


def test_old_candidates_are_shown_and_asked_for_anew_once(settle) -> None:
    reader, ana, eve = (a_person(name) for name in ("reader", "ana", "eve"))
    follows(reader, ana)
    follows(ana, eve)
    settle()
    now_ms = time.time_ns() // 1_000_000
    old = Candidates((), now_ms - OLD_AFTER_MS - 1)
    candidates_put(id_of(reader), old)
    assert suggestions_page(id_of(reader)).items == []
    asked = candidates_get(id_of(reader))
    assert asked is not None
    assert asked.asked_at_ms is not None
    suggestions_page(id_of(reader))
    assert candidates_get(id_of(reader)) == asked, "once"
    assert not candidates_ask(id_of(reader), old, now_ms=now_ms + 5), "nor by a reader who saw it unasked"
    settle()
    assert stored(reader) == [eve.pk]


def test_what_was_asked_for_long_ago_and_never_came_is_asked_for_again() -> None:
    reader = a_person("reader")
    now_ms = time.time_ns() // 1_000_000
    long_ago = now_ms - ASKED_AGAIN_AFTER_MS - 1
    candidates_put(id_of(reader), Candidates((), now_ms - OLD_AFTER_MS - 1, asked_at_ms=long_ago))
    look(reader)
    asked = candidates_get(id_of(reader))
    assert asked is not None
    assert (asked.asked_at_ms or 0) > long_ago


def test_who_was_left_out_as_dismissed_comes_back_when_that_is_undone(settle) -> None:
    reader, ana, eve = (a_person(name) for name in ("reader", "ana", "eve"))
    follows(reader, ana)
    follows(ana, eve)
    suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(eve))
    look(reader)
    settle()
    assert stored(reader) == []
    suggestion_restore(reader_id=id_of(reader), user_id=id_of(eve))
    settle()
    assert stored(reader) == [eve.pk]


def test_an_earlier_look_that_ends_later_is_dropped() -> None:
    reader_id = a_stranger()
    late = Candidates((Candidate(a_stranger(), Source.TOPIC, topic="heron"),), 2_000)
    assert candidates_put(reader_id, late)
    assert not candidates_put(reader_id, Candidates((), 1_000))
    assert not candidates_put(reader_id, Candidates((), 3_000), is_first=True)
    assert candidates_get(reader_id) == late


def test_a_hundred_candidates_are_one_item_of_some_kilobytes() -> None:
    reader_id = a_stranger()
    people = (a_stranger(), a_stranger(), a_stranger())
    line = tuple(Candidate(a_stranger(), Source.FOLLOWED_BY, 0.1234, people, 17) for _ in range(100))
    with metered() as calls:
        candidates_put(reader_id, Candidates(line, 1))
    assert sum(call.write_units for call in calls) <= 8
    with assert_units(read=1):
        assert candidates_get(reader_id) == Candidates(line, 1)


def test_one_run_waits_at_a_time_and_the_last_event_has_a_run_after_it(empty_cache: None) -> None:
    waiting: list[int] = []
    for _ in range(3):
        queue_once(KIND, 7, waiting.append, ttl_seconds=60)
    assert waiting == [7]
    run_begins(KIND, 7)
    queue_once(KIND, 7, waiting.append, ttl_seconds=60)
    assert waiting == [7, 7], "what comes while a run is at work has a run of its own"


def test_a_queue_that_is_away_leaves_no_claim(empty_cache: None) -> None:
    def away(_key: int) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        queue_once(KIND, 8, away, ttl_seconds=60)
    assert cache.claim(KIND, 8, ttl_seconds=1)


def test_the_refresh_lets_its_claim_go_before_it_looks(
    empty_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader_id, waiting = a_stranger(), []
    candidates_put(reader_id, Candidates((), 1))
    queue_once(KIND, reader_id, waiting.append, ttl_seconds=60)
    worked_out = suggestion_refresh._worked_out

    def and_an_event(*args):
        queue_once(KIND, reader_id, waiting.append, ttl_seconds=60)
        return worked_out(*args)

    monkeypatch.setattr("feed.suggestion_refresh._worked_out", and_an_event)
    suggestions_refresh(reader_id=reader_id)
    assert waiting == [reader_id, reader_id]


def test_two_of_friends_then_one_of_a_topic() -> None:
    friends = [Candidate(UserId(number), Source.FOLLOWED_BY) for number in range(1, 6)]
    topics = [Candidate(UserId(number), Source.TOPIC) for number in range(11, 13)]
    assert [c.user_id for c in mixed(friends, topics)] == [1, 2, 11, 3, 4, 12, 5]
    assert [c.user_id for c in mixed([], topics)] == [11, 12]
    many = [Candidate(UserId(number), Source.TOPIC) for number in range(1, 300)]
    assert len(mixed(friends, many)) == 100


def test_the_stream_tells_of_what_is_asked_for_alone() -> None:
    key = candidates_key(UserId(5))
    fresh, asked = key | {"looked_at_ms": 1}, key | {"looked_at_ms": 1, "asked_at_ms": 2}
    told = SuggestionsAsked("e", UserId(5))
    assert SuggestionsAsked.from_change(a_change(None, asked)) == told
    assert SuggestionsAsked.from_change(a_change(fresh, asked)) == told
    assert SuggestionsAsked.from_change(a_change(asked, asked | {"asked_at_ms": 3})) == told
    assert SuggestionsAsked.from_change(a_change(asked, fresh)) is None
    assert SuggestionsAsked.from_change(a_change(asked, asked | {"rid": "r"})) is None
    assert SuggestionsAsked.from_change(a_change(asked, None)) is None
    assert SuggestionsAsked.from_change(a_change(None, {"pk": "USER#5", "sk": "HEAT"})) is None


def a_change(old, new) -> Change:
    kind = "REMOVE" if new is None else "MODIFY" if old else "INSERT"
    return Change("e", GRAPH, kind, {}, old, new, "1", 0)
