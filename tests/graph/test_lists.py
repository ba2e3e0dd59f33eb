"""Lists of edges: newest first, full pages, cursors that hold while edges come and go."""

import pytest

from config.cursors import encode
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered, rounds
from config.entities import UserId
from config.errors import InvalidCursor
from config.ids import next_id
from graph import repository
from graph.entities import Edge, Side
from graph.selectors import (
    edges_page,
    follower_ids_page,
    followers_page,
    following_ids,
    following_page,
)
from tests.graph.factory import a_stranger


def with_followers(followee: UserId, number: int) -> list[UserId]:
    """Followers straight through the repository, the newest first."""
    followers = [a_stranger() for _ in range(number)]
    for follower in followers:
        assert repository.edge_put(Edge(follower, followee, next_id()))
    return followers[::-1]


def all_followers(followee: UserId, limit: int) -> list[list[UserId]]:
    """Page by page."""
    pages, cursor = [], None
    while True:
        page = followers_page(followee, cursor=cursor, limit=limit)
        pages.append([edge.follower_id for edge in page.items])
        if (cursor := page.next_cursor) is None:
            return pages


@pytest.mark.parametrize("number", [0, 1, 4, 5, 6, 10, 11])
def test_pages_are_full_and_newest_first_and_the_last_one_says_so(number: int) -> None:
    bob = a_stranger()
    expected = with_followers(bob, number)
    pages = all_followers(bob, limit=5)
    assert [follower for page in pages for follower in page] == expected
    assert all(len(page) == 5 for page in pages[:-1])
    assert pages[-1] or number == 0, "no empty page at the end"


def test_a_page_costs_one_round_and_half_a_read_unit() -> None:
    bob = a_stranger()
    with_followers(bob, 25)
    with metered() as calls:
        followers_page(bob)
    assert (len(calls), rounds(calls)) == (2, 1), "whether the account is hot is found out along the way"
    with assert_dynamodb_calls(1), assert_units(read=0.5, write=0):
        page = followers_page(bob)
    assert len(page.items) == 20
    with assert_dynamodb_calls(1), assert_units(read=0.5, write=0):
        assert len(followers_page(bob, cursor=page.next_cursor).items) == 5


def test_a_cursor_holds_when_its_own_edge_goes_and_others_come() -> None:
    bob = a_stranger()
    newest_first = with_followers(bob, 12)
    page = followers_page(bob, limit=5)
    repository.edge_delete(newest_first[4], bob)  # the one the cursor stands on
    repository.edge_delete(newest_first[1], bob)
    repository.edge_delete(newest_first[6], bob)
    newcomers = with_followers(bob, 3)
    rest = followers_page(bob, cursor=page.next_cursor, limit=5)
    assert [edge.follower_id for edge in rest.items] == [newest_first[5], *newest_first[7:11]]
    assert [edge.follower_id for edge in followers_page(bob, limit=5).items][:3] == newcomers


def test_edges_of_one_instant_are_neither_lost_nor_repeated() -> None:
    bob, moment = a_stranger(), next_id()
    followers = {a_stranger() for _ in range(7)}
    for follower in followers:
        repository.edge_put(Edge(follower, bob, moment))
    seen = [follower for page in all_followers(bob, limit=2) for follower in page]
    assert len(seen) == 7
    assert set(seen) == followers


def test_whom_one_follows_is_paged_too() -> None:
    ana = a_stranger()
    followees = [a_stranger() for _ in range(3)]
    for followee in followees:
        repository.edge_put(Edge(ana, followee, next_id()))
    page = following_page(ana, limit=2)
    rest = following_page(ana, limit=2, cursor=page.next_cursor)
    assert [edge.followee_id for edge in (*page.items, *rest.items)] == followees[::-1]
    assert set(following_ids(ana)) == set(followees)


def test_a_cursor_of_another_list_or_an_altered_one_is_refused() -> None:
    for cursor in (
        encode("graph.FOLLOWING", [1, 2, 3]),
        "nonsense",
        encode("graph.FOLLOWER", [1, 2, 3]) + "x",
    ):
        with pytest.raises(InvalidCursor):
            edges_page(Side.FOLLOWER, a_stranger(), cursor=cursor)


def test_fan_out_reads_every_follower_once_in_pages() -> None:
    bob = a_stranger()
    expected = set(with_followers(bob, 11))
    seen: list[UserId] = []
    cursor: str | None = None
    pages = 0
    while True:
        ids, cursor = follower_ids_page(bob, cursor=cursor, limit=4)
        seen += ids
        pages += 1
        if cursor is None:
            break
    assert len(seen) == 11
    assert set(seen) == expected
    assert pages == 3


def test_fan_out_goes_on_after_a_follower_who_left() -> None:
    bob = a_stranger()
    expected = set(with_followers(bob, 6))
    first, cursor = follower_ids_page(bob, limit=3)
    repository.edge_delete(first[-1], bob)
    rest, end = follower_ids_page(bob, cursor=cursor, limit=10)
    assert end is None
    assert {*first, *rest} == expected
    assert len(first) + len(rest) == 6
