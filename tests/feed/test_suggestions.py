"""Who is suggested, in which order and why, and what that costs."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.services import profile_update
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered
from config.errors import InvalidCursor
from feed import popular
from feed.suggestion_refresh import suggestions_refresh
from feed.suggestions import suggestions_page
from graph.dismissals import suggestion_dismiss
from graph.entities import Relationship
from graph.overlap import Reach
from graph.services import request_approve
from graph.suggestion_entities import Candidate, Source
from graph.suggestion_repository import candidates_get
from tests.feed.factory import a_person, posted
from tests.feed.suggesting import a_circle, ids, named, suggested
from tests.graph.archiving import archived, returned
from tests.graph.factory import follows, id_of

pytestmark = [
    pytest.mark.django_db(transaction=True),  # a changed account leaves the cache after the commit
    pytest.mark.usefixtures("nobody_is_popular"),
]
Settle = Callable[[], None]


def test_whom_more_friends_follow_comes_first_and_the_reason_names_them() -> None:
    reader, ana, eve, cem = a_circle()
    named(ana, "Ana")
    shown = suggested(reader)
    assert ids(shown) == [eve.pk, cem.pk]
    assert [suggestion.source for suggestion in shown] == [Source.FOLLOWED_BY] * 2
    assert [suggestion.count for suggestion in shown] == [2, 1]
    assert shown[1].reason == "Followed by Ana"
    assert {card.id for card in shown[1].people} == {ana.pk}


def test_names_are_three_at_most_and_the_rest_is_a_number() -> None:
    reader, star = a_person("reader"), a_person("star")
    friends = [named(a_person("friend"), f"Friend {number}") for number in range(5)]
    for friend in friends:
        follows(reader, friend)
        follows(friend, star)
    (shown,) = suggested(reader)
    assert (len(shown.people), shown.count) == (3, 5)
    assert shown.reason == f"Followed by {shown.people[0].name} and 4 others"


def test_who_follows_the_reader_is_told_of() -> None:
    reader, _ana, eve, _cem = a_circle()
    follows(eve, reader)
    assert suggested(reader)[0].person.relationship == Relationship(followed_by=True)


def test_a_private_account_is_suggested_as_its_card_when_friends_follow_it() -> None:
    reader, ana, shy = a_person("reader"), a_person("ana"), a_person("shy", is_private=True)
    follows(reader, ana)
    follows(ana, shy)
    assert suggested(reader) == [], "a request is no follow"
    request_approve(follower_id=id_of(ana), followee_id=id_of(shy))
    suggestions_refresh(reader_id=id_of(reader))
    (shown,) = suggested(reader)
    assert shown.person.profile.is_private
    assert shown.reason.startswith("Followed by")


def test_popular_people_fill_the_end_and_no_private_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, _ana, eve, cem = a_circle()
    star, shy = a_person("star"), a_person("shy", is_private=True)
    popular_ones = [Candidate(id_of(user), Source.POPULAR) for user in (eve, reader, shy, star)]
    monkeypatch.setattr("feed.suggestions.popular_candidates", lambda: popular_ones)
    shown = suggested(reader)
    assert ids(shown) == [eve.pk, cem.pk, star.pk]
    assert shown[-1].reason == "Popular on this site"


def test_the_popular_are_public_and_have_followers(empty_cache: None) -> None:
    star, shy = a_person("star"), a_person("shy", is_private=True)
    for _ in range(3):
        follows(a_person("fan"), star)
    fresh = a_person("fresh")
    found = {candidate.user_id: candidate.source for candidate in popular.popular_candidates()}
    assert found[id_of(star)] is Source.POPULAR
    assert found[id_of(fresh)] is Source.NEW, "nobody follows them"
    assert shy.pk not in found


def test_pages_go_on_from_each_other_to_the_end() -> None:
    reader, ana = a_person("reader"), a_person("ana")
    follows(reader, ana)
    people = [a_person("x") for _ in range(23)]
    for person in people:
        follows(ana, person)
    first = suggestions_page(id_of(reader))
    assert len(first.items) == 20
    second = suggestions_page(id_of(reader), cursor=first.next_cursor)
    assert len(second.items) == 3
    assert second.next_cursor is None
    assert sorted(ids(first.items + second.items)) == sorted(person.pk for person in people)
    for person in people[:8]:
        suggestion_dismiss(reader_id=id_of(reader), user_id=id_of(person))
    assert len(suggestions_page(id_of(reader), limit=12).items) == 12, "filled up behind those dismissed"
    with pytest.raises(InvalidCursor):
        suggestions_page(id_of(reader), cursor="nonsense")


def test_a_read_is_two_requests_and_its_units_are_known(settle: Settle) -> None:
    reader, ana = a_person("reader"), a_person("ana")
    follows(reader, ana)
    for _ in range(30):
        follows(ana, a_person("x"))
    suggestions_page(id_of(reader))
    # The list 0.5; of ten candidates four keys and whether ana follows them, and once whether the reader follows her.
    with assert_dynamodb_calls(2), assert_units(read=0.5 + 10 * 2.5 + 0.5):
        page = suggestions_page(id_of(reader), limit=5)
    assert len(page.items) == 5


def test_the_first_look_is_small_and_a_wide_one_is_bounded(
    settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.suggestion_refresh.NEAR", Reach(2, 3, 200))
    monkeypatch.setattr("feed.suggestion_refresh.WIDE", Reach(4, 6, 200))
    reader, friends = a_person("reader"), [a_person("friend") for _ in range(6)]
    for friend in friends:
        follows(reader, friend)
        for _ in range(8):
            follows(friend, a_person("x"))
    with metered() as calls:
        first = suggested(reader)
    assert len(first) == 2 * 3
    assert sum(call.index == "by_time" for call in calls) == 1 + 2
    suggestions_refresh(reader_id=id_of(reader))
    stored = candidates_get(id_of(reader))
    assert stored is not None
    assert len(stored.line) == 4 * 6, "the rest is left out, however much there is"


def test_a_reader_of_nobody_gets_an_empty_list_that_is_kept() -> None:
    reader = a_person("reader")
    assert suggested(reader) == []
    stored = candidates_get(id_of(reader))
    assert stored is not None
    assert stored.line == ()
    with assert_dynamodb_calls(1):
        suggested(reader)


def test_topics_of_those_one_follows_bring_their_popular_authors(settle: Settle) -> None:
    reader, ana, star, shy = (a_person(name) for name in ("reader", "ana", "star", "shy"))
    tag = f"heron{reader.pk}"
    follows(a_person("fan"), star)
    follows(reader, ana)
    for author in (ana, star, shy):
        posted(by=author, text=f"At the pond. #{tag.upper()}")
    settle()
    profile_update(user_id=id_of(shy), is_private=True)
    (shown,) = suggested(reader)
    assert ids([shown]) == [star.pk], "not ana, who is followed, nor who has gone private since"
    assert (shown.source, shown.reason) == (Source.TOPIC, f"Popular in #{tag}")


def test_follows_that_lie_in_the_archive_count_as_ever(settings: Any) -> None:
    settings.ARCHIVE_GRACE_SECONDS = 0
    reader, ana, eve, cem = a_circle()
    follows(reader, cem)
    follows(eve, reader)
    assert ids(suggested(reader)) == [eve.pk]
    archived(reader)
    assert ids(suggested(reader)) == [eve.pk], "cem is followed, though the edge is away"
    returned(reader)
    archived(ana)
    (shown,) = suggested(reader)
    assert ana.pk in {card.id for card in shown.people}
    archived(eve)
    assert suggested(reader)[0].person.relationship == Relationship(followed_by=True)
