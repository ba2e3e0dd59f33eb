"""Mutes: whose posts a reader does not want at home for a while, or for good. Nobody is told."""

import time
from collections.abc import Iterable, Iterator
from typing import Final

import structlog

from config.entities import UserId
from config.ids import next_id
from graph import mark_repository
from graph.blocks import profile_seen
from graph.errors import MarkSelf
from graph.keys import out_edge_key
from graph.mark_repository import Mark, Marked
from graph.marks import stands
from graph.signals import mute_coming
from graph.slots import is_edge, is_tombstone

logger = structlog.get_logger()

DAY_MS: Final = 24 * 3600 * 1000
DAYS: Final = (1, 7)
"""For how long one may mute, but for good."""
WALKED: Final = 1_000


def mute_create(*, muter_id: UserId, muted_id: UserId, days: int | None = None) -> None:
    """Mute somebody for so many days from now, or for good.

    Cost: 2 requests to DynamoDB, 1 read unit and 3 or 4 write units, and what receivers of `mute_coming` write.
    Idempotent: by both people; the last given end stands.
    Raises: MarkSelf, AccountGone, Blocked.
    """
    if muter_id == muted_id:
        raise MarkSelf
    profile_seen(muter_id, muted_id)
    mute_coming.send(sender=None, muter_id=muter_id, muted_id=muted_id)
    until_ms = None if days is None else time.time_ns() // 1_000_000 + days * DAY_MS
    mark_repository.mute_put(Marked(muter_id, muted_id, next_id(), until_ms))
    logger.info("mute", muter_id=muter_id, muted_id=muted_id, days=days)


def mute_delete(*, muter_id: UserId, muted_id: UserId) -> None:
    """Hear of somebody again.

    Cost: 1 request to DynamoDB, 3 write units.
    Idempotent: by both people.
    """
    removed = mark_repository.mark_delete(Mark.MUTE, muter_id, muted_id)
    logger.info("unmute", muter_id=muter_id, muted_id=muted_id, new=removed)


def followed_and_muted(
    reader_id: UserId, user_ids: Iterable[UserId], *, perhaps_muted: Iterable[UserId] | None = None
) -> tuple[set[UserId], set[UserId]]:
    """Of these people those whom the reader follows, and those whom the reader has muted.

    `perhaps_muted`: who else but these is not muted for certain, so that it is not asked.

    Cost: 1 round trip a 100 questions, 0.5 read units each. Consistency: eventual.
    """
    ids = list(dict.fromkeys(user_ids))
    muted_ids = ids if perhaps_muted is None else list(dict.fromkeys(perhaps_muted))
    slots, marks = mark_repository.slots_and_marks_get(
        Mark.MUTE,
        [out_edge_key(reader_id, user_id) for user_id in ids],
        [(reader_id, user_id) for user_id in muted_ids],
    )
    followed = {user_id for user_id, slot in zip(ids, slots, strict=True) if is_edge(slot)}
    return followed, {marked.other_id for marked in marks if marked is not None and stands(marked)}


def mute_lies(muter_id: UserId, muted_id: UserId) -> bool:
    """Whether there is a mute, one that has ended and is still to be removed included.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return mark_repository.marks_get(Mark.MUTE, [(muter_id, muted_id)], consistent=True)[0] is not None


def ever_muted_ids(muter_id: UserId) -> Iterator[UserId]:
    """All whom somebody has muted, those too whose mute has ended but lies there still.

    Cost: 1 round trip, 0.5 read units a 40. Consistency: eventual (an index).
    """
    after: mark_repository.Marked | None = None
    goes_on = True
    while goes_on:
        found, goes_on = mark_repository.marks_newest_first(Mark.MUTE, muter_id, after=after, limit=WALKED)
        yield from (marked.other_id for marked in found)
        after = found[-1] if found else None


def hidden_among(reader_id: UserId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of these people of whom the reader is told nothing: there is a block between the two, or they are muted.

    Cost: 1 round trip a 50 people, 1 read unit each. Consistency: eventual.
    """
    ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id != reader_id]
    slots, marks = mark_repository.slots_and_marks_get(
        Mark.MUTE,
        [out_edge_key(reader_id, user_id) for user_id in ids],
        [(reader_id, user_id) for user_id in ids],
    )
    blocked = {user_id for user_id, slot in zip(ids, slots, strict=True) if is_tombstone(slot)}
    return blocked | {marked.other_id for marked in marks if marked is not None and stands(marked)}


def muted_among(muter_id: UserId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of these people who are muted now; DynamoDB removes ended mutes late, so their end is looked at.

    Cost: 1 round trip a 100 people, 0.5 read units each. Consistency: eventual.
    """
    pairs = [(muter_id, user_id) for user_id in dict.fromkeys(user_ids)]
    found = mark_repository.marks_get(Mark.MUTE, pairs)
    return {marked.other_id for marked in found if marked is not None and stands(marked)}
