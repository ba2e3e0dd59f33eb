"""Comments as plain items, and back."""

from typing import Any

from config.entities import UserId
from posts.comment_entities import Comment
from posts.entities import CommentId
from posts.ranks import rank
from posts.repository import keys
from posts.standing import moderation_of_item, moderation_to_item
from posts.text.facets import facets_of_item, facets_to_item

Item = dict[str, Any]


def item_of_comment(comment: Comment) -> Item:
    """A new comment or reply: nobody has answered, liked or hidden it."""
    item: Item = {
        **keys.comment(comment.ref, comment.part),
        "comment_id": comment.id,
        "post_id": comment.post_id,
        "author_id": comment.author_id,
        "text": comment.text,
        "created_at_ms": comment.created_at_ms,
        **moderation_to_item(comment.moderation),
        "gpk": keys.commented_by(comment.author_id),
        "gsk": comment.id,
    }
    if comment.facets is not None:
        item["facets"] = facets_to_item(comment.text, comment.facets)
    if comment.root_id is None:
        item |= {"rpk": keys.top_of_post(comment.post_id), "rank": rank(0, comment.id)}
    else:
        item["root_id"] = comment.root_id
        item["parent_id"] = comment.parent_id
        item["parent_author_id"] = comment.parent_author_id
    return item


def comment_of_item(item: Item) -> Comment:
    """Also of what is left of a deleted one."""
    ref, part = keys.comment_ref(item["pk"], item["sk"])
    text = item.get("text", "")
    return Comment(
        id=ref.id,
        post_id=ref.post_id,
        author_id=UserId(item.get("author_id", 0)),
        text=text,
        created_at_ms=item["created_at_ms"],
        facets=facets_of_item(text, item["facets"]) if "facets" in item else None,
        root_id=ref.root_id,
        parent_id=CommentId(item["parent_id"]) if "parent_id" in item else None,
        parent_author_id=UserId(item["parent_author_id"]) if "parent_author_id" in item else None,
        replies=max(0, item.get("replies", 0)),
        likes=0 if "gone" in item else max(0, item.get("likes", 0)),
        hidden=item.get("hidden", False),
        gone=item.get("gone", False),
        part=part,
        moderation=moderation_of_item(item),
    )
