"""The door under throttles, faults and lost answers: what was acknowledged is there once, and nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config import ids
from config.dynamodb import (
    Change,
    ConditionFailed,
    DatabaseUnavailable,
    Put,
    Throttled,
    TransactionCancelled,
    Update,
    attr,
    batch_write,
    delete_item,
    get_item,
    put_item,
    query_all,
    transact,
    update_item,
)
from config.dynamodb.retry import RetryBudget, budget
from tests.config.tables import THINGS
from tests.faults.proxy import Fault, faulty_dynamodb, mix, script

pytestmark = pytest.mark.faults


@pytest.fixture
def pk():
    budget.tokens = budget.capacity
    return f"P{ids.next_id()}"


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.SERVER_ERROR, Fault.DROP_BEFORE, Fault.DROP_AFTER])
def test_a_put_survives(pk, fault):
    with faulty_dynamodb(script(fault, fault)) as proxy:
        put_item(THINGS, {"pk": pk, "sk": "a"}, condition=attr("pk").missing())
    assert [seen for _, seen in proxy.seen] == [fault, fault, Fault.NONE]
    assert get_item(THINGS, {"pk": pk, "sk": "a"}) == {"pk": pk, "sk": "a"}


def test_a_condition_that_failed_for_another_writer_is_not_mistaken_for_our_own_try(pk):
    put_item(THINGS, {"pk": pk, "sk": "a", "by": "other"})
    with faulty_dynamodb(script(Fault.DROP_AFTER)), pytest.raises(ConditionFailed):
        put_item(THINGS, {"pk": pk, "sk": "a", "by": "us"}, condition=attr("pk").missing())


def test_a_conditional_delete_whose_answer_was_lost_counts_as_done(pk):
    put_item(THINGS, {"pk": pk, "sk": "a"})
    with faulty_dynamodb(script(Fault.DROP_AFTER)):
        assert delete_item(THINGS, {"pk": pk, "sk": "a"}, condition=attr("pk").exists()) is None
    assert get_item(THINGS, {"pk": pk, "sk": "a"}) is None


def test_an_update_that_adds_is_never_done_twice(pk):
    with faulty_dynamodb(script(Fault.DROP_AFTER)), pytest.raises(DatabaseUnavailable):
        update_item(THINGS, {"pk": pk, "sk": "a"}, Update(add={"n": 1}))
    with faulty_dynamodb(script(Fault.THROTTLE)):
        update_item(THINGS, {"pk": pk, "sk": "a"}, Update(add={"n": 1}))
    assert get_item(THINGS, {"pk": pk, "sk": "a"})["n"] == 2


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.DROP_AFTER, Fault.DROP_BEFORE, Fault.SERVER_ERROR])
def test_a_transaction_is_done_once(pk, fault):
    with faulty_dynamodb(script(fault, fault, operation="TransactWriteItems")):
        transact(
            [
                Put(THINGS, {"pk": pk, "sk": "edge"}, attr("pk").missing()),
                Change(THINGS, {"pk": pk, "sk": "count"}, Update(add={"n": 1})),
            ]
        )
    assert get_item(THINGS, {"pk": pk, "sk": "count"})["n"] == 1


def test_unprocessed_items_are_written_in_the_end(pk):
    with faulty_dynamodb(script(*[Fault.PARTIAL] * 6)) as proxy:
        batch_write([(THINGS, {"pk": pk, "sk": f"{n:03}"}) for n in range(60)])
    assert len(list(query_all(THINGS, pk))) == 60
    assert sum(fault is Fault.PARTIAL for _, fault in proxy.seen) == 6


def test_a_throttle_without_end_is_an_error_with_a_name(pk):
    with faulty_dynamodb(mix(1, throttle=1.0)), pytest.raises(Throttled) as refusal:
        put_item(THINGS, {"pk": pk, "sk": "a"})
    assert refusal.value.http_status == 503


def test_the_budget_ends_retries_and_fills_up_with_successes():
    small = RetryBudget(capacity=3, refund=0.5)
    assert [small.take() for _ in range(4)] == [True, True, True, False]
    for _ in range(2):
        small.give_back()
    assert small.take()
    assert not small.take()


def test_a_refusal_fills_the_budget_up_like_a_success(pk):
    put_item(THINGS, {"pk": pk, "sk": "a"})
    budget.tokens = 10.0
    for _ in range(3):
        with pytest.raises(ConditionFailed):
            put_item(THINGS, {"pk": pk, "sk": "a"}, condition=attr("pk").missing())
        with pytest.raises(TransactionCancelled):
            transact([Put(THINGS, {"pk": pk, "sk": "a"}, attr("pk").missing())])
    assert budget.tokens == pytest.approx(10 + 6 * budget.refund)


def test_counters_are_exact_under_everything_at_once(pk):
    plan = mix(11, throttle=0.15, server_error=0.03, drop_before=0.02, drop_after=0.03, conflict=0.05)

    def add(n):
        transact(
            [
                Put(THINGS, {"pk": pk, "sk": f"edge#{n}"}, attr("pk").missing()),
                Change(THINGS, {"pk": pk, "sk": "count"}, Update(add={"n": 1})),
            ]
        )

    with faulty_dynamodb(plan) as proxy, ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(150)))
    assert get_item(THINGS, {"pk": pk, "sk": "count"}, consistent=True)["n"] == 150
    assert any(fault is Fault.DROP_AFTER for _, fault in proxy.seen)
