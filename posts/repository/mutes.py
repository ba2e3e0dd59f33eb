"""MUTED marks: posts of which somebody wants no notifications."""

import time
from collections.abc import Iterable

from config.dynamodb import SortBetween, attr, batch_get, delete_item, put_item, query
from config.entities import PostId, UserId
from config.ids import sort_key
from posts.mark_entities import MarkKind
from posts.repository import keys
from posts.tables import MARK_PREFIX, POSTS


def put_mute(user_id: UserId, post_id: PostId) -> None:
    """Cost: 1 request, 1 WU. Idempotent: by user and post. Consistency: put."""
    now_ms = time.time_ns() // 1_000_000
    put_item(
        POSTS, {**keys.mark(user_id, post_id, MarkKind.MUTED), "post_id": post_id, "muted_at_ms": now_ms}
    )


def delete_mute(user_id: UserId, post_id: PostId) -> None:
    """Cost: 1 request, 1 WU. Idempotent: by user and post. Consistency: delete."""
    delete_item(POSTS, keys.mark(user_id, post_id, MarkKind.MUTED))


def get_muted_by(post_id: PostId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of the people who muted the post.

    Cost: 1 request a 100 people, 0.5 RU each. Consistency: eventual.
    """
    asked = list(dict.fromkeys(user_ids))
    marks = (
        batch_get([(POSTS, keys.mark(user_id, post_id, MarkKind.MUTED)) for user_id in asked])
        if asked
        else []
    )
    return {user_id for user_id, mark in zip(asked, marks, strict=True) if mark}


def query_mutes_of(user_id: UserId, *, after: PostId | None, limit: int) -> list[tuple[PostId, int]]:
    """Posts that somebody muted in the order of their ids, and since when.

    Units: milliseconds since 1970. Cost: 1 Query, 1 RU for some 20 marks of any kind. Consistency: strong.
    """
    first = sort_key(0 if after is None else after + 1)
    rows = query(
        POSTS,
        keys.marks(user_id),
        sort=SortBetween(MARK_PREFIX + first, MARK_PREFIX + "~"),
        limit=limit,
        consistent=True,
        where=attr("muted_at_ms").exists(),
    )
    return [(PostId(row["post_id"]), row["muted_at_ms"]) for row in rows.items]
