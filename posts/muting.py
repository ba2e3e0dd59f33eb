"""Silence about one post: no notifications of it, by the switch that whoever notifies asks. The post stays where it is."""

from collections.abc import Iterable

import structlog

from config.entities import PostId, UserId
from posts.repository import mutes
from posts.selectors import marks_among
from posts.visibility import visible_post

logger = structlog.get_logger()


def post_mute(*, user_id: UserId, post_id: PostId) -> None:
    """Turn notifications of a post off.

    Cost: 1 WU after `visible_post`. Idempotent: by user and post. Raises: PostNotFound.
    """
    post = visible_post(user_id, post_id)
    mutes.put_mute(user_id, post.id)
    logger.info("post_muted", post_id=post.id, user_id=user_id)


def post_unmute(*, user_id: UserId, post_id: PostId) -> None:
    """Turn them on again; open to who can't see the post any more, for it tells nothing.

    Cost: 1 WU. Idempotent: by user and post.
    """
    mutes.delete_mute(user_id, post_id)
    logger.info("post_unmuted", post_id=post_id, user_id=user_id)


def posts_muted_among(user_id: UserId, post_ids: Iterable[PostId]) -> set[PostId]:
    """Those of the posts of which the user wants no notifications.

    Cost: as `marks_among`. Consistency: eventual.
    """
    return set(marks_among(user_id, post_ids).muted)


def muted_by_among(post_id: PostId, user_ids: Iterable[UserId]) -> set[UserId]:
    """Those of the people who want no notifications of the post: for what is told to many at once.

    Cost: 1 batch, 0.5 RU each. Consistency: eventual.
    """
    return mutes.get_muted_by(post_id, user_ids)
