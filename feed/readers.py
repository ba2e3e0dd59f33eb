"""The partition of one reader in the table "feed": what they pull, how often they read, whom they follow."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from django.dispatch import receiver

from config.dynamodb import (
    ConditionFailed,
    Item,
    Update,
    attr,
    batch_write,
    gather,
    get_item,
    query,
    update_item,
)
from config.entities import UserId
from feed.activity_repository import state_of
from feed.fingerprints import chunk_of, fingerprint
from feed.reader_entities import Followees, People, ReaderRecord
from feed.repository import pulls_of
from feed.tables import FEED, FOLLOWS, MUTES, follows_key, mutes_key, pulls_key
from graph.begun import begun_lately
from graph.mutes import mute_lies
from graph.signals import block_made, mute_coming

ITEMS_AT_MOST: Final = 100


def reader_record(reader_id: UserId) -> ReaderRecord:
    """All that the feed keeps of a reader.

    Cost: 1 Query, 0.5 RU up to some 700 followees, 3 RU for 5,000. Consistency: eventual.
    """
    partition = pulls_key(reader_id)["pk"]
    return record_of(query(FEED, partition, limit=ITEMS_AT_MOST).items)


def record_of(items: Iterable[Item]) -> ReaderRecord:
    """The record that these items make; what is not there is not known."""
    by_key = {item["sk"]: item for item in items}
    state = by_key.get("STATE", {})
    about = by_key.get(FOLLOWS, {})
    chunks = (item.get("f", ()) for key, item in by_key.items() if key.startswith(f"{FOLLOWS}#"))
    return ReaderRecord(
        pulls_of(by_key.get("PULLS")),
        state_of(state) if "rate_at_ms" in state else None,
        Followees(
            frozenset(mark for chunk in chunks for mark in chunk),
            about.get("built_at_ms"),
            about.get("asked_at_ms", 0),
            about.get("lacking_ms", 0),
            about.get("rebuilt_at_ms", 0),
        ),
        People(frozenset(by_key.get(MUTES, {}).get("f", ()))),
    )


def follows_are_coming(reader_id: UserId) -> bool:
    """Whether somebody is followed whose earlier posts may not be there yet: the stream has not told of the follow.

    Cost: 1 round trip to the cache; for a minute after a follow as `reader_record`.
    """
    begun = begun_lately(reader_id)
    return bool(begun) and not all(user_id in reader_record(reader_id).followees for user_id in begun)


def record_is_kept(reader_id: UserId) -> bool:
    """Whether a page has ever asked that whom the reader follows be written down. Until then pages ask the graph.

    What was followed before the asking is found by the walk that comes of it, and the inbox filled from there.

    Cost: 1 RU. Consistency: strong.
    """
    found = get_item(FEED, follows_key(reader_id), consistent=True, attributes=("asked_at_ms",))
    return found is not None and "asked_at_ms" in found


def followees_add(reader_id: UserId, followee_ids: Iterable[UserId]) -> None:
    """The reader follows these.

    Cost: 1 WU a chunk, so 1 for one followee. Idempotent: by reader and followee.
    """
    for chunk, marks in _chunked(followee_ids).items():
        update_item(FEED, follows_key(reader_id, chunk), Update(add={"f": marks}))


def followee_take(reader_id: UserId, followee_id: UserId) -> None:
    """The reader follows this person no longer. Who is gone gets no item by it.

    Cost: 1 WU. Idempotent: by reader and followee.
    """
    mark = fingerprint(followee_id)
    key = follows_key(reader_id, chunk_of(mark))
    with suppress(ConditionFailed):
        update_item(FEED, key, Update(take={"f": {mark}}), condition=attr("pk").exists())


def rebuild_ask(reader_id: UserId, *, at_ms: int, lacking: bool) -> None:
    """Everybody followed is to be written down, and the inbox filled: the stream tells (`feed.events`).

    `lacking`: until then the inbox is not believed, but for what is posted from now on.

    Cost: 1 WU. Idempotent: by moment.
    """
    found = {"asked_at_ms": at_ms} | ({"lacking_ms": at_ms} if lacking else {})
    update_item(FEED, follows_key(reader_id), Update(set=found))


def lacking_note(reader_id: UserId, *, at_ms: int) -> None:
    """The inbox may lack what was posted before that moment, until what is asked for later has been done.

    Cost: 1 WU. Idempotent: by moment.
    """
    update_item(FEED, follows_key(reader_id), Update(set={"lacking_ms": at_ms}))


def rebuild_done(reader_id: UserId, *, at_ms: int) -> None:
    """What was asked at that moment is done.

    Cost: 1 WU. Idempotent: by moment. Who is gone gets no item by it.
    """
    done = Update(set={"built_at_ms": at_ms, "rebuilt_at_ms": at_ms})
    with suppress(ConditionFailed):
        update_item(FEED, follows_key(reader_id), done, condition=attr("pk").exists())


def perhaps_muted_add(reader_id: UserId, muted_ids: Iterable[UserId]) -> None:
    """The reader has muted these, or is about to. Who is in is asked after, no more.

    Cost: 1 WU a KB. Idempotent: by reader and person.
    """
    if marks := {fingerprint(muted_id) for muted_id in muted_ids}:
        update_item(FEED, mutes_key(reader_id), Update(add={"f": marks}))


def perhaps_muted_sync(*, reader_id: UserId, other_id: UserId) -> None:
    """Keep whoever is muted, and nobody else, once a mute has come or gone.

        unmute's event   no mute ...... takes ................... looks again
        mute             ... notes ............ is written ...... its event: notes

    Cost: 1 or 2 read units and 1 write unit. Idempotent: by reader and person.
    """
    if not mute_lies(reader_id, other_id):
        taken = Update(take={"f": {fingerprint(other_id)}})
        with suppress(ConditionFailed):
            update_item(FEED, mutes_key(reader_id), taken, condition=attr("pk").exists())
    if mute_lies(reader_id, other_id):
        perhaps_muted_add(reader_id, [other_id])


@receiver(mute_coming)
def mute_noted(muter_id: UserId, muted_id: UserId, **_: Any) -> None:
    """Before the mute, so that it hides at once."""
    perhaps_muted_add(muter_id, [muted_id])


@receiver(block_made)
def follows_severed(blocker_id: UserId, blocked_id: UserId, **_: Any) -> None:
    """Before the block is answered: who sees posts by what is kept here is not asked about blocks."""
    gather(partial(followee_take, blocker_id, blocked_id), partial(followee_take, blocked_id, blocker_id))


def record_delete(reader_id: UserId) -> None:
    """Forget all that is kept of a reader.

    Cost: 1 Query, 0.5 RU a 4 KB; 1 WU an item. Idempotent: by reader.
    """
    rows = query(
        FEED, pulls_key(reader_id)["pk"], limit=ITEMS_AT_MOST, consistent=True, attributes=("pk", "sk")
    )
    batch_write(deletes=[(FEED, row) for row in rows.items])


def _chunked(followee_ids: Iterable[UserId]) -> dict[int, set[bytes]]:
    chunks: dict[int, set[bytes]] = defaultdict(set)
    for followee_id in followee_ids:
        mark = fingerprint(followee_id)
        chunks[chunk_of(mark)].add(mark)
    return chunks
