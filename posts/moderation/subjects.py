"""A post or a comment as a scan sees it: of one version, where it stands, and where it lies."""

from dataclasses import dataclass
from enum import StrEnum

from config import stamps
from config.dynamodb import get_item
from config.entities import PostId, UserId
from posts import cache
from posts.moderation.content import Content, content_of_comment, content_of_post
from posts.repository import keys, posts
from posts.repository.comment_items import comment_of_item
from posts.repository.keys import Key
from posts.standing import Moderation
from posts.tables import POSTS


class SubjectKind(StrEnum):
    """What can be scanned."""

    POST = "post"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Subject:
    """One version of it."""

    kind: SubjectKind
    post_id: PostId
    thing_id: int
    """The post's or the comment's."""
    author_id: UserId
    version: int
    moderation: Moderation
    text: str
    content: Content
    key: Key


def post_subject(post_id: PostId) -> Subject | None:
    """As it is stored now, deleted or not; None if it is gone.

    Cost: 1 RU a 4 KB. Consistency: strong.
    """
    post = posts.get_post(post_id)
    if post is None:
        return None
    return Subject(
        kind=SubjectKind.POST,
        post_id=post.id,
        thing_id=post.id,
        author_id=post.author_id,
        version=post.version,
        moderation=post.moderation,
        text=post.text,
        content=content_of_post(post),
        key=keys.meta(post.id),
    )


def comment_subject(partition: str, sort_key: str) -> Subject | None:
    """As it is stored now; None if it or its text is gone. Wherever comments lie: the stream said where.

    Cost: 1 RU a 4 KB. Consistency: strong.
    """
    item = get_item(POSTS, {"pk": partition, "sk": sort_key}, consistent=True)
    if item is None or "text" not in item:
        return None
    comment = comment_of_item(item)
    return Subject(
        kind=SubjectKind.COMMENT,
        post_id=comment.post_id,
        thing_id=comment.id,
        author_id=comment.author_id,
        version=1,
        moderation=comment.moderation,
        text=comment.text,
        content=content_of_comment(comment),
        key={"pk": partition, "sk": sort_key},
    )


def tell_changed(subject: Subject) -> None:
    """It was judged: what caches and edges have of it is old.

    Cost: 2 round trips to Redis, of a comment 1.
    """
    if subject.kind is SubjectKind.POST:
        cache.mark_changed(subject.post_id)
    else:
        stamps.forget([cache.body_name(subject.post_id)])
