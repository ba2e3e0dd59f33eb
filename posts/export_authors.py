"""Whom an export names: authors of posts that its owner may see now, so that it tells no more than the site does."""

from collections.abc import Iterable

from accounts.selectors import profiles_by_ids
from config.entities import PostId, UserId
from posts.selectors import posts_by_ids
from posts.visibility import visible_posts


def authors_seen(user_id: UserId, post_ids: Iterable[PostId]) -> dict[PostId, str]:
    """Handles of the authors of those posts that the user may see."""
    seen = visible_posts(user_id, posts_by_ids(post_ids).values())
    cards = profiles_by_ids({post.author_id for post in seen})
    return {post.id: cards[post.author_id].handle for post in seen if post.author_id in cards}
