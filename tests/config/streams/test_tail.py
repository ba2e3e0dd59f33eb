"""Reading on, whatever becomes of the iterator."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from config.dynamodb import Throttled, put_item
from config.streams.change import change_of
from config.streams.errors import StreamGone
from config.streams.shards import LATEST, TRIM_HORIZON, client, readable, shards_of, stream_arn
from config.streams.tail import ShardTail
from tests.config.streams.support import a_name, write
from tests.config.streams.tables import TALES


def a_tail(position: str = LATEST) -> ShardTail:
    arn = stream_arn(TALES)
    assert arn is not None
    shard = readable(shards_of(arn), finished=set())[-1]
    tail = ShardTail(TALES, arn, shard.id, position)
    tail.seek()
    return tail


def numbers(tail: ShardTail, pk: str) -> list[int]:
    return [change.keys["sk"] for change in tail.read() if change.keys["pk"] == pk]


@contextmanager
def refusing(operation: str, code: str, times: int) -> Iterator[list[str]]:
    """The endpoint answers so many requests with an error, before they are sent."""
    refused: list[str] = []

    direct = client().direct
    send = direct.send

    def refuse(asked: str, parameters: dict[str, Any]) -> Any:
        if asked != operation or len(refused) >= times:
            return send(asked, parameters)
        refused.append(code)
        raise ClientError({"Error": {"Code": code, "Message": "as told"}}, operation)

    direct.send = refuse
    try:
        yield refused
    finally:
        direct.send = send


def test_latest_means_the_moment_of_seeking() -> None:
    pk = a_name()
    write(TALES, pk, 1)
    tail = a_tail()
    write(TALES, pk, 2, 3)
    assert numbers(tail, pk) == [2, 3]
    assert numbers(tail, pk) == []
    write(TALES, pk, 4)
    assert numbers(tail, pk) == [4]


def test_a_position_is_where_another_reader_goes_on() -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1, 2)
    tail.read()
    write(TALES, pk, 3)
    assert numbers(a_tail(tail.position), pk) == [3]
    assert numbers(a_tail(TRIM_HORIZON), pk)[-3:] == [1, 2, 3]


def test_a_change_keeps_its_event_id_at_every_delivery() -> None:
    tail, again = a_tail(), a_tail()
    write(TALES, a_name(), 1, 2)
    assert [change.event_id for change in tail.read()] == [change.event_id for change in again.read()]


def test_botocores_way_and_the_short_one_tell_the_same() -> None:
    """Times are numbers in one and moments in the other; what is binary is bytes in both."""
    tail, pk = a_tail(), a_name()
    put_item(
        TALES,
        {"pk": pk, "sk": 1, "b": b"\0roost", "s": {"a", "b"}, "m": {"B": "no bytes", "l": [1, None, True]}},
    )
    write(TALES, pk, 2)
    asked = {"ShardIterator": tail._iterator, "Limit": 10}
    told = [
        [change_of(TALES, record) for record in answer["Records"]]
        for answer in (client().get_records(**asked), client().direct.send("get_records", asked))
    ]
    assert told[0] == told[1]
    image = told[1][0].new
    assert image is not None
    assert (image["b"], image["s"]) == (b"\0roost", {"a", "b"})
    for wrong in ({"ShardIterator": "none of yours"}, {"ShardIterator": ""}):
        codes = []
        for ask in (
            partial(client().get_records, **wrong),
            partial(client().direct.send, "get_records", wrong),
        ):
            with pytest.raises(ClientError) as refused:
                ask()
            codes.append((type(refused.value), refused.value.response["Error"]["Code"]))
        assert codes[0] == codes[1]


def test_an_expired_iterator_is_renewed_from_the_position() -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1)
    assert numbers(tail, pk) == [1]
    write(TALES, pk, 2)
    with refusing("get_records", "ExpiredIteratorException", 1) as refused:
        assert numbers(tail, pk) == [2]
    assert refused


def test_an_expired_iterator_at_latest_reads_all_rather_than_miss_one() -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1)
    with refusing("get_records", "ExpiredIteratorException", 1):
        assert numbers(tail, pk) == [1]


def test_an_iterator_of_sixteen_minutes_ago_is_refused_by_the_engine_and_renewed() -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1)
    assert numbers(tail, pk) == [1]
    aged = aged_by_minutes(str(tail._iterator), 16)
    if aged is None:
        pytest.skip("this engine's iterators can't be aged by hand")
    tail._iterator = aged
    write(TALES, pk, 2)
    assert numbers(tail, pk) == [2]


def aged_by_minutes(iterator: str, minutes: int) -> str | None:
    """DynamoDB Local's iterators end in shard, position and time of making, in base 64."""
    if iterator.count("|") != 2:
        return None
    stream, version, encoded = iterator.split("|")
    shard, position, made_at = base64.b64decode(encoded + "==").decode().split("|")
    older = str(int(made_at) - minutes * 60_000).zfill(len(made_at))
    packed = base64.b64encode(f"{shard}|{position}|{older}".encode()).decode().rstrip("=")
    return f"{stream}|{version}|{packed}"


@pytest.mark.parametrize("operation", ["get_shard_iterator", "get_records"])
def test_trimmed_records_are_said_and_reading_goes_on_at_the_oldest_kept(operation: str, caplog) -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1)
    tail.read()
    write(TALES, pk, 2)
    late = a_tail()
    late.position, late._iterator = tail.position, tail._iterator if operation == "get_records" else None
    with refusing(operation, "TrimmedDataAccessException", 1):
        assert numbers(late, pk) == [1, 2]
    assert "stream_trimmed" in caplog.text


def test_at_latest_nothing_handled_can_be_trimmed_so_it_is_no_loss(caplog) -> None:
    pk = a_name()
    tail = a_tail()
    write(TALES, pk, 1)
    with refusing("get_records", "TrimmedDataAccessException", 1):
        assert numbers(tail, pk) == [1]
    assert "stream_trimmed" not in caplog.text


def test_other_refusals_are_the_caller_s_to_wait_for() -> None:
    tail = a_tail()
    put_item(TALES, {"pk": a_name(), "sk": 1})
    with refusing("get_records", "LimitExceededException", 1), pytest.raises(Throttled):
        tail.read()
    assert len(tail.read()) == 1
    lost = ShardTail(TALES, tail.stream_arn, tail.shard_id + "x", LATEST)
    with pytest.raises(StreamGone):
        lost.read()
