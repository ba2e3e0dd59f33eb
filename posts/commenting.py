"""Who may comment under a post that they may see. `visibility` says who may see it; this only narrows that.

    everyone    whoever may see the post
    followers   who follows the author
    mentioned   whom the text mentions
    nobody      the author alone, who may under any of these

Comments that are there already stay: closing a conversation takes nothing back.
"""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.entities import PostId, UserId
from graph.selectors import followees_among
from posts.details import Commenting
from posts.entities import Post
from posts.errors import CommentsClosed

REASONS: dict[Commenting, Promise] = {
    Commenting.FOLLOWERS: _("Only followers of the author can comment."),
    Commenting.MENTIONED: _("Only people whom the post mentions can comment."),
    Commenting.NOBODY: _("The author has turned comments off."),
}


def open_to(viewer_id: UserId | None, posts: Sequence[Post]) -> set[PostId]:
    """Those of the visible posts under which the viewer may comment.

    Cost: nothing, unless there are posts whose comments are for followers: then 1 batch, 0.5 RU an author.
    """
    if viewer_id is None:
        return set()
    for_followers = {
        post.author_id
        for post in posts
        if post.details.commenting is Commenting.FOLLOWERS and post.author_id != viewer_id
    }
    followed = followees_among(viewer_id, for_followers) if for_followers else set[UserId]()
    return {post.id for post in posts if _is_open(viewer_id, post, is_followed=post.author_id in followed)}


def require_open(viewer_id: UserId, post: Post) -> None:
    """Raises: CommentsClosed, with who may. Cost: as `open_to` of one."""
    if post.id not in open_to(viewer_id, [post]):
        who = post.details.commenting
        raise CommentsClosed(REASONS[who], commenting=who.value)


def closed_reason(viewer_id: UserId | None, post: Post, *, is_open: bool) -> Promise | str:
    """Why there is no form for a comment; empty if there is, or may be after signing in."""
    who = post.details.commenting
    may_be_open = is_open or (viewer_id is None and who is not Commenting.NOBODY)
    return "" if may_be_open else REASONS[who]


def _is_open(viewer_id: UserId, post: Post, *, is_followed: bool) -> bool:
    who = post.details.commenting
    if who is Commenting.EVERYONE or viewer_id == post.author_id:
        return True
    if who is Commenting.FOLLOWERS:
        return is_followed
    return who is Commenting.MENTIONED and any(facet.user_id == viewer_id for facet in post.shown_facets)
