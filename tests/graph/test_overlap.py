"""Weights of friends of friends, with plain values; and what one look costs."""

from itertools import count
from math import e, log

import pytest

from config.dynamodb.metering import metered
from config.entities import UserId
from graph.overlap import Friend, Reach, followees_of, friends_of_friends, overlap, weighed
from graph.suggestion_entities import Source
from tests.feed.factory import a_person
from tests.graph.factory import follows, id_of

READER, X, Y, Z = (UserId(number) for number in (1, 101, 102, 103))
_ids = count(1000)


def a_friend(*follows: UserId, following: int = 10) -> Friend:
    return Friend(UserId(next(_ids)), following, follows)


def ranked(*friends: Friend, followers: dict[UserId, int] | None = None) -> list[UserId]:
    found = overlap(friends, without={READER})
    counts = {user_id: (followers or {}).get(user_id, 5) for user_id in found}
    return [candidate.user_id for candidate in weighed(found, counts)]


def test_more_friends_weigh_more() -> None:
    assert ranked(a_friend(X), a_friend(X, Y), a_friend(X, Y), a_friend(Z)) == [X, Y, Z]


def test_a_friend_who_follows_everybody_says_less() -> None:
    assert ranked(a_friend(X, following=5000), a_friend(Y, following=5)) == [Y, X]


def test_whom_everybody_follows_weighs_less() -> None:
    assert ranked(a_friend(X, Y), followers={X: 1_000_000, Y: 3}) == [Y, X]
    celebrity = [a_friend(X) for _ in range(12)]
    assert ranked(*celebrity, a_friend(Y), followers={X: 100_000, Y: 3}) == [X, Y], "but many friends tell"


def test_of_equal_weight_the_older_account_is_first() -> None:
    assert ranked(a_friend(Z, X, Y)) == [X, Y, Z]


def test_the_weight_is_the_formula() -> None:
    first, second = a_friend(X, following=3), a_friend(X, following=40)
    (candidate,) = weighed(overlap([first, second], without=set()), {X: 7})
    assert candidate.weight == round((1 / log(e + 3) + 1 / log(e + 40)) / log(e + 7), 4)
    assert (candidate.source, candidate.count) == (Source.FOLLOWED_BY, 2)


def test_those_who_say_most_are_named_first_and_three_at_most() -> None:
    friends = [a_friend(X, following=following) for following in (100, 2, 50, 7)]
    (candidate,) = weighed(overlap(friends, without=set()), {X: 1})
    assert candidate.people == tuple(friends[position].user_id for position in (1, 3, 2))
    assert candidate.count == 4


def test_whom_one_knows_is_left_out() -> None:
    assert overlap([a_friend(READER, X, Y)], without={READER, Y}).keys() == {X}


@pytest.mark.django_db
def test_a_look_is_a_query_a_followee_and_three_batches() -> None:
    reader, friends = a_person("reader"), [a_person("friend") for _ in range(3)]
    found = a_person("x")
    for friend in friends:
        follows(reader, friend)
        follows(friend, found)
        for _ in range(4):
            follows(friend, a_person("y"))
    with metered() as calls:
        followees = followees_of(id_of(reader), limit=2)
        candidates = friends_of_friends(id_of(reader), followees, reach=Reach(2, 2, 200), without=set())
    assert set(followees) == {friends[1].pk, friends[2].pk}, "the newest"
    assert [call.operation for call in calls].count("query") == 1 + 2
    assert [call.operation for call in calls].count("batch_get_item") == 3
    assert len(candidates) == 4, "the newest two of each"
    few = friends_of_friends(id_of(reader), followees, reach=Reach(2, 2, 3), without=set())
    assert len(few) == 3
