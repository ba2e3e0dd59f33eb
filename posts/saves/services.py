"""Saving, and putting what is saved into collections. Whoever saves must see the post; whoever lets go need not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import next_id
from posts.entities import Post
from posts.saves import repository
from posts.saves.entities import Collection, CollectionId, Save, SaveId
from posts.saves.errors import CollectionNotFound, EmptyName, TooManyCollections, TooManyForPost
from posts.selectors import posts_by_ids
from posts.text import limits
from posts.visibility import visible_post

logger = structlog.get_logger()
COLLECTIONS_AT_MOST: Final = 200
COLLECTIONS_A_POST: Final = 40
NAME_MAX_CHARACTERS: Final = 50
TRIES: Final = 5
COVERS_LOOKED_AT: Final = 20
CLEARED_AT_ONCE: Final = 100


def post_save(*, user_id: UserId, post_id: PostId) -> Save:
    """Keep a post for oneself.

    Idempotent: by person and post. Cost: 2 requests, 1 RU, 1 WU + 1 WU index, after `visible_post`.
    Raises: PostNotFound.
    """
    post = visible_post(user_id, post_id)
    return _moved(user_id, post.id, lambda save: save or _new_save(user_id, post.id))


def post_unsave(*, user_id: UserId, post_id: PostId) -> None:
    """Let go of it, in all collections; open to who can't see the post any more.

    Idempotent: by person and post. Cost: 2 requests, 1 RU, 1 WU + 1 WU index; in collections as `put_change`.
    """
    _change(user_id, post_id, lambda _save: None)


def collection_add(*, user_id: UserId, post_id: PostId, collection_id: CollectionId) -> Save:
    """Put a post into a collection, which saves it.

    Idempotent: by collection and post. Cost: 4 requests, 2 RU and more for many collections, 8 WU, after `visible_post`.
    Raises: PostNotFound, CollectionNotFound, TooManyForPost.
    """
    post = visible_post(user_id, post_id)

    def with_it(save: Save | None) -> Save:
        save = save or _new_save(user_id, post.id)
        chosen = dict.fromkeys([*save.collections, collection_id])
        return replace(save, collections=tuple(chosen))

    return _moved(user_id, post.id, with_it, must_know=[collection_id], cover=post.photo is not None)


def collection_take(*, user_id: UserId, post_id: PostId, collection_id: CollectionId) -> None:
    """Take a post out of a collection; it stays saved.

    Idempotent: by collection and post. Cost: as `collection_add`. Raises: CollectionNotFound.
    """
    if repository.get_collection(user_id, collection_id) is None:
        raise CollectionNotFound

    def without_it(save: Save | None) -> Save | None:
        if save is None:
            return None
        return replace(save, collections=tuple(it for it in save.collections if it != collection_id))

    _change(user_id, post_id, without_it)


def collections_set(*, user_id: UserId, post_id: PostId, collection_ids: Iterable[CollectionId]) -> Save:
    """Have a post in just these collections, saved in any case.

    Idempotent: by content. Cost: as `collection_add`, 4 WU a collection that changes.
    Raises: PostNotFound, CollectionNotFound, TooManyForPost.
    """
    post = visible_post(user_id, post_id)
    chosen = tuple(dict.fromkeys(collection_ids))

    def with_these(save: Save | None) -> Save:
        return replace(save or _new_save(user_id, post.id), collections=chosen)

    return _moved(user_id, post.id, with_these, must_know=chosen, cover=post.photo is not None)


def collection_create(*, user_id: UserId, name: str) -> Collection:
    """Make a collection.

    Cost: 2 requests, 1 RU for some 25 collections, 1 WU. Raises: EmptyName, TextTooLong, TooManyCollections.
    """
    name = name_read(name)
    if len(repository.query_collections(user_id)) >= COLLECTIONS_AT_MOST:
        raise TooManyCollections(limit=COLLECTIONS_AT_MOST)
    collection = Collection(CollectionId(next_id()), user_id, name)
    repository.put_collection(collection)
    return collection


def collection_rename(*, user_id: UserId, collection_id: CollectionId, name: str) -> None:
    """Give it another name.

    Cost: 1 request, 1 WU. Raises: CollectionNotFound, EmptyName, TextTooLong.
    """
    if not repository.set_name(user_id, collection_id, name_read(name)):
        raise CollectionNotFound


def collection_delete(*, user_id: UserId, collection_id: CollectionId) -> None:
    """Delete a collection; what was in it stays saved. Idempotent. Cost: 1 request, 1 WU."""
    repository.delete_collection(user_id, collection_id)
    logger.info("collection_deleted", user_id=user_id, collection_id=collection_id)


def collection_clear(*, user_id: UserId, collection_id: CollectionId) -> None:
    """What a deleted collection has left behind: its entries, and its name in saves.

    Idempotent: by the collection; one that is there is left alone. Cost: 1 RU for some 60, 3 WU + 1 RU a post.
    """
    while repository.get_collection(user_id, collection_id) is None:
        entries = repository.query_entries(user_id, collection_id, before=None, limit=CLEARED_AT_ONCE)
        if not entries:
            return
        for _save_id, post_id in entries:
            collection_forget(user_id, post_id, collection_id)
        repository.delete_entries(user_id, collection_id, [save_id for save_id, _post_id in entries])


def collection_forget(user_id: UserId, post_id: PostId, collection_id: CollectionId) -> None:
    """Take a collection that is gone out of a save."""

    def without_it(save: Save | None) -> Save | None:
        kept = [it for it in save.collections if it != collection_id] if save else []
        return replace(save, collections=tuple(kept)) if save else None

    _change(user_id, post_id, without_it)


def name_read(name: str) -> str:
    """A name as it is stored.

    Raises: EmptyName, TextTooLong.
    """
    name = limits.one_line(name, NAME_MAX_CHARACTERS)
    if not name:
        raise EmptyName
    return name


def _new_save(user_id: UserId, post_id: PostId) -> Save:
    return Save(SaveId(next_id()), user_id, post_id)


def _moved(
    user_id: UserId,
    post_id: PostId,
    change: Callable[[Save | None], Save],
    *,
    must_know: Sequence[CollectionId] = (),
    cover: bool = False,
) -> Save:
    saved = _change(user_id, post_id, change, must_know=must_know, cover=cover)
    if saved is None:
        raise Unavailable
    return saved


def _change(
    user_id: UserId,
    post_id: PostId,
    change: Callable[[Save | None], Save | None],
    *,
    must_know: Sequence[CollectionId] = (),
    cover: bool = False,
) -> Save | None:
    """Read the save, change it, write it if it has not moved; and again.

    Raises: CollectionNotFound, TooManyForPost, Unavailable.
    """
    for _try in range(TRIES):
        before = repository.get_save(user_id, post_id)
        after = change(before)
        if after == before:
            return after
        listed = bool(must_know or (before and before.collections))
        there = {it.id: it for it in repository.query_collections(user_id)} if listed else {}
        if missing := set(must_know) - set(there):
            raise CollectionNotFound(collections=[str(it) for it in sorted(missing)])
        if after and len(after.collections) > COLLECTIONS_A_POST:
            raise TooManyForPost(limit=COLLECTIONS_A_POST)
        if repository.put_change(before, after, known=set(there), cover=cover):
            left = set(before.collections if before else ()) - set(after.collections if after else ())
            for collection_id in left & set(there):
                if there[collection_id].cover_id == post_id:
                    _cover_again(there[collection_id], post_id)
            return after
    raise Unavailable


def _cover_again(collection: Collection, gone: PostId) -> None:
    """The next post with a photo in the place of one that has left. Cost: 1 RU, `posts_by_ids` of 20, 1 WU."""
    entries = repository.query_entries(collection.user_id, collection.id, before=None, limit=COVERS_LOOKED_AT)
    found = posts_by_ids(post_id for _save_id, post_id in entries)
    covers = (_with_photo(found.get(post_id)) for _save_id, post_id in entries)
    cover_id = next((post_id for post_id in covers if post_id is not None), None)
    repository.set_cover(collection.user_id, collection.id, cover_id, before=gone)


def _with_photo(post: Post | None) -> PostId | None:
    return post.id if post is not None and post.photo is not None else None
