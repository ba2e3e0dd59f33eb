"""Keys of the items in the table "posts", each written once."""

import hashlib

from config.entities import PostId, UserId
from config.ids import sort_key
from posts.entities import CommentId
from posts.tables import COMMENT_PREFIX, COUNTS, LIKE_PREFIX, MARKER, META, STATS

Key = dict[str, str | int]


def partition(post_id: PostId) -> str:
    return f"POST#{post_id}"


def author(author_id: UserId) -> str:
    return f"AUTHOR#{author_id}"


def meta(post_id: PostId) -> Key:
    return {"pk": partition(post_id), "sk": META}


def counts(post_id: PostId) -> Key:
    return {"pk": partition(post_id), "sk": COUNTS}


def comment(post_id: PostId, comment_id: CommentId) -> Key:
    return {"pk": partition(post_id), "sk": COMMENT_PREFIX + sort_key(comment_id)}


def like(post_id: PostId, user_id: UserId) -> Key:
    return {"pk": partition(post_id), "sk": f"{LIKE_PREFIX}{user_id}"}


def stats(author_id: UserId) -> Key:
    return {"pk": author(author_id), "sk": STATS}


def idempotency(author_id: UserId, key: str) -> Key:
    """A client's key may be any text of any length: its digest is what is stored."""
    return {"pk": f"KEY#{author_id}#{hashlib.sha256(key.encode()).hexdigest()[:32]}", "sk": MARKER}


def counted(event_id: str) -> Key:
    return {"pk": f"EVENT#{event_id}", "sk": MARKER}
