"""Many hands on the same counters: in the end every counter equals its edges."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connections

from config.entities import UserId
from graph.entities import Counts
from graph.errors import RequestNotFound
from graph.selectors import counts_by_ids, follower_ids_page, following_ids, is_following
from graph.services import follow_create, follow_delete, request_approve, request_cancel
from tests.accounts.factory import a_user
from tests.graph.factory import follows, id_of

THREADS = 8
PEOPLE = 20
STEPS = 40  # a thread: as many for each person, and each is met by others more often


def counted(people: list[UserId]) -> dict[UserId, Counts]:
    """What the counters should say, from the edges themselves."""
    return {
        person: Counts(len(follower_ids_page(person)[0]), len(list(following_ids(person))))
        for person in people
    }


def in_threads(work: Callable[[int], None], number: int) -> None:
    """Run `work(0)` to `work(number - 1)` side by side, each with database connections of its own."""

    def run(position: int) -> None:
        try:
            work(position)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        for future in [pool.submit(run, position) for position in range(number)]:
            future.result()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_following_and_leaving_twenty_people_leave_every_counter_equal_to_its_edges() -> None:
    people = [id_of(a_user(f"p{position}")) for position in range(PEOPLE)]

    def wander(position: int) -> None:
        random = Random(position)
        for _step in range(STEPS):
            follower_id, followee_id = random.sample(people, 2)
            if random.random() < 0.6:
                follow_create(follower_id=follower_id, followee_id=followee_id)
            else:
                follow_delete(follower_id=follower_id, followee_id=followee_id)

    in_threads(wander, THREADS)
    stored = counts_by_ids(people)
    assert stored == counted(people)
    assert all(counts.followers >= 0 and counts.following >= 0 for counts in stored.values())
    assert any(counts.followers for counts in stored.values())


@pytest.mark.django_db(transaction=True)
def test_one_pair_followed_and_left_by_eight_threads_at_once_counts_one_or_none() -> None:
    ana, bob = id_of(a_user("ana")), id_of(a_user("bob"))

    def toggle(position: int) -> None:
        for _step in range(10):
            act = follow_create if position % 2 else follow_delete
            act(follower_id=ana, followee_id=bob)

    in_threads(toggle, THREADS)
    expected = int(is_following(ana, bob))
    assert counts_by_ids([ana, bob]) == {ana: Counts(0, expected), bob: Counts(expected, 0)}


@pytest.mark.django_db(transaction=True)
def test_approving_and_withdrawing_at_once_ends_in_a_follow_or_in_nothing() -> None:
    private = a_user("private", is_private=True)
    askers = [a_user(f"asker{position}") for position in range(6)]
    for asker in askers:
        follows(asker, private)

    def race(position: int) -> None:
        asker = id_of(askers[position // 2])
        if position % 2:
            request_cancel(follower_id=asker, followee_id=id_of(private))
            return
        try:
            request_approve(follower_id=asker, followee_id=id_of(private))
        except RequestNotFound:
            assert not is_following(asker, id_of(private))

    in_threads(race, 12)
    people = [id_of(private), *map(id_of, askers)]
    assert counts_by_ids(people) == counted(people)
