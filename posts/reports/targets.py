"""What can be reported, by who can see it, and the copy of it that a report keeps."""

from dataclasses import dataclass
from typing import Any

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import PostId, UserId
from graph.blocks import profile_seen
from posts.comment_entities import CommentRef
from posts.entities import Post
from posts.errors import CommentNotFound
from posts.reports.models import Report
from posts.visibility import visible_post, visible_thread


@dataclass(frozen=True, slots=True)
class Target:
    """One post, comment or account as the reporter sees it."""

    kind: Report.Kind
    thing_id: int
    subject_id: UserId
    """Whose it is."""
    snapshot: dict[str, Any]
    post_id: PostId | None = None


def post_target(viewer_id: UserId, post_id: PostId) -> Target:
    """Cost: `visible_post`. Raises: PostNotFound, the same for hidden and missing."""
    post = visible_post(viewer_id, post_id)
    return Target(Report.Kind.POST, post.id, post.author_id, _of_post(post), post.id)


def comment_target(viewer_id: UserId, ref: CommentRef) -> Target:
    """Cost: `visible_post`, `visible_thread`. Raises: PostNotFound, CommentNotFound, for hidden ones too."""
    post = visible_post(viewer_id, ref.post_id)
    comment, _root = visible_thread(viewer_id, post, ref)
    if comment.gone:
        raise CommentNotFound
    snapshot = {
        "author": _of_person(profiles_by_ids([comment.author_id]).get(comment.author_id)),
        "text": comment.text,
        "key": str(ref),
        "created_at_ms": comment.created_at_ms,
        "post": _of_post(post),
    }
    return Target(Report.Kind.COMMENT, comment.id, comment.author_id, snapshot, post.id)


def account_target(viewer_id: UserId, user_id: UserId) -> Target:
    """Cost: 1 RU. Raises: AccountGone, Blocked; from outside they are the same."""
    card = profile_seen(viewer_id, user_id)
    return Target(Report.Kind.ACCOUNT, user_id, user_id, _of_person(card))


def _of_post(post: Post) -> dict[str, Any]:
    return {
        "author": _of_person(profiles_by_ids([post.author_id]).get(post.author_id)),
        "text": post.text,
        "warning": post.details.warning,
        "audience": post.audience.value,
        "version": post.version,
        "created_at_ms": post.created_at_ms,
        "photos": [
            {"alt": photo.alt, "file": photo.renditions[max(photo.renditions)] if photo.renditions else ""}
            for photo in post.photos
        ],
    }


def _of_person(card: ProfileCard | None) -> dict[str, Any]:
    if card is None:
        return {}
    return {
        "id": str(card.id),
        "handle": card.handle,
        "name": card.name,
        "bio": card.bio,
        "avatar": card.avatar_large_url,
    }
