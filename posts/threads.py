"""What people do with comments beside writing them: like them, and hide them as the post's author."""

import structlog

from config.entities import UserId
from posts.entities import CommentId, CommentRef
from posts.errors import CommentNotFound, NotYours
from posts.repository import comment_likes, threads
from posts.repository.comments import get_comments
from posts.visibility import visible_post, visible_thread

logger = structlog.get_logger()
LIKES_A_REQUEST = 100


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


def comment_like(*, user_id: UserId, ref: CommentRef) -> None:
    """Like a comment or reply.

    Cost: 1 request, 3 WU and 2 WU a KB, after `visible_post` and `visible_thread`. Idempotent: by comment and user.
    Raises: PostNotFound, CommentNotFound.
    """
    post = visible_post(user_id, ref.post_id)
    comment, _root = visible_thread(user_id, post, ref)
    if comment.gone:
        raise CommentNotFound
    new = comment_likes.put_comment_like(comment, user_id)
    logger.info("comment_like", post_id=post.id, comment_id=ref.id, user_id=user_id, new=new)


def comment_unlike(*, user_id: UserId, ref: CommentRef) -> None:
    """Take a like back; open to who can't see the comment any more, for it tells nothing.

    Cost: 2 requests, 2 RU, 3 WU and 2 WU a KB. Idempotent: by comment and user.
    """
    removed = comment_likes.delete_comment_like(ref, user_id, get_comments([ref]).get(ref))
    logger.info("comment_unlike", post_id=ref.post_id, comment_id=ref.id, user_id=user_id, new=removed)


def comment_likes_clear(*, comment_id: CommentId) -> None:
    """Take away the likes of a comment that is gone.

    Cost: as `delete_likes_on`. Idempotent: by comment.
    """
    while comment_likes.delete_likes_on(comment_id, limit=LIKES_A_REQUEST) >= LIKES_A_REQUEST:
        pass
