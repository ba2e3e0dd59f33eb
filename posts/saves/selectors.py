"""What somebody has saved, as they may see it now: a post that is hidden meanwhile is counted, and comes back by itself."""

from collections.abc import Sequence
from typing import Final

from config.cursors import decode, encode
from config.entities import PostId, UserId
from posts.saves import repository
from posts.saves.entities import Collection, CollectionCard, CollectionId, SavedPage, SaveId
from posts.saves.errors import CollectionNotFound
from posts.selectors import photo_card, posts_by_ids
from posts.visibility import visible_posts

SAVED_CURSOR: Final = "posts.saved"
SCANNED_AT_MOST: Final = 500


def saved_page(
    user_id: UserId, *, collection_id: CollectionId | None = None, cursor: str | None = None, limit: int = 20
) -> SavedPage:
    """A full page of what is saved, or of one collection, the last saved first.

    Cost: 1 Query, `posts_by_ids` and `visible_posts` a round, 1 round unless posts are hidden, at most 500 looked at.
    """
    kind = f"{SAVED_CURSOR}.{user_id}.{collection_id or 'all'}"
    before = None if cursor is None else SaveId(decode(kind, cursor))
    shown = []
    hidden = 0
    for _round in range(0, SCANNED_AT_MOST, limit):
        entries = _entries(user_id, collection_id, before, limit + 1)
        more = len(entries) > limit
        found = posts_by_ids(post_id for _save_id, post_id in entries[:limit])
        seen = {post.id: post for post in visible_posts(user_id, found.values())}
        for save_id, post_id in entries[:limit]:
            before = save_id
            if post_id in seen:
                shown.append(seen[post_id])
            else:
                hidden += 1
            if len(shown) == limit:
                more = more or save_id != entries[-1][0]
                return SavedPage(shown, hidden, encode(kind, save_id) if more else None)
        if not more:
            return SavedPage(shown, hidden, None)
    return SavedPage(shown, hidden, encode(kind, before) if before else None)


def _entries(
    user_id: UserId, collection_id: CollectionId | None, before: SaveId | None, limit: int
) -> list[tuple[SaveId, PostId]]:
    if collection_id is None:
        return repository.query_saves(user_id, before=before, limit=limit)
    return repository.query_entries(user_id, collection_id, before=before, limit=limit)


def collection_by_id(user_id: UserId, collection_id: CollectionId) -> Collection:
    """Raises: CollectionNotFound, the same for another's. Cost: 1 request, 1 RU."""
    collection = repository.get_collection(user_id, collection_id)
    if collection is None:
        raise CollectionNotFound
    return collection


def collections_of(user_id: UserId) -> list[Collection]:
    """A person's collections, by name. Cost: 1 Query, 1 RU for some 25; at most 200."""
    return sorted(repository.query_collections(user_id), key=lambda it: (it.name.casefold(), it.id))


def collections_with(user_id: UserId, post_id: PostId) -> tuple[CollectionId, ...]:
    """In which collections a post is. Cost: 1 request, 1 RU."""
    save = repository.get_save(user_id, post_id)
    return save.collections if save else ()


def collection_cards(user_id: UserId, collections: Sequence[Collection]) -> list[CollectionCard]:
    """Collections with the first photo of a post in them, where its owner may see that and it has no warning.

    Cost: `posts_by_ids` and `visible_posts` of the covers.
    """
    covers = {it.cover_id for it in collections if it.cover_id is not None}
    found = posts_by_ids(covers).values() if covers else ()
    seen = {post.id: post for post in visible_posts(user_id, found)} if found else {}
    cards = []
    for collection in collections:
        post = seen.get(collection.cover_id) if collection.cover_id is not None else None
        shows = post is not None and post.photo is not None and not post.cover
        cover = photo_card(post.id, post.photo) if post and post.photo and shows else None
        cards.append(CollectionCard(collection, cover))
    return cards
