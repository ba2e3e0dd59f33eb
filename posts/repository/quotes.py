"""What a quote writes beside itself: an entry in the list of the post that it quotes, and the count."""

from collections.abc import Sequence

from config.dynamodb import (
    Change,
    Delete,
    Operation,
    Put,
    Reason,
    SortBelow,
    TransactionCancelled,
    Update,
    attr,
    batch_write,
    query,
)
from config.entities import PostId
from posts.entities import Post
from posts.errors import PostNotFound
from posts.repository import keys
from posts.repository.counts import transact_with_all
from posts.tables import POSTS

OPEN = attr("closed").missing()


def quote_made(post: Post) -> list[Operation]:
    """To be written with a new post; refused while what it quotes is deleted. Nothing for a post without a quote.

    Cost: 4 WU.
    """
    return _written(post, add=1, open_only=True)


def quote_back(post: Post) -> list[Operation]:
    """To be written when a deletion is taken back; refused if the counts are gone with the target. Cost: 4 WU."""
    return _written(post, add=1, open_only=False)


def quote_gone(post: Post) -> list[Operation]:
    """To be written with a deletion; refused if the counts are gone with the target. Cost: 4 WU."""
    return _written(post, add=-1, open_only=False)


def _written(post: Post, *, add: int, open_only: bool) -> list[Operation]:
    if post.quote_of is None:
        return []
    target_id = post.quote_of.post_id
    key = keys.quote_entry(target_id, post.id)
    entry = {**key, "post_id": post.id, "author_id": post.author_id}
    condition = OPEN if open_only else attr("pk").exists()
    return [
        Put(POSTS, entry) if add > 0 else Delete(POSTS, key),
        Change(POSTS, keys.counts(target_id), Update(add={"quotes": add, "changes": 1}), condition),
    ]


def require_quoted(reasons: Sequence[Reason]) -> None:
    """Raises: PostNotFound if what was to be quoted was deleted."""
    if any(reason.failed for reason in reasons):
        raise PostNotFound


def written_with_quote(
    post_id: PostId, operations: list[Operation], counts: Update, quote: list[Operation]
) -> bool:
    """Carry out a deletion or its return with what it means for the quoted post; False if the first one was refused.

    Where the quoted post is gone for good, its counts are too, and the rest is carried out without them.
    Cost, Consistency: as `transact_with_all`.
    """
    try:
        transact_with_all(post_id, [*operations, *quote], counts)
    except TransactionCancelled as cancelled:
        if cancelled.reasons[0].failed:
            return False
        if not quote or not cancelled.reasons[len(operations) + len(quote) - 1].failed:
            raise
        return written_with_quote(post_id, operations, counts, [])
    return True


def query_quotes(post_id: PostId, *, before: PostId | None, limit: int) -> list[PostId]:
    """Ids of the posts that quote a post, newest first.

    Cost: 1 Query, 0.5 RU for some 40. Consistency: eventual.
    """
    rows = query(
        POSTS,
        keys.quotes(post_id),
        sort=None if before is None else SortBelow(keys.quote_entry(post_id, before)["sk"]),
        limit=limit,
        newest_first=True,
    )
    return [PostId(row["post_id"]) for row in rows.items]


def delete_entries(post_id: PostId, quote_ids: list[PostId]) -> None:
    """When the quoted post is taken away for good. Idempotent. Cost: 1 WU an entry."""
    batch_write(deletes=[(POSTS, keys.quote_entry(post_id, quote_id)) for quote_id in quote_ids])
