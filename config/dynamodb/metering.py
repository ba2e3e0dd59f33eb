"""Every call to DynamoDB, counted: in metrics always, and in a list while somebody looks.

`metered()` collects the calls of a block (threads started through `config.dynamodb.gather` included);
`assert_dynamodb_calls` and `assert_units` make round trips and capacity units a tested contract.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass
from functools import cache

from config.metrics import DYNAMODB_CALLS, DYNAMODB_ERRORS, DYNAMODB_SECONDS, DYNAMODB_UNITS


@dataclass(frozen=True, slots=True)
class Call:
    """One request. Units: capacity units by AWS's rules; times are seconds of a monotonic clock.

    `round` is one more than that of the call before it; gathered reads all follow the call before the gathering.
    """

    operation: str
    tables: tuple[str, ...]
    index: str | None
    read_units: float
    write_units: float
    started: float
    ended: float
    round: int
    error: str | None = None

    @property
    def latency_ms(self) -> float:
        """Time between sending and answer."""
        return (self.ended - self.started) * 1000


_calls: ContextVar[list[Call] | None] = ContextVar("dynamodb_calls", default=None)


# How many calls came one after the other in this flow of control. It orders calls and is never reset.
_round: ContextVar[int] = ContextVar("dynamodb_round", default=0)


def next_round() -> int:
    """The round of the call that ends now. Counted, not timed: a busy machine can't make two rounds of one."""
    _round.set(_round.get() + 1)
    return _round.get()


def round_reached(branch: Context) -> int:
    """The round of the last call of a branch."""
    return branch.get(_round, 0)


def join_rounds(branches: Iterable[int]) -> None:
    """Go on after the longest of some branches."""
    _round.set(max(_round.get(), *branches))


class Counters:
    """What is counted of one kind of call. Labels are looked up once a process, for a hot page has a dozen calls."""

    def __init__(self, operation: str, table: str, index: str) -> None:
        self.where = {"operation": operation, "table": table, "index": index}
        self.calls = DYNAMODB_CALLS.labels(**self.where)
        self.seconds = DYNAMODB_SECONDS.labels(**self.where)

    def units(self, kind: str, units: float) -> None:
        """Capacity units of a call; a kind that was never consumed is not shown as zero."""
        if units:
            DYNAMODB_UNITS.labels(**self.where, kind=kind).inc(units)


@cache
def counters(operation: str, tables: tuple[str, ...], index: str | None) -> Counters:
    """Those of calls like this one."""
    return Counters(operation, "+".join(tables), index or "")


def record(call: Call) -> None:
    """Count one call, in the metrics and for whoever is metering."""
    counted = counters(call.operation, call.tables, call.index)
    counted.calls.inc()
    counted.seconds.observe(call.ended - call.started)
    counted.units("read", call.read_units)
    counted.units("write", call.write_units)
    if call.error:
        DYNAMODB_ERRORS.labels(**counted.where, code=call.error).inc()
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


def rounds(calls: Collection[Call]) -> int:
    """Sequential rounds: how many of the calls had to wait for each other."""
    numbers = [call.round for call in calls]
    return max(numbers) - min(numbers) + 1 if numbers else 0


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
