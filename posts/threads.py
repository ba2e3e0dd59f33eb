"""What people do with comments: write, answer, delete and like them, and hide them as the post's author."""

from dataclasses import replace

import structlog

from config import stamps
from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import id_at, id_time_ms, next_id
from posts import cache
from posts.comment_entities import Comment, CommentRef
from posts.commenting import require_open
from posts.entities import CommentId
from posts.errors import CommentNotFound, NotYours
from posts.moderation.trust import first_standing
from posts.repository import comment_likes, comments, threads
from posts.repository.comments import get_comments
from posts.repository.keys import comment_part
from posts.services import DRAWS, facets_with_people
from posts.spread import Spread, counts_written
from posts.text import limits
from posts.visibility import visible_post, visible_said

logger = structlog.get_logger()
LIKES_A_REQUEST = 100


def comment_create(
    *,
    author_id: UserId,
    post_id: PostId,
    text: str,
    reply_to: CommentRef | None = None,
    at_ms: int | None = None,
) -> Comment:
    """Comment on a post, or answer a comment under it; `at_ms` as in `post_create`.

    Cost: 1 request, 6 WU for up to 1 KB, after `visible_post` and `require_open`; an answer as `visible_said`, and
        2 WU a KB of each comment whose answers it counts.
    Raises: PostNotFound, CommentNotFound, CommentsClosed, EmptyPost, TextTooLong.
    """
    text = limits.comment_text(text)
    post = visible_post(author_id, post_id)
    parent, root = (None, None) if reply_to is None else visible_said(author_id, post, reply_to)
    require_open(author_id, post)
    said = Comment(CommentId(0), post.id, author_id, text, 0, facets_with_people(text))
    said = replace(said, moderation=first_standing(author_id, is_import=at_ms is not None))
    if parent is not None and root is not None:
        said = replace(
            said, root_id=root.id, parent_id=parent.id, parent_author_id=parent.author_id, part=root.part
        )
    spread = Spread(post.spread)
    for _draw in range(DRAWS):
        comment_id = CommentId(next_id() if at_ms is None else id_at(at_ms))
        comment = replace(said, id=comment_id, created_at_ms=id_time_ms(comment_id))
        if root is None and spread.shards:
            comment = replace(comment, part=comment_part(comment.ref))
        with cache.in_doubt(post.id):
            new = comments.put_comment(comment, root=root, parent=parent, spread=spread)
        if new:
            counts_written(post.id, spread)
            logger.info("comment_created", post_id=post.id, comment_id=comment_id, author_id=author_id)
            return comment
    raise Unavailable


def comment_delete(*, user_id: UserId, ref: CommentRef) -> None:
    """Remove a comment: its author may, and the post's. Where replies hang on it, it leaves its place.

    Cost: 2 requests, 2 RU and 5 WU for up to 1 KB, after `visible_post`; of a reply as `threads.delete_comment` and
        `threads.delete_unneeded`. Idempotent: by the comment.
    Raises: PostNotFound, CommentNotFound, NotYours.
    """
    post = visible_post(user_id, ref.post_id)
    comment, _root = visible_said(user_id, post, ref)
    if user_id not in {comment.author_id, post.author_id}:
        raise NotYours
    spread = Spread(post.spread)
    with cache.in_doubt(post.id):
        removed = threads.delete_comment(comment, spread=spread)
        threads.delete_unneeded(comment)
    counts_written(post.id, spread)
    stamps.forget([cache.body_name(post.id)])
    logger.info("comment_deleted", post_id=post.id, comment_id=comment.id, user_id=user_id, new=removed)


def comment_hide(*, user_id: UserId, ref: CommentRef, hidden: bool) -> None:
    """Hide a comment under one's post from all but its author, with its thread; or show it again.

    Cost: 1 WU a KB, after `visible_post` and `visible_said`. Idempotent: by the comment.
    Raises: PostNotFound, CommentNotFound, NotYours; one's own are there to be deleted.
    """
    post = visible_post(user_id, ref.post_id)
    comment, _root = visible_said(user_id, post, ref)
    if user_id != post.author_id or user_id == comment.author_id:
        raise NotYours
    with cache.in_doubt(post.id):
        found = threads.set_hidden(comment, hidden=hidden)
    if not found:
        raise CommentNotFound
    stamps.forget([cache.body_name(post.id)])
    logger.info("comment_hidden", post_id=post.id, comment_id=ref.id, hidden=hidden)


def comment_like(*, user_id: UserId, ref: CommentRef) -> None:
    """Like a comment or reply.

    Cost: 1 request, 3 WU and 2 WU a KB, after `visible_post` and `visible_said`. Idempotent: by comment and user.
    Raises: PostNotFound, CommentNotFound.
    """
    post = visible_post(user_id, ref.post_id)
    comment, _root = visible_said(user_id, post, ref)
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
