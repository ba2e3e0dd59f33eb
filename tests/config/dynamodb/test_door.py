"""Items, conditions, queries, batches and transactions against a real engine."""

from contextvars import copy_context

import pytest

from config import ids
from config.dynamodb import (
    Change,
    Check,
    ConditionFailed,
    Delete,
    Put,
    SortAbove,
    SortBeginsWith,
    SortBelow,
    SortBetween,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    batch_write,
    delete_item,
    gather,
    get_item,
    put_item,
    query,
    query_all,
    transact,
    update_item,
)
from config.dynamodb.metering import assert_dynamodb_calls, assert_units, metered, rounds
from tests.config.tables import THINGS


@pytest.fixture
def pk() -> str:
    return f"P{ids.next_id()}"


def numbered(pk: str, count: int) -> None:
    batch_write([(THINGS, {"pk": pk, "sk": f"N#{n:03}", "group": pk, "rank": n}) for n in range(count)])


def ranks(rows) -> list[int]:
    return [item["rank"] for item in rows]


def test_an_item_comes_back_as_it_was_stored(pk):
    item = {
        "pk": pk,
        "sk": "a",
        "text": "žluť 🦉",
        "whole": 2**62 + 1,
        "part": -0.1,
        "yes": True,
        "nothing": None,
        "raw": b"\x00\xff",
        "list": [1, "x", {"deep": [2.5]}],
        "names": {"a", "b"},
    }
    put_item(THINGS, item)
    assert get_item(THINGS, {"pk": pk, "sk": "a"}, consistent=True) == item


@pytest.mark.parametrize("value", [object(), set(), {1, 2}, 1j])
def test_a_value_that_dynamodb_lacks_is_refused_at_the_writer(pk, value):
    with assert_dynamodb_calls(0), pytest.raises(TypeError):
        put_item(THINGS, {"pk": pk, "sk": "a", "bad": value})


def test_a_failed_condition_tells_what_is_stored(pk):
    put_item(THINGS, {"pk": pk, "sk": "a", "n": 1})
    with pytest.raises(ConditionFailed) as refusal:
        put_item(THINGS, {"pk": pk, "sk": "a", "n": 2}, condition=attr("pk").missing())
    assert refusal.value.item == {"pk": pk, "sk": "a", "n": 1}
    with pytest.raises(ConditionFailed):
        delete_item(THINGS, {"pk": pk, "sk": "none"}, condition=attr("pk").exists())


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (attr("n") == 5, True),
        (attr("n") != 5, False),
        ((attr("n") > 4) & (attr("n") < 6), True),
        ((attr("n") >= 6) | (attr("n") <= 4), False),
        (~attr("gone").exists(), True),
        (attr("n").is_in([1, 5]), True),
        (attr("tags").contains("x"), True),
        (attr("sk").begins_with("b"), False),
    ],
)
def test_conditions_say_what_they_mean(pk, condition, holds):
    put_item(THINGS, {"pk": pk, "sk": "a", "n": 5, "tags": {"x", "y"}})
    key, touch = {"pk": pk, "sk": "a"}, Update(set={"touched": True})
    if holds:
        assert update_item(THINGS, key, touch, condition=condition)["touched"] is True
    else:
        with pytest.raises(ConditionFailed):
            update_item(THINGS, key, touch, condition=condition)


def test_an_update_sets_adds_removes_takes_and_defaults(pk):
    put_item(THINGS, {"pk": pk, "sk": "a", "n": 5, "old": 1, "tags": {"x", "y"}})
    update = Update(
        set={"t": "z"}, add={"n": 2}, remove=("old",), default={"n2": 7, "t2": 1}, take={"tags": {"x"}}
    )
    changed = update_item(THINGS, {"pk": pk, "sk": "a"}, update)
    assert changed == {"pk": pk, "sk": "a", "n": 7, "t": "z", "n2": 7, "t2": 1, "tags": {"y"}}


def test_a_deleted_item_is_handed_back(pk):
    put_item(THINGS, {"pk": pk, "sk": "a", "n": 1})
    assert delete_item(THINGS, {"pk": pk, "sk": "a"}) == {"pk": pk, "sk": "a", "n": 1}
    assert delete_item(THINGS, {"pk": pk, "sk": "a"}) is None


def test_a_query_walks_a_partition_in_exact_pages(pk):
    numbered(pk, 25)
    first = query(THINGS, pk, limit=10)
    second = query(THINGS, pk, limit=10, start_after=first.last_key)
    third = query(THINGS, pk, limit=10, start_after=second.last_key)
    assert ranks(first.items + second.items + third.items) == list(range(25))
    assert third.last_key is None
    assert ranks(query(THINGS, pk, limit=3, newest_first=True).items) == [24, 23, 22]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (SortBeginsWith("N#00"), list(range(10))),
        (SortBetween("N#003", "N#005"), [3, 4, 5]),
        (SortBelow("N#002"), [0, 1]),
        (SortAbove("N#010"), [11]),
    ],
)
def test_a_query_keeps_to_its_range(pk, sort, expected):
    numbered(pk, 12)
    assert ranks(query(THINGS, pk, sort=sort, limit=50).items) == expected


def test_a_filtered_query_fills_its_page_and_goes_on_where_it_ended(pk):
    numbered(pk, 120)
    even = attr("rank").is_in(list(range(0, 120, 2)))
    first = query(THINGS, pk, limit=40, where=even)
    second = query(THINGS, pk, limit=40, where=even, start_after=first.last_key)
    assert ranks(first.items + second.items) == list(range(0, 120, 2))
    assert second.last_key is None


def test_an_index_is_queried_and_paged_by_its_own_order(pk):
    numbered(pk, 9)
    first = query(THINGS, pk, index="by_rank", limit=4, newest_first=True)
    rest = query(THINGS, pk, index="by_rank", limit=9, newest_first=True, start_after=first.last_key)
    assert ranks(first.items + rest.items) == list(range(8, -1, -1))
    slim = query(THINGS, pk, index="slim", limit=1).items[0]
    assert set(slim) == {"pk", "sk", "group", "rank"}


def test_query_all_passes_the_page_size(pk):
    numbered(pk, 1100)
    with metered() as calls:
        assert len(list(query_all(THINGS, pk))) == 1100
    assert len(calls) == 2


def test_batches_of_any_size_keep_order_and_length(pk):
    numbered(pk, 230)
    keys = [(THINGS, {"pk": pk, "sk": f"N#{n:03}"}) for n in (5, 999, 229, 5)]
    found = batch_get(keys)
    assert [item and item["rank"] for item in found] == [5, None, 229, 5]
    everything = [(THINGS, {"pk": pk, "sk": f"N#{n:03}"}) for n in range(230)]
    with assert_dynamodb_calls(3):
        assert [item["rank"] for item in batch_get(everything)] == list(range(230))
    batch_write(deletes=everything)
    assert query(THINGS, pk, limit=1).items == []


def test_a_transaction_is_all_or_nothing_and_names_its_reasons(pk):
    put_item(THINGS, {"pk": pk, "sk": "a", "n": 1})
    with pytest.raises(TransactionCancelled) as refusal:
        transact(
            [
                Put(THINGS, {"pk": pk, "sk": "new"}),
                Change(THINGS, {"pk": pk, "sk": "a"}, Update(add={"n": 1}), attr("n") == 9),
                Check(THINGS, {"pk": pk, "sk": "none"}, attr("pk").missing()),
            ]
        )
    assert [reason.failed for reason in refusal.value.reasons] == [False, True, False]
    assert refusal.value.reasons[1].item == {"pk": pk, "sk": "a", "n": 1}
    assert get_item(THINGS, {"pk": pk, "sk": "new"}) is None
    transact([Delete(THINGS, {"pk": pk, "sk": "a"}), Put(THINGS, {"pk": pk, "sk": "b"})])
    assert [item["sk"] for item in query(THINGS, pk, limit=9).items] == ["b"]


def test_a_token_makes_a_second_call_harmless(pk):
    add = [Change(THINGS, {"pk": pk, "sk": "a"}, Update(add={"n": 1}))]
    transact(add, token=f"token-{pk}")
    transact(add, token=f"token-{pk}")
    assert get_item(THINGS, {"pk": pk, "sk": "a"}) == {"pk": pk, "sk": "a", "n": 1}


def test_units_follow_aws_rules(pk):
    plain = {"pk": pk, "sk": "a"}
    with assert_units(write=1):
        put_item(THINGS, plain)
    with assert_units(write=2 + 2):  # an item of 1 KB and a bit is two units, and two in a transaction each
        transact([Put(THINGS, {"pk": pk, "sk": "b", "text": "x" * 1100})])
    with assert_units(write=2 + 1 + 1):  # and one for each index that holds it
        transact([Put(THINGS, {"pk": pk, "sk": "c", "group": pk, "rank": 1})])
    with assert_units(
        write=2 + 2
    ):  # an index entry whose key moves is removed and put; the other takes no part
        transact([Change(THINGS, {"pk": pk, "sk": "c"}, Update(set={"rank": 2}, remove=("group",)))])
    with assert_units(read=1.5, write=0):
        get_item(THINGS, plain)
        get_item(THINGS, plain, consistent=True)
    missing = (THINGS, {"pk": pk, "sk": "missing"})
    with assert_units(read=0.5 + 0.5, write=0):  # what is not there costs the least read
        batch_get([(THINGS, plain), missing])
    with assert_units(read=1, write=0):
        batch_get([missing], consistent=True)


def test_gathered_reads_are_one_round_and_are_metered(pk):
    numbered(pk, 3)
    reads = [lambda n=n: get_item(THINGS, {"pk": pk, "sk": f"N#{n:03}"}) for n in range(3)]
    with metered() as calls:
        found = gather(*reads)
        get_item(THINGS, {"pk": pk, "sk": "x"})
    assert ranks(found) == [0, 1, 2]
    assert len(calls) == 4
    assert rounds(calls) == 2
    with metered() as calls:
        gather(reads[0], lambda: [read() for read in reads])
        reads[0]()
    assert (len(calls), rounds(calls)) == (5, 4), "the longest branch counts"


def test_a_meter_sees_its_own_block_only(pk):
    with metered() as outer:
        get_item(THINGS, {"pk": pk, "sk": "x"})
        with assert_dynamodb_calls(1):
            get_item(THINGS, {"pk": pk, "sk": "x"})
    copy_context().run(get_item, THINGS, {"pk": pk, "sk": "x"})
    assert len(outer) == 2
