"""One request to DynamoDB: retried by the one policy, metered, its errors translated."""

from collections.abc import Iterable, Mapping
from functools import partial
from time import monotonic
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from config import kept, stamps
from config.dynamodb.admission import admission
from config.dynamodb.client import client
from config.dynamodb.errors import error_code, is_unknown_outcome, translated
from config.dynamodb.joining import flights, key_of
from config.dynamodb.metering import Call, next_round, record
from config.dynamodb.retry import with_retries
from config.dynamodb.tables import Table
from config.metrics import DYNAMODB_RETRIES

READS = frozenset({"get_item", "query", "batch_get_item", "scan"})


def consumed_units(response: Mapping[str, Any]) -> float:
    """Capacity units that the engine reports, over all tables and indexes of a request."""
    rows = response.get("ConsumedCapacity") or []
    return sum(float(row["CapacityUnits"]) for row in ([rows] if isinstance(rows, Mapping) else rows))


class Attempt:
    """The sending of one request, with what its tries met on the way."""

    def __init__(self, operation: str, tables: tuple[Table, ...], parameters: dict[str, Any]) -> None:
        self.operation = operation
        self.tables = tuple(table.name for table in tables)
        self.kept = frozenset(prefix for table in tables for prefix in table.kept)
        self.stamped = [rule for table in tables for rule in table.stamped]
        self.parameters = {**parameters, "ReturnConsumedCapacity": "TOTAL"}
        self.met_unknown_outcome = False

    def __call__(self) -> Any:
        """Send it once, when there is a place for it, and count it."""
        with admission().place(write=self.operation not in READS):
            return self._sent()

    def _sent(self) -> Any:
        started, response, code = monotonic(), {}, None
        try:
            response = client().direct.send(self.operation, self.parameters)
        except (ClientError, BotoCoreError) as error:
            code = error_code(error)
            self.met_unknown_outcome |= is_unknown_outcome(error)
            raise
        finally:
            self.count(started, response, code)
        return response

    def count(self, started: float, response: Mapping[str, Any], code: str | None) -> None:
        """Record the try for metrics and meters."""
        reported = consumed_units(response)
        reads = self.operation in READS
        call = Call(
            operation=self.operation,
            tables=self.tables,
            index=self.parameters.get("IndexName"),
            read_units=self.units_read(reported, response) if reads else 0.0,
            write_units=0.0 if reads else self.units_written(reported, response),
            started=started,
            ended=monotonic(),
            round=next_round(),
            error=code,
        )
        record(call)

    def count_retry(self) -> None:
        """Count that it is sent once more."""
        DYNAMODB_RETRIES.labels(operation=self.operation, table="+".join(self.tables)).inc()

    def tell_written(self) -> None:
        """What was kept of these partitions is kept no longer. Cost: 1 round trip to Redis if any was declared."""
        names = kept.names_written(self.parameters, self.kept) if self.kept else set[str]()
        if self.stamped:
            names |= stamps.names_written(self.parameters, self.stamped)
        kept.forget(names)

    def units_read(self, reported: float, response: Mapping[str, Any]) -> float:  # noqa: ARG002  # for subclasses
        """Read units of the try: here what the engine reports."""
        return reported

    def units_written(self, reported: float, response: Mapping[str, Any]) -> float:  # noqa: ARG002  # for subclasses
        """Write units of the try: here what the engine reports."""
        return reported


def send(attempt: Attempt, *, repeatable: bool) -> Any:
    """Carry out an attempt with retries.

    Raises: Throttled, DatabaseUnavailable, Overloaded, ConditionFailed, TransactionCancelled; botocore's ClientError for a fault in
    the request itself, which is a bug of ours and not a state of the world.
    """
    try:
        return with_retries(attempt, repeatable=repeatable, on_retry=attempt.count_retry)
    except (ClientError, BotoCoreError) as error:
        translation = translated(error)
        if translation is error:
            raise
        raise translation from error
    finally:  # also of what was refused: its answer may be the second one
        if attempt.operation not in READS:
            attempt.tell_written()


def request(operation: str, tables: Iterable[Table], *, repeatable: bool, **parameters: Any) -> Any:
    """Send one request about some tables. `repeatable`: doing it twice is harmless.

    What others of this process ask for at the same time is sent once; the answer is shared, and not to be changed.
    """
    sent = partial(send, Attempt(operation, tuple(tables), parameters), repeatable=repeatable)
    key = key_of(operation, parameters)
    return sent() if key is None else flights().share(key, sent)
