"""What is kept of a partition: filled by who read it, never over a write that came meanwhile, whoever made it and how."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from config import kept, stamps
from config.dynamodb import Change, Update, attr, batch_write, delete_item, put_item, transact, update_item
from config.dynamodb.errors import ConditionFailed
from config.ids import next_id
from config.kept import NOTHING_KEPT, Kept, names_written
from config.redis_debts import debts
from feed.tables import FEED
from posts.tables import POSTS

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def pk() -> str:
    """A partition of which reads are kept."""
    return f"READER#{next_id()}"


def test_what_was_filled_is_there_for_the_next_one(pk: str) -> None:
    first, beside = Kept([pk]), Kept([pk])
    assert pk not in first
    beside.fill({pk: "not mine to fill"})
    first.fill({pk: [1, "two"], "READER#another": 3})
    assert Kept([pk, "READER#another"]).get(pk) == [1, "two"]
    assert "READER#another" not in Kept(["READER#another"])
    again = Kept([pk])
    again.fill({pk: "newer"})
    first.fill({pk: "older"})
    assert Kept([pk]).get(pk) == "newer", "whoever read it before may not fill any more"


@pytest.mark.parametrize("is_filled", [False, True])
@pytest.mark.parametrize("how", ["put", "update", "delete", "batch", "transaction", "refused"])
def test_every_write_forgets_and_refuses_what_was_read_before_it(pk: str, how: str, is_filled: bool) -> None:
    key = {"pk": pk, "sk": "STATE"}
    if is_filled:
        Kept([pk]).fill({pk: "old"})
    reader = Kept([pk])
    assert (pk in reader) is is_filled
    writes: dict[str, Any] = {
        "put": lambda: put_item(FEED, {**key, "n": 1}),
        "update": lambda: update_item(FEED, key, Update(set={"n": 1})),
        "delete": lambda: delete_item(FEED, key),
        "batch": lambda: batch_write(puts=[(FEED, {**key, "n": 1})]),
        "transaction": lambda: transact([Change(FEED, key, Update(set={"n": 1}))]),
    }
    if how == "refused":
        with pytest.raises(ConditionFailed):
            put_item(FEED, key, condition=attr("pk").exists())
    else:
        writes[how]()
    reader.fill({pk: "old"})
    assert pk not in Kept([pk])


def test_a_write_names_the_partition_of_an_index_and_none_that_is_not_kept() -> None:
    placed = {
        "Key": {"pk": {"S": "POST#1"}},
        "ExpressionAttributeValues": {":g": {"S": "AUTHOR#7#202611"}, ":n": {"N": "1"}},
    }
    assert names_written(placed, POSTS.kept) == {"AUTHOR#7"}
    other = {"RequestItems": {"t": [{"DeleteRequest": {"Key": {"pk": {"S": "TOPIC#reeds"}}}}]}}
    assert names_written(other, POSTS.kept) == set()


def test_of_two_who_find_nothing_at_once_one_may_fill(pk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one leaves its token after the first has asked, and before it leaves its own."""
    others: list[Kept] = []

    def while_another_comes() -> UUID:
        if not others:
            others.append(NOTHING_KEPT)
            others.append(Kept([pk]))
        return uuid4()

    monkeypatch.setattr(kept, "uuid4", while_another_comes)
    late = Kept([pk])
    assert (others[1].may_fill, late.may_fill) == (True, False)


def test_the_same_filled_again_after_a_write_is_not_what_was_read_before_it(pk: str) -> None:
    Kept([pk]).fill({pk: "same"})
    early = Kept([pk])
    put_item(FEED, {"pk": pk, "sk": "STATE", "n": 1})
    Kept([pk]).fill({pk: "same"})
    early.fill({pk: "of before"})
    assert Kept([pk]).get(pk) == "same"


def test_on_aws_nothing_is_filled_for_a_while_after_a_write(pk: str, settings: Any) -> None:
    settings.DYNAMODB_ENDPOINT = None
    kept.forget([pk])
    assert not Kept([pk]).may_fill


def test_what_could_not_be_taken_away_is_owed(pk: str, redis_stopped: None) -> None:
    before = len(debts)
    kept.forget([pk])
    assert len(debts) == before + 2  # what is kept, and the stamp


def test_a_write_takes_the_stamp_of_its_partition_too(pk: str) -> None:
    before, after = stamps.Watch(), stamps.Watch()
    before.see([pk])
    put_item(FEED, {"pk": pk, "sk": "STATE", "n": 1})
    after.see([pk])
    assert before.stamps[pk] != after.stamps[pk]
