"""The same handlers in AWS Lambda, behind an event source mapping with ReportBatchItemFailures.

Lambda reads the shards and keeps the checkpoints; it delivers a shard's batches in order and repeats one from the
record named in the answer. The function's entry point sets Django up, then names `handle` of this module.

Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", reporting batch item failures.
"""

import base64
import time
from typing import Any

import structlog

from config.dynamodb.tables import table_of
from config.streams.change import change_of
from config.streams.delivery import Delivery
from config.streams.registry import Handlers, handlers

logger = structlog.get_logger()
# Kept back from the function's time, to answer before it is cut off.
RESERVE_SECONDS = 3.0


def handle(event: dict[str, Any], context: Any, *, listening: Handlers = handlers) -> dict[str, Any]:
    """Handle a batch of one shard, in order.

    Shape: {"batchItemFailures": []} when all are done; else the sequence number of the first that is not, from which
    Lambda delivers again. A poisoned record becomes a dead letter here, so it does not block its shard.
    """
    for record in event["Records"]:
        sequence = record["dynamodb"]["SequenceNumber"]
        table = table_of(record["eventSourceARN"].split("/")[1])
        delivery = Delivery(change_of(table, _with_bytes(record)), listening.of(table))
        while (wait := delivery.attempt()) is not None:
            if delivery.outages or wait + RESERVE_SECONDS > context.get_remaining_time_in_millis() / 1000:
                logger.warning("stream_batch_stopped", table=table.name, sequence=sequence)
                return {"batchItemFailures": [{"itemIdentifier": sequence}]}
            time.sleep(wait)
    return {"batchItemFailures": []}


def _with_bytes(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its images as boto3 would give them: JSON has no bytes, so Lambda writes them in base 64."""
    names = {"Keys", "NewImage", "OldImage"}
    detail = {
        name: {key: _value(value) for key, value in part.items()} if name in names else part
        for name, part in record["dynamodb"].items()
    }
    return {**record, "dynamodb": detail}


def _value(wire: dict[str, Any]) -> dict[str, Any]:
    ((kind, value),) = wire.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(value)}
        case "BS":
            return {kind: [base64.b64decode(member) for member in value]}
        case "M":
            return {kind: {key: _value(part) for key, part in value.items()}}
        case "L":
            return {kind: [_value(part) for part in value]}
    return wire
