"""What somebody wrote and liked, read in bulk for an export: whole items where the index holds keys alone."""

from collections.abc import Sequence

from config.dynamodb import batch_get
from config.entities import PostId, UserId
from posts.entities import Comment, CommentId
from posts.repository import keys
from posts.repository.items import comment_of_item
from posts.tables import POSTS


def get_comments(places: Sequence[tuple[PostId, CommentId]]) -> list[Comment]:
    """Those of the comments that are still there, in their order.

    Cost: 1 request a 100, 0.5 RU a 4 KB each. Consistency: eventual.
    """
    items = batch_get([(POSTS, keys.comment(*place)) for place in places]) if places else []
    return [comment_of_item(item) for item in items if item]


def get_likes(user_id: UserId, post_ids: Sequence[PostId]) -> list[tuple[PostId, int]]:
    """Those of the posts that the user likes and since when, in their order.

    Units: milliseconds since 1970. Cost: 1 request a 100, 0.5 RU each. Consistency: eventual.
    """
    items = batch_get([(POSTS, keys.like(post_id, user_id)) for post_id in post_ids]) if post_ids else []
    found = zip(post_ids, items, strict=True)
    return [(post_id, item["created_at_ms"]) for post_id, item in found if item]
