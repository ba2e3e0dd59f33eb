"""Reading one shard onwards from a position, whatever becomes of its iterators."""

from typing import Any

import structlog

from config.dynamodb import Table
from config.metrics import STREAM_RECORDS
from config.streams.change import Change, change_of
from config.streams.errors import ExpiredIterator, TrimmedData
from config.streams.shards import LATEST, TRIM_HORIZON, send

logger = structlog.get_logger()
BATCH = 1000  # DynamoDB's own limit; it also ends a batch at 1 MB


class ShardTail:
    """A place in a shard. `position` is the sequence number read last, or TRIM_HORIZON or LATEST before the first."""

    def __init__(self, table: Table, stream_arn: str, shard_id: str, position: str) -> None:
        self.table = table
        self.stream_arn = stream_arn
        self.shard_id = shard_id
        self.position = position
        self.has_ended = False
        self._iterator: str | None = None

    def read(self) -> list[Change]:
        """The next changes, oldest first; empty where there are none yet.

        Sets `has_ended` with the last records of a closed shard.
        Cost: one request, two after a new position; no units of the table.
        Raises: StreamGone, Throttled, DatabaseUnavailable.
        """
        answer = self._records()
        self._iterator = answer.get("NextShardIterator")
        self.has_ended = self._iterator is None
        changes = [change_of(self.table, record) for record in answer["Records"]]
        if changes:
            self.position = changes[-1].sequence
        return changes

    def seek(self) -> None:
        """Fix the place now instead of at the first read: LATEST means the end at this moment."""
        if self._iterator is None:
            self._iterator = self._iterator_at(self.position)

    def _records(self) -> dict[str, Any]:
        try:
            self.seek()
            return send("get_records", ShardIterator=self._iterator, Limit=BATCH)
        except ExpiredIterator:
            # Where the end was when LATEST was fixed is not known any more. Twice is allowed, lost is not.
            self.position = TRIM_HORIZON if self.position == LATEST else self.position
        except TrimmedData:
            self._say_trimmed()
            self.position = TRIM_HORIZON
        self._iterator = self._iterator_at(self.position)
        return send("get_records", ShardIterator=self._iterator, Limit=BATCH)

    def _say_trimmed(self) -> None:
        facts = {"table": self.table.name, "shard": self.shard_id, "position": self.position}
        if self.position in {TRIM_HORIZON, LATEST}:
            # DynamoDB Local numbers all tables in one row, and takes the gap before a shard's first record for a loss.
            logger.debug("stream_position_renewed", **facts)
            return
        logger.error("stream_trimmed", **facts)
        STREAM_RECORDS.labels(self.table.name, "trimmed").inc()

    def _iterator_at(self, position: str) -> str:
        request = {"StreamArn": self.stream_arn, "ShardId": self.shard_id}
        if position in {TRIM_HORIZON, LATEST}:
            request["ShardIteratorType"] = position
        else:
            request |= {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": position}
        iterator: str = send("get_shard_iterator", **request)["ShardIterator"]
        return iterator
