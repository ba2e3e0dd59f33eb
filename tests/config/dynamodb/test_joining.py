"""Equal reads at the same time: how many are sent, and that none is answered by what was sent before it asked."""

import threading

import pytest

from config.dynamodb import get_item, put_item, query
from config.dynamodb.joining import Flights, key_of
from config.dynamodb.metering import metered
from config.ids import next_id
from config.metrics import DYNAMODB_JOINED
from posts.tables import POSTS
from tests.faults.proxy import Fault, faulty_dynamodb
from tests.hands import Hands
from tests.stack import eventually


class Engine:
    """What a read is sent to: it answers with what is stored when it is sent, once it is let."""

    def __init__(self) -> None:
        self.stored, self.sent = 0, 0
        self.may_answer = threading.Event()

    def read(self) -> int:
        self.sent += 1
        found = self.stored
        assert self.may_answer.wait(30)
        return found


def joined(flights: Flights, hands: Hands, engine: Engine, readers: int) -> list[int]:
    """So many ask at once while one is under way; what they were answered."""
    first = hands.submit(flights.share, b"key", engine.read)
    eventually(lambda: engine.sent == 1, every_seconds=0.005)
    engine.stored = 1  # acknowledged before the others ask
    others = [hands.submit(flights.share, b"key", engine.read) for _ in range(readers)]
    engine.may_answer.set()
    assert first.result() == 0
    return [other.result() for other in others]


def test_nobody_is_answered_by_what_was_sent_before_they_asked() -> None:
    engine = Engine()
    with Hands(9) as hands:
        assert joined(Flights(), hands, engine, 8) == [1] * 8


def test_however_many_ask_two_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.dynamodb.joining.PATIENCE_SECONDS", 30)
    engine, flights = Engine(), Flights()
    with Hands(9) as hands:
        first = hands.submit(flights.share, b"key", engine.read)
        eventually(lambda: engine.sent == 1, every_seconds=0.005)
        joined_before = DYNAMODB_JOINED._value.get()
        others = [hands.submit(flights.share, b"key", engine.read) for _ in range(8)]
        eventually(lambda: DYNAMODB_JOINED._value.get() == joined_before + 7, every_seconds=0.005)
        engine.may_answer.set()
        assert [one.result() for one in (first, *others)] == [0] * 9
    assert engine.sent == 2
    assert not flights._flying


def test_one_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.dynamodb.joining.PATIENCE_SECONDS", 0.01)
    hanging, flights = Engine(), Flights()
    with Hands(1) as hands:
        first = hands.submit(flights.share, b"key", hanging.read)
        eventually(lambda: hanging.sent == 1, every_seconds=0.005)
        assert flights.share(b"key", lambda: 7) == 7
        assert flights.share(b"key", lambda: 8) == 8
        hanging.may_answer.set()
        assert first.result() == 0
    assert not flights._flying


def test_a_failure_is_of_those_alone_who_sent() -> None:
    def fails() -> int:
        raise ZeroDivisionError

    flights = Flights()
    with pytest.raises(ZeroDivisionError):
        flights.share(b"key", fails)
    assert flights.share(b"key", lambda: 1) == 1
    assert not flights._flying


def test_which_reads_are_equal() -> None:
    one = key_of("get_item", {"TableName": "posts", "Key": {"pk": {"S": "A"}}, "ConsistentRead": False})
    assert one == key_of(
        "get_item", {"TableName": "posts", "Key": {"pk": {"S": "A"}}, "ConsistentRead": False}
    )
    assert one != key_of(
        "get_item", {"TableName": "posts", "Key": {"pk": {"S": "B"}}, "ConsistentRead": False}
    )
    assert key_of("get_item", {"Key": {"pk": {"B": b"\xff"}}}) is not None
    assert key_of("get_item", {"TableName": "posts", "ConsistentRead": True}) is None
    assert key_of("update_item", {"TableName": "posts"}) is None


def test_a_crowd_reads_one_item() -> None:
    key = {"pk": f"JOINED#{next_id()}", "sk": "A"}
    put_item(POSTS, key | {"text": "one"})
    with faulty_dynamodb(lambda _target: Fault.SLOW) as proxy, Hands(12) as hands:
        reads = [hands.submit(get_item, POSTS, key) for _ in range(12)]
        assert all(read.result()["text"] == "one" for read in reads)
    assert len(proxy.seen) < 12
    with metered() as calls:
        assert query(POSTS, key["pk"], limit=1).items[0]["text"] == "one"
    assert len(calls) == 1
