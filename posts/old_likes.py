"""Likes of before they lay with the person who likes: LIKE#<user> in the post's partition, until they are moved.

    table change    moves all of them, each by a transaction: gone there and here at once, so counts stay right
    until done      who likes or unlikes a post first moves their old like on it; reads ask both places

A moved like carries `moved`: it is not news, so no stream handler hears of it.
"""

from collections.abc import Sequence
from typing import Final

from config.dynamodb import (
    Delete,
    Item,
    ItemMove,
    Put,
    attr,
    batch_get,
    get_item,
    transact_if,
)
from config.entities import PostId, UserId
from config.ids import id_at
from posts.repository import keys
from posts.repository.likes import like_item
from posts.tables import POSTS

OLD_LIKE_PREFIX: Final = "LIKE#"


def old_like_key(post_id: PostId, user_id: UserId) -> keys.Key:
    """Where the like was."""
    return {"pk": keys.partition(post_id), "sk": f"{OLD_LIKE_PREFIX}{user_id}"}


def like_moved(item: Item) -> ItemMove | None:
    """What moves an old like to its person; None for all else."""
    if not item["sk"].startswith(OLD_LIKE_PREFIX):
        return None
    created_at_ms = item["created_at_ms"]
    mark = like_item(
        PostId(item["post_id"]),
        UserId(item["user_id"]),
        author_id=UserId(item["author_id"]),
        mark_id=id_at(created_at_ms),
        created_at_ms=created_at_ms,
    )
    return ItemMove(
        (
            Delete(POSTS, POSTS.key_of(item), attr("pk").exists()),
            Put(POSTS, {**mark, "moved": True}, attr("pk").missing()),
        )
    )


def like_move(post_id: PostId, user_id: UserId) -> None:
    """Move one like, if it is an old one.

    Cost: 1 RU; 8 WU if there is one. Consistency: strong. Idempotent: by post and user.
    """
    item = get_item(POSTS, old_like_key(post_id, user_id), consistent=True)
    move = like_moved(item) if item else None
    if move is None:
        return
    transact_if(move.operations)


def old_liked_among(user_id: UserId, post_ids: Sequence[PostId]) -> frozenset[PostId]:
    """Those of the posts that the user likes in the old way.

    Cost: 1 request a 100 posts, 0.5 RU each. Consistency: eventual.
    """
    asked = [(POSTS, old_like_key(post_id, user_id)) for post_id in post_ids]
    items = batch_get(asked, attributes=("pk",)) if asked else []
    return frozenset(post_id for post_id, item in zip(post_ids, items, strict=True) if item)
