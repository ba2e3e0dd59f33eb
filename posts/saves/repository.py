"""Saves with their entries in collections, and the collections."""

from collections.abc import Set as AbstractSet
from typing import Final

from config.dynamodb import (
    Change,
    Condition,
    ConditionFailed,
    Delete,
    Item,
    Operation,
    Put,
    SortAbove,
    SortBeginsWith,
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
    trace,
    transact,
    update_item,
)
from config.entities import PostId, UserId
from posts.mark_entities import MarkKind
from posts.repository import keys
from posts.saves.entities import Collection, CollectionId, Save, SaveId
from posts.tables import COLLECTION_PREFIX, POSTS

NEW: Final = attr("pk").missing()
THERE: Final = attr("pk").exists()


def get_save(user_id: UserId, post_id: PostId) -> Save | None:
    """The user's save of the post.

    Cost: 1 request, 1 RU. Consistency: strong.
    """
    item = get_item(POSTS, keys.mark(user_id, post_id, MarkKind.SAVED), consistent=True)
    return _save_of(item) if item else None


def put_change(
    before: Save | None, after: Save | None, *, known: AbstractSet[CollectionId], cover: bool = False
) -> bool:
    """Save, unsave, or put into other collections; `cover`: what is put in has a photo for them.

    False if the save has moved or a collection has gone since they were read; `known` are those that are there.

    Idempotent: by what was read. Cost: 1 request; plain 1 WU + 1 WU index; with collections 4 WU and 4 WU for each.
    Consistency: conditional write, or transaction.
    """
    save = after or before
    if save is None:
        return True
    old, new = set(before.collections if before else ()), set(after.collections if after else ())
    operations = [_mark_operation(save, before, after)]
    for collection_id in sorted(old ^ new):
        adds = collection_id in new
        key = keys.collection_entry(save.user_id, collection_id, save.id)
        operations.append(Put(POSTS, {**key, "post_id": save.post_id}) if adds else Delete(POSTS, key))
        if adds or collection_id in known:
            covered = {"cover_id": save.post_id} if adds and cover else {}
            change = Update(set=covered, add={"posts": 1 if adds else -1})
            operations.append(Change(POSTS, keys.collection(save.user_id, collection_id), change, THERE))
    return _carried_out(operations)


def _mark_operation(save: Save, before: Save | None, after: Save | None) -> Operation:
    key = keys.mark(save.user_id, save.post_id, MarkKind.SAVED)
    if after is None:
        return Delete(POSTS, key, _as_read(save))
    item: Item = {
        **key,
        "post_id": save.post_id,
        "user_id": save.user_id,
        "saved_id": save.id,
        "collections": list(after.collections),
        "gpk": keys.saved_by(save.user_id),
        "gsk": save.id,
        **trace(),
    }
    return Put(POSTS, item, _as_read(before) if before else NEW)


def _as_read(save: Save) -> Condition:
    return (attr("saved_id") == save.id) & (attr("collections") == list(save.collections))


def _carried_out(operations: list[Operation]) -> bool:
    try:
        match operations:
            case [Put(item=item, condition=condition)]:
                put_item(POSTS, item, condition=condition)
            case [Delete(key=key, condition=condition)]:
                delete_item(POSTS, key, condition=condition)
            case _:
                transact(operations)
    except ConditionFailed:
        return False
    except TransactionCancelled as cancelled:
        if any(reason.failed for reason in cancelled.reasons):
            return False
        raise
    return True


def query_saves(user_id: UserId, *, before: SaveId | None, limit: int) -> list[tuple[SaveId, PostId]]:
    """What somebody keeps, the last saved first.

    Cost: 1 Query of the index, 0.5 RU for some 40. Consistency: eventual (an index).
    """
    rows = query(
        POSTS,
        keys.saved_by(user_id),
        index="by_author",
        sort=None if before is None else SortBelow(before),
        limit=limit,
        newest_first=True,
    )
    return [(SaveId(row["gsk"]), PostId(int(row["sk"].split("#")[1]))) for row in rows.items]


def query_entries(
    user_id: UserId, collection_id: CollectionId, *, before: SaveId | None, limit: int
) -> list[tuple[SaveId, PostId]]:
    """What is in a collection, the last saved first.

    Cost: 1 Query, 1 RU for some 60. Consistency: strong.
    """
    rows = query(
        POSTS,
        keys.collection_entries(user_id, collection_id),
        sort=None if before is None else SortBelow(keys.sort_of_save(before)),
        limit=limit,
        newest_first=True,
        consistent=True,
    )
    return [(SaveId(int(row["sk"])), PostId(row["post_id"])) for row in rows.items]


def delete_entries(user_id: UserId, collection_id: CollectionId, save_ids: list[SaveId]) -> None:
    """Entries of a collection that is gone. Idempotent. Cost: 1 WU each."""
    entries = [keys.collection_entry(user_id, collection_id, save_id) for save_id in save_ids]
    batch_write(deletes=[(POSTS, entry) for entry in entries])


def put_collection(collection: Collection) -> None:
    """Store a new collection.

    Cost: 1 request, 1 WU.
    """
    key = keys.collection(collection.user_id, collection.id)
    item = {**key, "collection_id": collection.id, "name": collection.name, "posts": 0, **trace()}
    put_item(POSTS, item, condition=NEW)


def query_collections(user_id: UserId) -> list[Collection]:
    """All of a person's collections, the oldest first.

    Cost: 1 Query, 1 RU for some 25; at most 200 are there. Consistency: strong.
    """
    sort = SortBeginsWith(COLLECTION_PREFIX)
    rows = query_all(POSTS, keys.marks(user_id), sort=sort, consistent=True)
    return [_collection_of(user_id, row) for row in rows]


def get_collection(user_id: UserId, collection_id: CollectionId) -> Collection | None:
    """Cost: 1 request, 1 RU. Consistency: strong."""
    item = get_item(POSTS, keys.collection(user_id, collection_id), consistent=True)
    return _collection_of(user_id, item) if item else None


def set_name(user_id: UserId, collection_id: CollectionId, name: str) -> bool:
    """Rename; False if it is gone. Cost: 1 request, 1 WU. Consistency: conditional update."""
    return _updated(user_id, collection_id, Update(set={"name": name}), THERE)


def set_cover(
    user_id: UserId, collection_id: CollectionId, cover_id: PostId | None, *, before: PostId
) -> bool:
    """Another cover in the place of the one that was read; False if it has changed. Cost: 1 request, 1 WU."""
    update = Update(remove=("cover_id",)) if cover_id is None else Update(set={"cover_id": cover_id})
    return _updated(user_id, collection_id, update, attr("cover_id") == before)


def _updated(user_id: UserId, collection_id: CollectionId, update: Update, condition: Condition) -> bool:
    try:
        update_item(POSTS, keys.collection(user_id, collection_id), update, condition=condition)
    except ConditionFailed:
        return False
    return True


def delete_collection(user_id: UserId, collection_id: CollectionId) -> None:
    """Delete the collection itself; its entries follow from the stream. Idempotent. Cost: 1 request, 1 WU."""
    delete_item(POSTS, keys.collection(user_id, collection_id))


def query_marks_of(user_id: UserId, *, after: str | None, limit: int) -> list[Save]:
    """Saves in the order of their posts, for what goes through all of them; `after`: the key of the last one.

    Cost: 1 Query, 1 RU for some 20 marks. Consistency: strong.
    """
    rows = query(
        POSTS,
        keys.marks(user_id),
        sort=SortAbove(after or "POST#"),
        limit=limit,
        consistent=True,
        where=attr("saved_id").exists(),
    )
    return [_save_of(row) for row in rows.items]


def _save_of(item: Item) -> Save:
    return Save(
        SaveId(item["saved_id"]),
        UserId(item["user_id"]),
        PostId(item["post_id"]),
        tuple(CollectionId(number) for number in item["collections"]),
    )


def _collection_of(user_id: UserId, item: Item) -> Collection:
    cover = item.get("cover_id")
    return Collection(
        CollectionId(item["collection_id"]),
        user_id,
        item["name"],
        item["posts"],
        None if cover is None else PostId(cover),
    )
