"""How often readers come: what is kept of one, and what a fan-out may know of many."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class ActivityClass(IntEnum):
    """By the days that an item of ordinary relevance stays (`feed.policies.lifetimes`). The higher, the sooner served."""

    DORMANT = 1
    MONTHLY = 2
    WEEKLY = 5
    DAILY = 14


@dataclass(frozen=True, slots=True)
class ReaderState:
    """One reader's habits, written anew at a read, at most once an hour. What it means: `feed.watermarks`.

    `kept_days` was granted at the last writing and fades with the rate. Up to `kept_changed_ms` and a while, items were
    written with `kept_before_days` at the least. `awake_since_ms`: the reader was asleep, and of older posts the inbox
    may lack any; 0 if it doesn't. `decided_at_ms`: when push or pull was last decided for all that they follow.
    """

    reads_per_day: float
    rate_at_ms: int
    last_read_ms: int
    kept_days: int
    kept_before_days: int
    kept_changed_ms: int
    awake_since_ms: int = 0
    decided_at_ms: int = 0


class Activity(NamedTuple):
    """What a fan-out is told of one reader, half an hour old at the most. `last_read_ms` is 0 while no read is known of.

    A tuple, for a page of a fan-out makes a thousand.
    """

    kept_days: int = ActivityClass.DAILY
    last_read_ms: int = 0
    is_online: bool = False
