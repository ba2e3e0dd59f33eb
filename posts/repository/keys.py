"""Keys of the items in the table "posts", each written once."""

import hashlib
from datetime import date

from config.entities import PostId, UserId
from config.ids import sort_key
from posts.comment_entities import CommentRef
from posts.entities import CommentId, MediumId
from posts.mark_entities import MarkKind
from posts.tables import (
    COLLECTION_PREFIX,
    COMMENT_PARTS,
    COMMENT_PREFIX,
    COUNTS,
    DRAFTS,
    DUE_SHARDS,
    EDIT_PREFIX,
    MARK_PREFIX,
    MARKER,
    MEDIUM,
    META,
    PINS,
    PREVIEW,
    PUBLISH,
    PURGE,
    RANK,
    REPLY_PREFIX,
    SCAN,
    SHARED_PREFIX,
    SPREAD,
    STATS,
)

Key = dict[str, str | int]
MONTHS_MARK = 10**19
"""Above every id."""


def partition(post_id: PostId) -> str:
    return f"POST#{post_id}"


def author(author_id: UserId) -> str:
    return f"AUTHOR#{author_id}"


def author_month(author_id: UserId, month: str) -> str:
    """Where the index keeps the posts of one month, of an author who has many."""
    return f"{author(author_id)}#{month}"


def months_mark(author_id: UserId, month: str) -> Key:
    """Where the index says, above all posts of an author, that months have lists of their own, and one of these."""
    return {"gpk": author(author_id), "gsk": MONTHS_MARK + int(month)}


def deleted_by(author_id: UserId) -> str:
    """Where the index keeps an author's deleted posts."""
    return f"DELETED#{author_id}"


def archived_by(author_id: UserId) -> str:
    """Where the index keeps an author's archived posts."""
    return f"ARCHIVED#{author_id}"


def due(kind: str, shard: int) -> str:
    """What is to be done at a time, in the order of the times."""
    return f"DUE#{kind}#{shard}"


def purge_due(post_id: PostId, at_ms: int) -> Key:
    return {"pk": due(PURGE, post_id % DUE_SHARDS), "sk": f"{at_ms:015d}#{sort_key(post_id)}"}


def publish_due(draft_id: int, at_ms: int) -> Key:
    return {"pk": due(PUBLISH, draft_id % DUE_SHARDS), "sk": f"{at_ms:015d}#{sort_key(draft_id)}"}


def drafts_of(author_id: UserId) -> str:
    return f"DRAFTS#{author_id}"


def draft(author_id: UserId, draft_id: int) -> Key:
    return {"pk": drafts_of(author_id), "sk": sort_key(draft_id)}


def deleted_drafts_of(author_id: UserId) -> str:
    return f"DELETED_DRAFTS#{author_id}"


def deleted_draft(author_id: UserId, draft_id: int) -> Key:
    return {"pk": deleted_drafts_of(author_id), "sk": sort_key(draft_id)}


def draft_count(author_id: UserId) -> Key:
    return {"pk": author(author_id), "sk": DRAFTS}


def pins(author_id: UserId) -> Key:
    return {"pk": author(author_id), "sk": PINS}


def marks(user_id: UserId) -> str:
    """What somebody has put on posts and comments."""
    return f"MARKS#{user_id}"


def mark(user_id: UserId, post_id: PostId, kind: MarkKind) -> Key:
    """In the order of the posts, which is that of time."""
    return {"pk": marks(user_id), "sk": f"{MARK_PREFIX}{sort_key(post_id)}#{kind}"}


def likers(post_id: PostId, shard: int | None = None) -> str:
    """Where the index keeps the likes of a post, by the like's id: those that are counted in a shard apart."""
    return f"LIKERS#{post_id}" if shard is None else f"LIKERS#{post_id}#{shard}"


def saved_by(user_id: UserId) -> str:
    """Where the index keeps what somebody has saved, by the save's id."""
    return f"SAVED#{user_id}"


def collection(user_id: UserId, collection_id: int) -> Key:
    return {"pk": marks(user_id), "sk": COLLECTION_PREFIX + sort_key(collection_id)}


def collection_entries(user_id: UserId, collection_id: int) -> str:
    """What is in a collection."""
    return f"{COLLECTION_PREFIX}{user_id}#{collection_id}"


def sort_of_save(save_id: int) -> str:
    return sort_key(save_id)


def collection_entry(user_id: UserId, collection_id: int, save_id: int) -> Key:
    return {"pk": collection_entries(user_id, collection_id), "sk": sort_of_save(save_id)}


def share(user_id: UserId, post_id: PostId) -> Key:
    """Apart from the other marks: no page asks for it."""
    return {"pk": marks(user_id), "sk": SHARED_PREFIX + sort_key(post_id)}


def reposters(post_id: PostId) -> str:
    """Where the index keeps who reposted a post, by the repost's id."""
    return f"REPOSTERS#{post_id}"


def quotes(post_id: PostId) -> str:
    """Which posts quote a post."""
    return f"QUOTES#{post_id}"


def quote_entry(post_id: PostId, quote_id: PostId) -> Key:
    return {"pk": quotes(post_id), "sk": sort_key(quote_id)}


def comment_mark(user_id: UserId, comment_id: CommentId) -> Key:
    """A like on a comment or reply."""
    return {"pk": marks(user_id), "sk": f"{COMMENT_PREFIX}{sort_key(comment_id)}#{MarkKind.LIKED}"}


def comment_likers(comment_id: CommentId) -> str:
    """Where the index keeps the likes of a comment, by the like's id."""
    return f"COMMENT_LIKERS#{comment_id}"


def commented_by(author_id: UserId) -> str:
    """Where the index keeps somebody's comments, by the comment's id."""
    return f"COMMENTER#{author_id}"


def meta(post_id: PostId) -> Key:
    return {"pk": partition(post_id), "sk": META}


def counts(post_id: PostId, shard: int | None = None) -> Key:
    """The first item, or that of a shard of a hot post."""
    pk = partition(post_id)
    return {"pk": pk if shard is None else f"{pk}#SHARD#{shard}", "sk": COUNTS}


def comments(post_id: PostId, part: int | None = None) -> str:
    """The partition of a post's comments, or one of the parts that the comments of a hot post are spread over."""
    return partition(post_id) if part is None else f"{partition(post_id)}#PART#{part}"


def comment_part(ref: CommentRef) -> int:
    """In which part a comment lies, if it lies in any: a reply where its thread begins."""
    return (ref.root_id or ref.id) % COMMENT_PARTS


def comment(ref: CommentRef, part: int | None = None) -> Key:
    thread = "" if ref.root_id is None else replies_prefix(ref.root_id)
    sk = f"{thread or COMMENT_PREFIX}{sort_key(ref.id)}"
    return {"pk": comments(ref.post_id, part), "sk": sk}


def replies_prefix(root_id: CommentId) -> str:
    return f"{REPLY_PREFIX}{sort_key(root_id)}#"


def comment_ref(pk: str, sk: str) -> tuple[CommentRef, int | None]:
    """The reverse of `comment`."""
    _post, post_id, *part = pk.split("#")
    *root_id, comment_id = sk.split("#")[1:]
    ref = CommentRef(
        PostId(int(post_id)), CommentId(int(comment_id)), CommentId(int(root_id[0])) if root_id else None
    )
    return ref, int(part[-1]) if part else None


def edit(post_id: PostId, version: int) -> Key:
    return {"pk": partition(post_id), "sk": f"{EDIT_PREFIX}{version:09d}"}


def scan(post_id: PostId) -> Key:
    return {"pk": partition(post_id), "sk": SCAN}


def scanned(day: date, shard: int) -> str:
    """Where the index keeps what was scanned, by the day of the post."""
    return f"SCANNED#{day:%Y%m%d}#{shard}"


def rank(post_id: PostId) -> Key:
    return {"pk": partition(post_id), "sk": RANK}


def top_of_author(author_id: UserId) -> str:
    """Where the index by rank keeps an author's liked posts."""
    return f"TOP#AUTHOR#{author_id}"


def top_of_post(post_id: PostId) -> str:
    """Where the index by rank keeps a post's comments."""
    return f"TOP#POST#{post_id}"


def top_of_tag(tag: str) -> str:
    """Where the index by rank keeps the liked posts with a tag."""
    return f"TOP#TAG#{tag}"


def stats(author_id: UserId) -> Key:
    return {"pk": author(author_id), "sk": STATS}


def medium(medium_id: MediumId) -> Key:
    return {"pk": f"MEDIA#{medium_id}", "sk": MEDIUM}


def media_of(owner_id: UserId) -> str:
    """Where the index keeps somebody's media that no post has."""
    return f"MEDIA_OF#{owner_id}"


def tagged(tag: str, shard: int) -> str:
    """One list of a tag: most have the first alone."""
    return f"TAG#{tag}#{shard}"


def tag_entry(tag: str, shard: int, post_id: PostId) -> Key:
    return {"pk": tagged(tag, shard), "sk": sort_key(post_id)}


def tag_spread(tag: str) -> Key:
    return {"pk": f"TAG#{tag}", "sk": SPREAD}


def preview(url: str) -> Key:
    """An address may be longer than a key: its digest is what is stored."""
    return {"pk": f"PREVIEW#{hashlib.sha256(url.encode()).hexdigest()[:32]}", "sk": PREVIEW}


def idempotency(author_id: UserId, key: str) -> Key:
    """A client's key may be any text of any length: its digest is what is stored."""
    return {"pk": f"KEY#{author_id}#{hashlib.sha256(key.encode()).hexdigest()[:32]}", "sk": MARKER}


def counted(event_id: str) -> Key:
    return {"pk": f"EVENT#{event_id}", "sk": MARKER}
