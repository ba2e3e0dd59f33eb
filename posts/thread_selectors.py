"""What can be asked of comments. Nothing here asks who is looking: `visibility.py` does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.cursors import decode, encode
from config.dynamodb import is_done
from config.entities import Page, PostId, UserId
from config.errors import Unavailable
from posts.comment_entities import Comment, CommentCard, CommentRef
from posts.entities import CommentId, Post
from posts.errors import CommentNotFound
from posts.ranks import id_of, rank_on, rung_of
from posts.repository import comment_ranks, comments
from posts.repository.comment_likes import get_liked_comments
from posts.table_changes import BY_RANK, COMMENTS_BY_RANK

COMMENTS_CURSOR = "posts.comments"
REPLIES_CURSOR = "posts.replies"


class Order(StrEnum):
    """In which order comments are listed; replies are always oldest first."""

    OLDEST = "oldest"
    NEWEST = "newest"
    TOP = "top"


def comments_of_post(
    post_id: PostId,
    *,
    cursor: str | None = None,
    limit: int = 20,
    order: Order = Order.OLDEST,
    spread: int = 0,
) -> Page[Comment]:
    """A page of the comments that threads begin with. `spread` is the post's: a hot one has its comments in parts.

    Cost: 1 Query, 0.5 RU a 4 KB; of a hot post five, side by side; by likes 1 Query and 1 batch of its comments.
    Raises: Unavailable by likes, until the table has its index and all comments are in it.
    """
    kind = f"{COMMENTS_CURSOR}.{post_id}.{order}"
    if order is Order.TOP:
        return _top_comments(post_id, kind, cursor, limit)
    after = None if cursor is None else CommentId(decode(kind, cursor))
    items, last = comments.query_comments(
        post_id, after=after, limit=limit, newest_first=order is Order.NEWEST, in_parts=spread > 0
    )
    return Page(items, encode(kind, last) if last else None)


def _top_comments(post_id: PostId, kind: str, cursor: str | None, limit: int) -> Page[Comment]:
    """By rung across pages, by the likes themselves on each."""
    if not (is_done(BY_RANK) and is_done(COMMENTS_BY_RANK)):
        raise Unavailable
    below = None if cursor is None else rank_on(*decode(kind, cursor))  # too large for a number in JSON
    found, last = comment_ranks.query_top_comments(post_id, below=below, limit=limit)
    found.sort(key=lambda comment: (comment.likes, comment.id), reverse=True)
    return Page(found, None if last is None else encode(kind, [rung_of(last), id_of(last)]))


def replies_of_comment(root: Comment, *, cursor: str | None = None, limit: int = 20) -> Page[Comment]:
    """A page of a thread, oldest first, all depths in one list.

    Cost: 1 Query, 0.5 RU a 4 KB.
    """
    kind = f"{REPLIES_CURSOR}.{root.post_id}.{root.id}"
    after = None if cursor is None else CommentId(decode(kind, cursor))
    items, last = comments.query_replies(root, after=after, limit=limit)
    return Page(items, encode(kind, last) if last else None)


def comments_by_ref(refs: Iterable[CommentRef]) -> dict[CommentRef, Comment]:
    """Those of the comments that are there, deleted ones too that replies hang on.

    Cost: 1 batch, 2 RU a comment. Consistency: strong.
    """
    return comments.get_comments(refs)


def comments_liked_among(viewer_id: UserId | None, comments_shown: Sequence[Comment]) -> set[CommentId]:
    """Those of the comments that the viewer likes.

    Cost: nothing if nobody likes any of them; else `get_liked_comments`: mostly 1 Query.
    """
    liked_by_some = [comment.id for comment in comments_shown if comment.likes]
    return get_liked_comments(viewer_id, liked_by_some) if viewer_id is not None else set()


def comment_cards(
    viewer_id: UserId | None, post: Post, comments_shown: Sequence[Comment]
) -> list[CommentCard]:
    """Comments made ready to be shown, in their order.

    Those whose author is gone or switched off are left out, unless replies hang on them: then they are shown as gone.

    Cost: `profiles_by_ids` and `comments_liked_among`.
    """
    people = {comment.author_id for comment in comments_shown if not comment.gone}
    people |= {comment.parent_author_id for comment in comments_shown if comment.parent_author_id is not None}
    profiles = {user_id: profile for user_id, profile in profiles_by_ids(people).items() if profile.is_active}
    liked = comments_liked_among(viewer_id, comments_shown)
    return [
        CommentCard(
            comment=comment,
            author=profiles.get(comment.author_id),
            can_delete=not comment.gone and viewer_id in {comment.author_id, post.author_id},
            can_hide=not comment.gone and viewer_id == post.author_id != comment.author_id,
            liked=comment.id in liked,
            answers=profiles.get(comment.parent_author_id) if comment.parent_author_id is not None else None,
        )
        for comment in _said_or_gone(comments_shown, profiles)
    ]


def comment_card(viewer_id: UserId | None, post: Post, shown: Comment) -> CommentCard:
    """One comment made ready to be shown.

    Cost: as `comment_cards`. Raises: CommentNotFound if its author is gone or switched off and nobody answered it.
    """
    cards = comment_cards(viewer_id, post, [shown])
    if not cards:
        raise CommentNotFound
    return cards[0]


def _said_or_gone(comments_shown: Sequence[Comment], authors: Mapping[UserId, ProfileCard]) -> list[Comment]:
    """What an author who is gone or switched off has said is not shown, but the answers to it are."""
    return [
        comment
        if comment.gone or comment.author_id in authors
        else replace(comment, text="", facets=None, gone=True)
        for comment in comments_shown
        if comment.gone or comment.replies or comment.author_id in authors
    ]


def replies_from(named: Comment) -> str | None:
    """The cursor of a thread's page that begins with this reply; None: with the first."""
    if named.root_id is None:
        return None
    return encode(f"{REPLIES_CURSOR}.{named.post_id}.{named.root_id}", named.id - 1)
