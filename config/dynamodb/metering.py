"""Every call to DynamoDB, counted: in metrics always, and in a list while somebody looks.

`metered()` collects the calls of a block (threads started through `config.dynamodb.gather` included);
`assert_dynamodb_calls` and `assert_units` make round trips and capacity units a tested contract.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from config.metrics import DYNAMODB_CALLS, DYNAMODB_ERRORS, DYNAMODB_SECONDS, DYNAMODB_UNITS


@dataclass(frozen=True, slots=True)
class Call:
    """One request. Units: capacity units by AWS's rules; times are seconds of a monotonic clock."""

    operation: str
    tables: tuple[str, ...]
    index: str | None
    read_units: float
    write_units: float
    started: float
    ended: float
    error: str | None = None

    @property
    def latency_ms(self) -> float:
        """Time between sending and answer."""
        return (self.ended - self.started) * 1000


_calls: ContextVar[list[Call] | None] = ContextVar("dynamodb_calls", default=None)


def record(call: Call) -> None:
    """Count one call, in the metrics and for whoever is metering."""
    where = {"operation": call.operation, "table": "+".join(call.tables), "index": call.index or ""}
    DYNAMODB_CALLS.labels(**where).inc()
    DYNAMODB_SECONDS.labels(**where).observe(call.ended - call.started)
    if call.read_units:
        DYNAMODB_UNITS.labels(**where, kind="read").inc(call.read_units)
    if call.write_units:
        DYNAMODB_UNITS.labels(**where, kind="write").inc(call.write_units)
    if call.error:
        DYNAMODB_ERRORS.labels(**where, code=call.error).inc()
    if (collected := _calls.get()) is not None:
        collected.append(call)


def is_metered() -> bool:
    """Whether somebody is counting exactly: transactions are then measured by AWS's rules (see `units.py`)."""
    return _calls.get() is not None


@contextmanager
def metered() -> Iterator[list[Call]]:
    """Collect the calls of a block. Nested blocks each see their own and pass theirs outwards."""
    outer = _calls.get()
    calls: list[Call] = []
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)
        if outer is not None:
            outer.extend(calls)


def rounds(calls: list[Call]) -> int:
    """Sequential rounds: the length of the longest chain of calls of which each began after the one before ended."""
    count, free_at = 0, float("-inf")
    for call in sorted(calls, key=lambda call: call.ended):
        if call.started >= free_at:
            count, free_at = count + 1, call.ended
    return count


@contextmanager
def assert_dynamodb_calls(expected: int) -> Iterator[list[Call]]:
    """The block sends exactly this many requests."""
    with metered() as calls:
        yield calls
    listing = [(call.operation, call.tables, call.index, call.error) for call in calls]
    assert len(calls) == expected, f"{len(calls)} requests to DynamoDB instead of {expected}: {listing}"  # noqa: S101  # a test helper


@contextmanager
def assert_units(*, read: float | None = None, write: float | None = None) -> Iterator[list[Call]]:
    """The block consumes exactly these capacity units, by AWS's rules."""
    with metered() as calls:
        yield calls
    read_units, write_units = sum(c.read_units for c in calls), sum(c.write_units for c in calls)
    assert read is None or read_units == read, f"{read_units} read units instead of {read}: {calls}"  # noqa: S101  # a test helper
    assert write is None or write_units == write, f"{write_units} write units instead of {write}: {calls}"  # noqa: S101  # a test helper
