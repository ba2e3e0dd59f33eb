"""Shards of a table's stream: found, read, and in which order they may be.

A shard is closed after some hours or when its partition splits; its children then go on with the same keys. Only
when the parent is handled to its end may a child be begun, or changes of one item would be handled out of order:

    parent  |--1--2--3--|                 closed, checkpoint FINISHED
    child                |--4--5-->       may be read now
"""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from config.dynamodb import Table
from config.dynamodb.client import boto_client
from config.dynamodb.client import client as tables_client
from config.streams.errors import StreamGone, translated_stream_error

# Positions in a shard that are no sequence number.
TRIM_HORIZON = "TRIM_HORIZON"
LATEST = "LATEST"
FINISHED = "FINISHED"


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard as DescribeStream tells of it. `last_sequence` is known of closed ones only."""

    stream_arn: str
    id: str
    parent_id: str | None
    is_closed: bool
    last_sequence: str = ""


@cache
def client() -> Any:
    """The process's client of the streams endpoint; threads share it."""
    return boto_client("dynamodbstreams")


# A forked worker must not write into its parent's sockets.
os.register_at_fork(after_in_child=client.cache_clear)


def send(operation: str, **request: Any) -> dict[str, Any]:
    """One request to the streams endpoint. Its caller knows whether and when to try again.

    Raises: ExpiredIterator, TrimmedData, StreamGone, Throttled, DatabaseUnavailable.
    """
    try:
        answer: dict[str, Any] = client().direct.send(operation, request)
    except (ClientError, BotoCoreError) as error:
        raise translated_stream_error(error) from error
    return answer


def stream_arn(table: Table) -> str | None:
    """The table's present stream; None while there is no such table, or no stream on it.

    Cost: one request, no units.
    """
    try:
        answer = tables_client().describe_table(TableName=table.physical_name)
    except (ClientError, BotoCoreError) as error:
        meaning = translated_stream_error(error)
        if isinstance(meaning, StreamGone):
            return None
        raise meaning from error
    arn: str | None = answer["Table"].get("LatestStreamArn")
    return arn


def shards_of(arn: str) -> list[Shard]:
    """All shards that the stream still keeps, closed ones included.

    Cost: one request per 100 shards, no units.
    """
    shards: list[Shard] = []
    request: dict[str, Any] = {"StreamArn": arn}
    while True:
        described = send("describe_stream", **request)["StreamDescription"]
        for row in described["Shards"]:
            last = row.get("SequenceNumberRange", {}).get("EndingSequenceNumber", "")
            shards.append(Shard(arn, row["ShardId"], row.get("ParentShardId"), bool(last), last))
        if not described.get("LastEvaluatedShardId"):
            return shards
        request["ExclusiveStartShardId"] = described["LastEvaluatedShardId"]


def readable(shards: Iterable[Shard], finished: Collection[str]) -> list[Shard]:
    """Shards that may be read now: not finished, and no parent that is still kept and unfinished."""
    shards = list(shards)
    kept = {shard.id for shard in shards}
    return [
        shard
        for shard in shards
        if shard.id not in finished and (shard.parent_id not in kept or shard.parent_id in finished)
    ]
