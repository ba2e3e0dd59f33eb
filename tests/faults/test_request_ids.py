"""A client that never heard of its success says it again, with the same request id: after others have acted since."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from config.dynamodb import Update, update_item
from config.dynamodb.retry import budget
from config.entities import UserId
from config.errors import Unavailable
from graph import promotion
from graph.blocks import block_create, block_delete, blocked_among
from graph.entities import Counts, FollowState
from graph.heat_repository import heat_get
from graph.receipts import KEPT_SECONDS, receipt_of
from graph.repository import state_get
from graph.selectors import counts
from graph.services import (
    follow_create,
    follow_delete,
    follower_remove,
    request_approve,
    request_cancel,
    request_decline,
)
from graph.tables import GRAPH
from tests.accounts.factory import a_user
from tests.faults.proxy import Fault, FaultyServer, faulty_dynamodb, script
from tests.graph.factory import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
Act = Callable[..., Any]


@dataclass(frozen=True)
class Story:
    """`act` is what is said twice; `before` makes it possible, `since` happens between."""

    act: Act
    before: tuple[Act, ...]
    since: tuple[Act, ...]
    private: bool = False


def blocks(*, follower_id: UserId, followee_id: UserId, **named: Any) -> None:
    block_create(blocker_id=follower_id, blocked_id=followee_id, **named)


def unblocks(*, follower_id: UserId, followee_id: UserId, **named: Any) -> None:
    block_delete(blocker_id=follower_id, blocked_id=followee_id, **named)


STORIES = {
    "follow": Story(follow_create, (), (follow_delete,)),
    "unfollow": Story(follow_delete, (follow_create,), (follow_create,)),
    "remove": Story(follower_remove, (follow_create,), (follow_create,)),
    "ask": Story(follow_create, (), (request_cancel,), private=True),
    "withdraw": Story(request_cancel, (follow_create,), (follow_create,), private=True),
    "withdraw by leaving": Story(follow_delete, (follow_create,), (follow_create,), private=True),
    "decline": Story(request_decline, (follow_create,), (follow_create,), private=True),
    "approve": Story(request_approve, (follow_create,), (follow_delete, follow_create), private=True),
    "block": Story(blocks, (follow_create,), (unblocks, follow_create)),
    "unblock": Story(unblocks, (blocks,), (blocks,)),
}


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """The engine, and no budget to try again: what is dropped stays unheard."""
    with faulty_dynamodb(script()) as server:
        yield server
    budget.tokens = budget.capacity


def a_pair(*, private: bool) -> dict[str, UserId]:
    return {"follower_id": id_of(a_user("ana")), "followee_id": id_of(a_user("bob", is_private=private))}


def standing(follower_id: UserId, followee_id: UserId) -> tuple[FollowState, bool, Counts]:
    blocked = bool(blocked_among(follower_id, [followee_id], consistent=True))
    return state_get(follower_id, followee_id), blocked, counts(followee_id, consistent=True)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_was_done_unheard_is_not_done_again(server: FaultyServer, story: Story) -> None:
    pair = a_pair(private=story.private)
    for act in story.before:
        act(**pair)
    before = standing(**pair)
    # Leaving whom one only asks takes a second transaction.
    tries = [Fault.NONE] if story is STORIES["withdraw by leaving"] else []
    server.plan = script(*tries, Fault.DROP_AFTER, operation="TransactWriteItems")
    budget.tokens = 0.0
    with pytest.raises(Unavailable):
        story.act(**pair, request_id="tap")
    budget.tokens = budget.capacity
    done = standing(**pair)
    assert done != before
    story.act(**pair, request_id="tap")
    assert standing(**pair) == done
    for act in story.since:
        act(**pair)
    since = standing(**pair)
    assert since != done
    answer = story.act(**pair, request_id="tap")
    assert standing(**pair) == since
    if story.act is follow_create:
        assert answer is FollowState.NONE
    # Another request id, or none, is another request.
    story.act(**pair, request_id="another tap")
    assert standing(**pair) == done


def test_a_wrong_guess_of_the_shard_is_protected_too(server: FaultyServer) -> None:
    pair = a_pair(private=False)
    followee_id = pair["followee_id"]
    heat = heat_get(followee_id, consistent=True)
    while heat.shard_of(pair["follower_id"]) == 0:  # until it would lie elsewhere today
        heat = replace(heat, shards=2 * heat.shards, write_shards=2 * heat.shards)
    follow_create(**pair)
    assert promotion.heat_store(followee_id, replace(heat, version=1), now_ms=1)
    server.seen.clear()
    server.plan = script(Fault.NONE, Fault.DROP_AFTER, operation="TransactWriteItems")
    budget.tokens = 0.0
    with pytest.raises(Unavailable):
        follow_delete(**pair, request_id="tap")
    assert [fault for target, fault in server.seen if target == "TransactWriteItems"] == [
        Fault.NONE,
        Fault.DROP_AFTER,
    ]
    budget.tokens = budget.capacity
    assert standing(**pair) == (FollowState.NONE, False, Counts(0, 0))
    follow_create(**pair)
    follow_delete(**pair, request_id="tap")
    assert standing(**pair) == (FollowState.FOLLOWING, False, Counts(1, 0))


@pytest.mark.parametrize("private", [False, True])
def test_what_needed_no_change_is_not_done_later_either(private: bool) -> None:
    pair = a_pair(private=private)
    state = follow_create(**pair)
    assert follow_create(**pair, request_id="tap") is state
    follow_delete(**pair, request_id="tap")
    assert follow_create(**pair, request_id="tap") is FollowState.NONE
    follow_create(**pair)
    follow_delete(**pair, request_id="tap")
    assert standing(**pair)[0] is state


def test_a_receipt_runs_out_even_if_it_is_still_there() -> None:
    pair = a_pair(private=False)
    follow_create(**pair, request_id="tap")
    follow_delete(**pair)
    receipt = receipt_of("follow", pair["follower_id"], pair["followee_id"], "tap")
    assert receipt is not None
    item = receipt.put().item
    key = {name: item[name] for name in ("pk", "sk")}
    update_item(GRAPH, key, Update(add={"ttl": -KEPT_SECONDS - 60}))
    assert follow_create(**pair, request_id="tap") is FollowState.FOLLOWING
