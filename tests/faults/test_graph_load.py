"""Many hands on forty people while DynamoDB throttles, fails, drops and conflicts: every counter equals its edges.

ROOST_LOAD_OPERATIONS=10000 does the full load, which takes some minutes; without it a fifth is done.
"""

import os
from collections import Counter
from random import Random
from threading import Lock

import pytest

from config.dynamodb.retry import budget
from config.entities import UserId
from config.errors import AppError, Unavailable
from graph.blocks import block_create, block_delete
from graph.entities import Counts
from graph.errors import Blocked, RequestNotFound
from graph.selectors import (
    counts,
    counts_by_ids,
    follower_ids_page,
    followers_page,
    following_ids,
    following_page,
)
from graph.services import (
    follow_create,
    follow_delete,
    follower_remove,
    request_approve,
    request_cancel,
)
from tests.accounts.factory import a_user
from tests.faults.proxy import Fault, faulty_dynamodb, mix
from tests.graph.factory import id_of
from tests.graph.test_races import in_threads

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

OPERATIONS = int(os.environ.get("ROOST_LOAD_OPERATIONS", "2000"))
THREADS = 8
PEOPLE = 40
PRIVATE = 6
"""So many of them are asked before they are followed."""
FAULTS = {"throttle": 0.2, "server_error": 0.03, "drop_before": 0.02, "drop_after": 0.03, "conflict": 0.05}
MOST_ERRORS = 0.001
SHARES = {
    "follow": 50,
    "leave": 25,
    "remove": 8,
    "approve": 7,
    "cancel": 4,
    "block": 3,
    "unblock": 3,
}


class Errors:
    """What became of the operations, from all threads: by the name of the operation, or of its error."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.lock = Lock()

    def count(self, name: str) -> None:
        with self.lock:
            self.seen[name] += 1

    @property
    def unavailable(self) -> int:
        return self.seen[Unavailable.__name__]


def operate(verb: str, one: UserId, other: UserId) -> None:
    """One operation of one person upon another."""
    match verb:
        case "follow":
            follow_create(follower_id=one, followee_id=other)
        case "leave":
            follow_delete(follower_id=one, followee_id=other)
        case "remove":
            follower_remove(followee_id=one, follower_id=other)
        case "approve":
            request_approve(follower_id=other, followee_id=one)
        case "cancel":
            request_cancel(follower_id=one, followee_id=other)
        case "block":
            block_create(blocker_id=one, blocked_id=other)
        case "unblock":
            block_delete(blocker_id=one, blocked_id=other)


def attempt(verb: str, one: UserId, other: UserId, errors: Errors) -> None:
    """Do it once, as a user would; refusals are answers, only an engine that is away is an error."""
    try:
        operate(verb, one, other)
    except (Blocked, RequestNotFound) as refusal:
        errors.count(type(refusal).__name__)
    except AppError as error:
        if not isinstance(error, Unavailable):
            raise
        errors.count(Unavailable.__name__)
    else:
        errors.count(verb)


def check_counters(people: list[UserId]) -> set[tuple[UserId, UserId]]:
    """Both halves of every edge are there, lists and counters agree with them. The edges."""
    out = {(follower, followee) for follower in people for followee in following_ids(follower)}
    mirrored = {(follower, followee) for followee in people for follower in follower_ids_page(followee)[0]}
    assert out == mirrored
    stored = counts_by_ids(people)
    assert stored == {
        person: Counts(
            followers=sum(followee == person for _, followee in out),
            following=sum(follower == person for follower, _ in out),
        )
        for person in people
    }
    assert all(row.followers >= 0 and row.following >= 0 for row in stored.values())
    for person in people:
        assert counts(person, consistent=True) == stored[person]
        assert {(edge.follower_id, person) for edge in followers_page(person, limit=PEOPLE).items} == {
            edge for edge in out if edge[1] == person
        }
        assert {(person, edge.followee_id) for edge in following_page(person, limit=PEOPLE).items} == {
            edge for edge in out if edge[0] == person
        }
    return out


@pytest.mark.django_db(transaction=True)
def test_eight_threads_under_faults_leave_every_counter_equal_to_its_edges() -> None:
    budget.tokens = budget.capacity
    people = [id_of(a_user(f"p{position}", is_private=position < PRIVATE)) for position in range(PEOPLE)]
    errors = Errors()

    def wander(position: int) -> None:
        random = Random(position)
        for _ in range(OPERATIONS // THREADS):
            verb = random.choices(list(SHARES), list(SHARES.values()))[0]
            attempt(verb, *random.sample(people, 2), errors)

    with faulty_dynamodb(mix(5, **FAULTS)) as proxy:
        in_threads(wander, THREADS)
    budget.tokens = budget.capacity
    met = Counter(fault for _, fault in proxy.seen)
    assert min(met[Fault[name.upper()]] for name in FAULTS) > OPERATIONS / 200
    assert errors.seen.total() == OPERATIONS // THREADS * THREADS
    assert len(check_counters(people)) > PEOPLE
    assert errors.unavailable <= OPERATIONS * MOST_ERRORS, (errors.seen, met)
