"""What the people under a post do with comments beside writing them: hide them, as the post's author."""

import structlog

from config.entities import UserId
from posts.entities import CommentRef
from posts.errors import CommentNotFound, NotYours
from posts.repository import threads
from posts.visibility import visible_post, visible_thread

logger = structlog.get_logger()


def comment_hide(*, user_id: UserId, ref: CommentRef, hidden: bool) -> None:
    """Hide a comment under one's post from all but its author, with its thread; or show it again.

    Cost: 1 WU a KB, after `visible_post` and `visible_thread`. Idempotent: by the comment.
    Raises: PostNotFound, CommentNotFound, NotYours; one's own are there to be deleted.
    """
    post = visible_post(user_id, ref.post_id)
    comment, _root = visible_thread(user_id, post, ref)
    if user_id != post.author_id or user_id == comment.author_id:
        raise NotYours
    if comment.gone or not threads.set_hidden(comment, hidden=hidden):
        raise CommentNotFound
    logger.info("comment_hidden", post_id=post.id, comment_id=ref.id, hidden=hidden)
