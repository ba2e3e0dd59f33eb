"""DRAFTS items, where they stand in the list of what is due, and how many there are."""

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from config.dynamodb import (
    Change,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    Put,
    Reason,
    SortBelow,
    TransactionCancelled,
    Update,
    attr,
    batch_write,
    delete_item,
    get_item,
    put_item,
    query,
    query_all,
    transact,
)
from config.entities import UserId
from config.ids import sort_key
from posts.drafts.entities import Draft, DraftId
from posts.drafts.errors import DraftChanged, TooManyDrafts
from posts.drafts.items import body_of_draft, draft_of_item
from posts.drafts.photos import photo_changes
from posts.entities import MediumId
from posts.media.errors import MediumMoved
from posts.repository import keys
from posts.repository.posts import Beside
from posts.tables import POSTS, PUBLISH

DRAFTS_AT_MOST = 100
DELETED_TTL_SECONDS = 24 * 3600
Operations = list[Change | Put | Delete]
NEW = attr("pk").missing()


def put_new(draft: Draft, *, marker: Item | None = None) -> Item | None:
    """Store a draft that was not there, with its photos and its time; or the marker of another that had the same key.

    Cost: 1 request, 2 WU a KB + 2 WU, 2 WU more each for a key and a time, 4 WU a photo. Consistency: transaction.
    Raises: DraftChanged, TooManyDrafts, MediumMoved, and as `photo_changes`.
    """
    room = attr("drafts").missing() | (attr("drafts") < DRAFTS_AT_MOST)
    operations: Operations = [
        Put(POSTS, {**keys.draft(draft.author_id, draft.id), **body_of_draft(draft)}, NEW),
        Change(POSTS, keys.draft_count(draft.author_id), Update(add={"drafts": 1}), room),
        *_times(None, draft),
        *photo_changes(None, draft),
    ]
    if marker:
        operations.append(Put(POSTS, marker, NEW | (attr("ttl") < int(time.time()))))
    try:
        transact(list(operations))
    except TransactionCancelled as cancelled:
        in_use = cancelled.reasons[-1]
        if marker and in_use.failed and in_use.item:
            return in_use.item
        if cancelled.reasons[1].failed:
            raise TooManyDrafts(limit=DRAFTS_AT_MOST) from cancelled
        _refuse(cancelled.reasons)
        raise
    return None


def put_change(before: Draft, after: Draft) -> None:
    """Store the next version of a draft.

    Cost: 1 request, 1 WU a KB; with another time or other photos 2 WU a KB, 2 WU a time and 4 WU a photo.
    Consistency: conditional put, or transaction. Raises: DraftChanged, MediumMoved, and as `photo_changes`.
    """
    item = {**keys.draft(after.author_id, after.id), **body_of_draft(after)}
    beside: Operations = [*_times(before, after), *photo_changes(before, after)]
    if beside:
        _carry_out([Put(POSTS, item, _is_of(before)), *beside])
        return
    try:
        put_item(POSTS, item, condition=_is_of(before))
    except ConditionFailed as moved:
        raise DraftChanged(version=(moved.item or {}).get("version")) from moved


def put_deleted(draft: Draft, *, now_seconds: int) -> None:
    """Take a draft out of the list; for a day it can be had back.

    Cost: 1 request, 4 WU a KB + 2 WU, 2 WU a time, 4 WU a photo. Consistency: transaction.
    Raises: DraftChanged, MediumMoved.
    """
    kept = {**keys.deleted_draft(draft.author_id, draft.id), **body_of_draft(draft)}
    _carry_out([*_gone(draft), Put(POSTS, {**kept, "ttl": now_seconds + DELETED_TTL_SECONDS})])


def put_back(draft: Draft, *, was: Draft) -> None:
    """The reverse of `put_deleted`; a time that is over is not taken up again.

    Cost, Consistency: as `put_deleted`. Raises: DraftChanged, TooManyDrafts, MediumMoved, and as `photo_changes`.
    """
    room = attr("drafts").missing() | (attr("drafts") < DRAFTS_AT_MOST)
    operations: Operations = [
        Delete(POSTS, keys.deleted_draft(was.author_id, was.id), _is_of(was)),
        Change(POSTS, keys.draft_count(draft.author_id), Update(add={"drafts": 1}), room),
        Put(POSTS, {**keys.draft(draft.author_id, draft.id), **body_of_draft(draft)}, NEW),
        *_times(None, draft),
        *photo_changes(None, draft),
    ]
    try:
        transact(list(operations))
    except TransactionCancelled as cancelled:
        if cancelled.reasons[1].failed:
            raise TooManyDrafts(limit=DRAFTS_AT_MOST) from cancelled
        _refuse(cancelled.reasons)
        raise


def published(draft: Draft, taken: Collection[MediumId]) -> Beside:
    """What goes in the transaction of the post that a draft becomes, and takes these of its photos.

    Cost: 2 WU a KB + 2 WU, 2 WU a time, 4 WU a photo that stays behind. Raises: as `photo_changes`.
    """
    photos = tuple(photo for photo in draft.content.photos if photo.id in taken)
    return Beside(_gone(draft, replace(draft, content=replace(draft.content, photos=photos))), _refuse)


def get_draft(author_id: UserId, draft_id: DraftId) -> Draft | None:
    """Cost: 1 request, 1 RU a 4 KB. Consistency: strong."""
    item = get_item(POSTS, keys.draft(author_id, draft_id), consistent=True)
    return draft_of_item(item) if item else None


def get_deleted(author_id: UserId, draft_id: DraftId, *, now_seconds: int) -> Draft | None:
    """A deleted draft whose day is not over.

    Cost: 1 request, 1 RU a 4 KB. Consistency: strong.
    """
    item = get_item(POSTS, keys.deleted_draft(author_id, draft_id), consistent=True)
    return draft_of_item(item) if item and item["ttl"] > now_seconds else None


def query_drafts(author_id: UserId, *, before: DraftId | None, limit: int) -> list[Draft]:
    """An author's drafts, the last begun first.

    Cost: 1 Query, 1 RU a 4 KB. Consistency: strong.
    """
    rows = query(
        POSTS,
        keys.drafts_of(author_id),
        sort=None if before is None else SortBelow(sort_key(before)),
        limit=limit,
        newest_first=True,
        consistent=True,
    )
    return [draft_of_item(item) for item in rows.items]


def query_due(shard: int, *, now_ms: int, limit: int) -> list[tuple[UserId, DraftId, int]]:
    """Drafts whose time has come: whose, which and when, the longest due first.

    Cost: 1 Query, 1 RU a 4 KB. Consistency: strong.
    """
    rows = query(
        POSTS, keys.due(PUBLISH, shard), sort=SortBelow(f"{now_ms + 1:015d}"), limit=limit, consistent=True
    )
    return [
        (UserId(row["author_id"]), DraftId(row["draft_id"]), int(row["sk"].partition("#")[0]))
        for row in rows.items
    ]


def delete_due(draft_id: DraftId, at_ms: int) -> None:
    """Nothing is due any more. Idempotent. Cost: 1 request, 1 WU."""
    delete_item(POSTS, keys.publish_due(draft_id, at_ms))


def purge_deleted(author_id: UserId) -> int:
    """Forget deleted drafts, and how many there are; how many went. Idempotent. Cost: 1 Query, 1 WU a KB each."""
    rows = list(query_all(POSTS, keys.deleted_drafts_of(author_id), consistent=True, attributes=("pk", "sk")))
    batch_write(deletes=[(POSTS, row) for row in rows] + [(POSTS, keys.draft_count(author_id))])
    return len(rows)


def _is_of(draft: Draft) -> Condition:
    return attr("version") == draft.version


def _times(before: Draft | None, after: Draft | None) -> Operations:
    old, new = before and before.due_at_ms, after and after.due_at_ms
    if old == new:
        return []
    operations = Operations()
    if before and old:
        operations.append(Delete(POSTS, keys.publish_due(before.id, old)))
    if after and new:
        entry = {"author_id": after.author_id, "draft_id": after.id}
        operations.append(Put(POSTS, {**keys.publish_due(after.id, new), **entry}))
    return operations


def _gone(draft: Draft, posted: Draft | None = None) -> Operations:
    """The draft itself is first: what `_refuse` reads. Photos that `posted` has are left to its post."""
    return [
        Delete(POSTS, keys.draft(draft.author_id, draft.id), _is_of(draft)),
        Change(POSTS, keys.draft_count(draft.author_id), Update(add={"drafts": -1})),
        *_times(draft, None),
        *photo_changes(draft, posted),
    ]


def _carry_out(operations: Operations) -> None:
    try:
        transact(list(operations))
    except TransactionCancelled as cancelled:
        _refuse(cancelled.reasons)
        raise


def _refuse(reasons: Sequence[Reason]) -> None:
    """Raises: DraftChanged if the draft, the first of the operations, is not as it was read; MediumMoved for the rest."""
    if reasons[0].failed:
        raise DraftChanged(version=(reasons[0].item or {}).get("version"))
    if any(reason.failed for reason in reasons):
        raise MediumMoved
