"""Likes that are brought in from elsewhere with times of their own, many at once: a network that is known, a demo."""

from collections.abc import Mapping
from typing import Final

from config.entities import PostId, UserId
from posts import cache
from posts.repository import likes
from posts.selectors import post_by_id
from posts.services import like_create

AT_ONCE: Final = 99
"""With the post's count these are the hundred writes of a transaction."""


def likes_bring(*, post_id: PostId, at_ms: Mapping[UserId, int]) -> None:
    """These people like a post, each since so long ago. Whether they may see it is whose business brings them.

    Cost: as `put_likes_together`, 99 a request; as `like_create` each for a spread post, or where one is there already.
    Idempotent: by user and post. Raises: PostNotFound.
    """
    post = post_by_id(post_id)
    for first in range(0, len(at_ms), AT_ONCE):
        user_ids = list(at_ms)[first : first + AT_ONCE]
        given = {user_id: at_ms[user_id] for user_id in user_ids}
        if post.spread or not _put(post_id, given, author_id=post.author_id):
            for user_id in user_ids:
                like_create(user_id=user_id, post_id=post_id)


def _put(post_id: PostId, at_ms: Mapping[UserId, int], *, author_id: UserId) -> bool:
    with cache.in_doubt(post_id):
        is_put = likes.put_likes_together(post_id, at_ms, author_id=author_id)
    cache.forget_counts(post_id)
    return is_put
