"""Posts and comments as plain items, and back. The same shape, without keys, is what the cache holds."""

from typing import Any

from config.entities import PostId, UserId
from posts.entities import Audience, Comment, CommentId, Photo, Post, PostCounts
from posts.repository import keys
from posts.text.facets import Facets, facets_of_item, facets_to_item

Item = dict[str, Any]


def item_of_post(post: Post) -> Item:
    """META of a post that is not deleted."""
    return {
        **keys.meta(post.id),
        **body_of_post(post),
        "gpk": keys.author(post.author_id),
        "gsk": post.id,
    }


def body_of_post(post: Post) -> Item:
    """What META says of the post itself: JSON all through."""
    body: Item = {
        "id": post.id,
        "author_id": post.author_id,
        "text": post.text,
        "audience": post.audience.value,
        "created_at_ms": post.created_at_ms,
    }
    if post.facets is not None:
        body["facets"] = facets_to_item(post.text, post.facets)
    if post.photo:
        body["photo"] = _photo_to_item(post.photo)
    return body


def post_of_item(item: Item) -> Post:
    """The post of a META item or of a cached body; counts are not in it."""
    return Post(
        id=PostId(item["id"]),
        author_id=UserId(item["author_id"]),
        text=item["text"],
        photo=_photo_of_item(item["photo"]) if "photo" in item else None,
        audience=Audience(item["audience"]),
        created_at_ms=item["created_at_ms"],
        deleted="deleted_at_ms" in item,
        facets=_facets(item),
    )


def counts_of_item(item: Item | None) -> PostCounts:
    """Counts; a post nobody has touched has no COUNTS item."""
    item = item or {}
    return PostCounts(likes=item.get("likes", 0), comments=item.get("comments", 0))


def item_of_comment(comment: Comment) -> Item:
    item: Item = {
        **keys.comment(comment.post_id, comment.id),
        "comment_id": comment.id,
        "post_id": comment.post_id,
        "author_id": comment.author_id,
        "text": comment.text,
        "created_at_ms": comment.created_at_ms,
        "gpk": keys.commented_by(comment.author_id),
        "gsk": comment.id,
    }
    if comment.facets is not None:
        item["facets"] = facets_to_item(comment.text, comment.facets)
    return item


def comment_of_item(item: Item) -> Comment:
    return Comment(
        id=CommentId(item["comment_id"]),
        post_id=PostId(item["post_id"]),
        author_id=UserId(item["author_id"]),
        text=item["text"],
        created_at_ms=item["created_at_ms"],
        facets=_facets(item),
    )


def _facets(item: Item) -> Facets | None:
    return facets_of_item(item["text"], item["facets"]) if "facets" in item else None


def _photo_to_item(photo: Photo) -> Item:
    return {
        "renditions": {
            str(size): name for size, name in photo.renditions.items()
        },  # keys of a map are strings
        "width": photo.width,
        "height": photo.height,
        "blurhash": photo.blurhash,
        "alt": photo.alt,
    }


def _photo_of_item(item: Item) -> Photo:
    return Photo(
        renditions={int(size): name for size, name in sorted(item["renditions"].items(), key=_size)},
        width=item["width"],
        height=item["height"],
        blurhash=item["blurhash"],
        alt=item["alt"],
    )


def _size(rendition: tuple[str, str]) -> int:
    return int(rendition[0])
