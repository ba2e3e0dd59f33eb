"""How often readers come, in DynamoDB: the STATE item of each reader's partition."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from config.dynamodb import (
    ConditionFailed,
    Item,
    Update,
    attr,
    batch_get,
    gather,
    get_item,
    update_item,
)
from config.entities import UserId
from feed.activity_entities import ReaderState
from feed.tables import FEED, reader_state_key

READERS_A_REQUEST = 100
OWN_WRITERS = {"decided_at_ms"}
"""What others write; a note of reads leaves it alone."""


def state_of(item: Item) -> ReaderState:
    """STATE as it is stored; what a newer attribute would say is 0 in an item of before it."""
    return ReaderState(
        reads_per_day=float(item.get("reads_per_day", 0.0)),
        rate_at_ms=item.get("rate_at_ms", 0),
        last_read_ms=item.get("last_read_ms", 0),
        kept_days=item.get("kept_days", 1),
        kept_before_days=item.get("kept_before_days", 1),
        kept_changed_ms=item.get("kept_changed_ms", 0),
        awake_since_ms=item.get("awake_since_ms", 0),
        decided_at_ms=item.get("decided_at_ms", 0),
    )


def has_read(reader_id: UserId) -> bool:
    """Whether a read of theirs has ever been noted.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    found = get_item(FEED, reader_state_key(reader_id), consistent=True, attributes=("rate_at_ms",))
    return found is not None and "rate_at_ms" in found


def states_get(reader_ids: Sequence[UserId]) -> dict[UserId, ReaderState]:
    """STATE of those of these readers who have one.

    Cost: 1 round, 0.5 read units a reader. Consistency: eventual. NOTE: not from within a read that is gathered.
    """
    parts = [reader_ids[at : at + READERS_A_REQUEST] for at in range(0, len(reader_ids), READERS_A_REQUEST)]
    found = gather(*(partial(_states_of, part) for part in parts))
    return {reader_id: state for states in found for reader_id, state in states.items()}


def _states_of(reader_ids: Sequence[UserId]) -> dict[UserId, ReaderState]:
    items = batch_get([(FEED, reader_state_key(reader_id)) for reader_id in reader_ids])
    return {
        reader_id: state_of(item)
        for reader_id, item in zip(reader_ids, items, strict=True)
        if item is not None and "rate_at_ms" in item
    }


def state_put(reader_id: UserId, state: ReaderState, *, before: ReaderState | None) -> bool:
    """Note reads; False if somebody else noted some since `before` was read: theirs stand, these are not counted.

    Cost: 1 round trip, 1 write unit. Idempotent: by reader and `before`.
    """
    unchanged = attr("rate_at_ms") == before.rate_at_ms if before else attr("rate_at_ms").missing()
    noted = {name: value for name, value in asdict(state).items() if name not in OWN_WRITERS}
    try:
        update_item(FEED, reader_state_key(reader_id), Update(set=noted), condition=unchanged)
    except ConditionFailed:
        return False
    return True


def state_awake(reader_id: UserId, *, since_ms: int) -> bool:
    """The inbox of a reader who slept has been rebuilt by a run that began after `since_ms`; False if they slept again.

    Cost: 1 round trip, 1 write unit. Idempotent: by reader and return.
    """
    try:
        update_item(
            FEED,
            reader_state_key(reader_id),
            Update(set={"awake_since_ms": 0}),
            condition=attr("awake_since_ms") == since_ms,
        )
    except ConditionFailed:
        return False
    return True


def decided_set(reader_id: UserId, *, at_ms: int) -> None:
    """Push or pull has been decided for all that a reader follows. Who is gone gets no item by it.

    Cost: 1 round trip, 1 write unit. Idempotent.
    """
    with suppress(ConditionFailed):
        update_item(
            FEED,
            reader_state_key(reader_id),
            Update(set={"decided_at_ms": at_ms}),
            condition=attr("rate_at_ms").exists(),
        )
