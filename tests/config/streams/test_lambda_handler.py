"""The same handlers behind Lambda's events, made from records of a real stream."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import kombu.exceptions
import pytest

from config.dynamodb import put_item
from config.streams.lambda_handler import handle
from config.streams.shards import LATEST, readable, send, shards_of, stream_arn
from tests.config.streams.support import Listener, Written, a_name
from tests.config.streams.tables import SONGS


@dataclass
class Context:
    """What Lambda tells a function of its time."""

    left_ms: int = 30_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


def as_json(value: Any) -> str:
    """Bytes as Lambda's JSON has them."""
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode()


def event_of(pk: str, *numbers: int) -> dict[str, Any]:
    """Write items, read their records off the stream, and wrap them as Lambda does."""
    arn = stream_arn(SONGS)
    assert arn is not None
    put_item(SONGS, {"pk": f"{pk} before", "sk": 0})  # DynamoDB Local has no place in a shard without records
    shard = readable(shards_of(arn), finished=set())[-1]
    at = send("get_shard_iterator", StreamArn=arn, ShardId=shard.id, ShardIteratorType=LATEST)[
        "ShardIterator"
    ]
    for number in numbers:
        put_item(
            SONGS, {"pk": pk, "sk": number, "raw": b"\x00\xff", "deep": {"raw": [b"\x01"]}, "all": {b"\x02"}}
        )
    records = send("get_records", ShardIterator=at)["Records"]
    for record in records:
        record["eventSourceARN"] = arn
    event: dict[str, Any] = json.loads(json.dumps({"Records": records}, default=as_json))
    return event


@pytest.fixture
def listener() -> Listener:
    return Listener(a_name()).listen(SONGS)


def test_a_batch_is_handled_in_order(listener: Listener) -> None:
    event = event_of(listener.pk, 1, 2, 3)
    answer = handle(event, Context(), listening=listener.handlers)
    assert answer == {"batchItemFailures": []}
    assert listener.heard == [1, 2, 3]
    assert listener.event_ids == [record["eventID"] for record in event["Records"]]


def test_in_an_outage_lambda_is_told_where_to_begin_again(listener: Listener) -> None:
    def away(event: Written) -> None:
        if event.number == 2:
            raise kombu.exceptions.OperationalError("refused")

    listener.fail = away
    event = event_of(listener.pk, 1, 2, 3)
    answer = handle(event, Context(), listening=listener.handlers)
    second = event["Records"][1]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": second}]}
    assert listener.heard == [1]


def test_a_poisoned_record_goes_to_the_dead_letters_and_the_rest_goes_on(listener: Listener) -> None:
    def choke(event: Written) -> None:
        if event.number == 1:
            raise ValueError("poison")

    listener.fail = choke
    answer = handle(event_of(listener.pk, 1, 2), Context(), listening=listener.handlers)
    assert answer == {"batchItemFailures": []}
    assert listener.heard == [2]


def test_without_time_to_retry_the_record_is_left_to_lambda(listener: Listener) -> None:
    def choke(event: Written) -> None:
        raise ValueError(event)

    listener.fail = choke
    event = event_of(listener.pk, 1)
    answer = handle(event, Context(left_ms=2_000), listening=listener.handlers)
    first = event["Records"][0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": first}]}
