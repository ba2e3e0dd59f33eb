"""A post in its author's hands: what every change of a post begins with."""

from config.entities import PostId, UserId
from posts.entities import Post
from posts.errors import NotYours, PostNotFound, RepostFixed
from posts.repository import posts
from posts.visibility import can_view


def own_post(
    user_id: UserId, post_id: PostId, *, deleted_too: bool = False, repost_too: bool = False
) -> Post:
    """The post as it is stored now, without its counts.

    Cost: 1 RU a 4 KB. Consistency: strong.
    Raises: PostNotFound, the same for hidden and missing; NotYours if it is there to be seen; RepostFixed.
    """
    post = posts.get_post(post_id)
    if post is None or (post.author_id != user_id and not can_view(user_id, post)):
        raise PostNotFound
    if post.author_id != user_id:
        raise NotYours
    if post.deleted and not deleted_too:
        raise PostNotFound
    if post.repost_of is not None and not repost_too:
        raise RepostFixed
    return post
