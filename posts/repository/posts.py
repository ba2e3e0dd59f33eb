"""META items: the post itself, its place in the author's index and the marker of its idempotency key."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from config.dynamodb import (
    Change,
    ConditionFailed,
    Delete,
    Operation,
    Put,
    Reason,
    SortBetween,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    get_item,
    put_item,
    query,
    trace,
    transact,
)
from config.entities import PostId, UserId
from posts.entities import Post, PostCounts
from posts.repository import keys
from posts.repository.items import counts_of_item, item_of_post, post_of_item
from posts.repository.media import claims, require_claimed
from posts.repository.places import NO_MONTHS, Shelf, place
from posts.repository.quotes import quote_gone, quote_made, require_quoted, written_with_quote
from posts.tables import COUNTS, IDEMPOTENCY_TTL_SECONDS, META, POSTS

NEW = attr("pk").missing()
SIDE_BY_SIDE = 5
LIVE = attr("pk").exists() & attr("deleted_at_ms").missing()


@dataclass(frozen=True, slots=True)
class Beside:
    """What else happens in a post's transaction; `refuse` is told why that was cancelled, and raises what it means."""

    operations: Sequence[Change | Put | Delete]
    refuse: Callable[[Sequence[Reason]], None]


def put_post(post: Post, *, beside: Beside | None = None, months: Collection[str] = NO_MONTHS) -> bool:
    """Store a new post, which takes its media with it; False if its id is taken by another.

    `months` as in `place`.

    Cost: 1 request, 1 WU a KB + 1 WU index; with media or a quote 2 WU a KB + 2 WU index, and 4 WU for each.
    Consistency: conditional put; with media or a quote a transaction.
    Raises: as `media.require_claimed`; PostNotFound if what it quotes was deleted.
    """
    if beside or post.quote_of is not None or any(photo.id for photo in post.photos):
        return _put_with_others(post, beside, months)
    try:
        put_item(POSTS, {**item_of_post(post, months=months), **trace()}, condition=NEW)
    except ConditionFailed:
        return False
    return True


def _put_with_others(post: Post, beside: Beside | None, months: Collection[str]) -> bool:
    claimed = claims(post.photos, owner_id=post.author_id, post_id=post.id)
    others = [*(beside.operations if beside else ()), *quote_made(post)]
    try:
        transact([Put(POSTS, {**item_of_post(post, months=months), **trace()}, NEW), *claimed, *others])
    except TransactionCancelled as cancelled:
        taken, *reasons = cancelled.reasons
        if taken.failed:
            return False
        _refuse(reasons, post, len(claimed), beside)
        raise
    return True


def _refuse(reasons: Sequence[Reason], post: Post, claimed: int, beside: Beside | None) -> None:
    """Raises: what `require_claimed` or `beside` says; PostNotFound if what was to be quoted was deleted."""
    require_claimed(reasons[:claimed], post.author_id)
    others = claimed
    if beside:
        others += len(beside.operations)
        beside.refuse(reasons[claimed:others])
    require_quoted(reasons[others:])


def put_post_once(
    post: Post,
    *,
    key: str,
    content: str,
    beside: Beside | None = None,
    months: Collection[str] = NO_MONTHS,
) -> tuple[PostId, str] | None:
    """Store a new post unless the author's key is in use; the id and the content digest that the key stands for.

    None if the post's id is taken by another: nothing is stored then, and the key stays free.

    Idempotent: by author and key, for a day; a key whose marker has run out but still lies there is free again.
    Cost: 1 request, 2 WU a KB + 2 WU + 2 WU index, and 4 WU a medium and a quote. Consistency: transaction.
    Raises: as `put_post`.
    """
    now = int(time.time())
    marker = {
        **keys.idempotency(post.author_id, key),
        "post_id": post.id,
        "content": content,
        "ttl": now + IDEMPOTENCY_TTL_SECONDS,
    }
    claimed = claims(post.photos, owner_id=post.author_id, post_id=post.id)
    others = [*(beside.operations if beside else ()), *quote_made(post)]
    try:
        transact(
            [
                Put(POSTS, marker, NEW | (attr("ttl") < now)),
                Put(POSTS, {**item_of_post(post, months=months), **trace()}, NEW),
                *claimed,
                *others,
            ]
        )
    except TransactionCancelled as cancelled:
        in_use, taken, *reasons = cancelled.reasons
        if in_use.failed and in_use.item:
            return PostId(in_use.item["post_id"]), in_use.item["content"]
        if taken.failed:
            return None
        _refuse(reasons, post, len(claimed), beside)
        raise
    return post.id, content


def get_post_of_key(author_id: UserId, key: str) -> PostId | None:
    """The post that an author's idempotency key stands for.

    Cost: 1 request, 1 RU. Consistency: strong.
    """
    item = get_item(POSTS, keys.idempotency(author_id, key), consistent=True)
    return PostId(item["post_id"]) if item and "post_id" in item else None


def mark_deleted(post: Post, *, deleted_at_ms: int, purge_at_ms: int) -> bool:
    """Delete softly: out of the author's list and into that of the deleted, closed to likes and comments.

    At `purge_at_ms` it is to be taken away for good. A quote is no longer counted by the post that it quotes.

    False if it was not live.

    Idempotent: by the post. Cost: 1 request, 2 WU a KB + 4 WU + 2 WU index, 4 WU for a quote; of a spread post as
        `transact_with_all`. Consistency: transaction.
    """
    changed = {
        "deleted_at_ms": deleted_at_ms,
        "purge_at_ms": purge_at_ms,
        "gpk": place(post.author_id, post.id, Shelf.DELETED),
        **trace(),
    }
    operations: list[Operation] = [
        Change(POSTS, keys.meta(post.id), Update(set=changed), LIVE),
        Put(POSTS, {**keys.purge_due(post.id, purge_at_ms), "post_id": post.id}),
    ]
    return written_with_quote(post.id, operations, Update(set={"closed": True}), quote_gone(post))


def get_post(post_id: PostId) -> Post | None:
    """The post as it is now, deleted ones too, without its counts.

    Cost: 1 request, 1 RU a 4 KB. Consistency: strong.
    """
    item = get_item(POSTS, keys.meta(post_id), consistent=True)
    return post_of_item(item) if item else None


def get_bodies_and_counts(
    bodies_of: Iterable[PostId], counts_of: Iterable[PostId], *, consistent: bool = False
) -> tuple[dict[PostId, Post], dict[PostId, PostCounts]]:
    """Posts (deleted ones too) and counts in one batch; a missing post is absent, missing counts are zero.

    Cost: 1 request a 100 items, 0.5 RU a 4 KB each, strong 1 RU. Consistency: eventual unless asked; `posts/cache.py` says why an old copy
    never brings a deleted post back.
    """
    bodies_of, counts_of = list(bodies_of), list(counts_of)
    asked = [(POSTS, keys.meta(post_id)) for post_id in bodies_of]
    asked += [(POSTS, keys.counts(post_id)) for post_id in counts_of]
    items = batch_get(asked, consistent=consistent) if asked else []
    metas, tallies = items[: len(bodies_of)], items[len(bodies_of) :]
    return (
        {post_id: post_of_item(item) for post_id, item in zip(bodies_of, metas, strict=True) if item},
        {post_id: counts_of_item(item) for post_id, item in zip(counts_of, tallies, strict=True)},
    )


def get_body_with_counts(post_id: PostId, *, consistent: bool = False) -> tuple[Post | None, PostCounts]:
    """A post (a deleted one too) and its counts, which lie side by side and are charged together.

    What lies between them is the latest of its earlier versions: with many of these the counts are asked for by themselves.

    Cost: 1 Query, 0.5 RU a 4 KB, strong 1 RU; of a post with some earlier versions 1 request and 0.5 RU more.
    Consistency: as `get_bodies_and_counts`.
    """
    rows = query(
        POSTS,
        keys.partition(post_id),
        sort=SortBetween(COUNTS, META),
        newest_first=True,
        limit=SIDE_BY_SIDE,
        consistent=consistent,
    )
    by_key = {row["sk"]: row for row in rows.items}
    meta, tally = by_key.get(META), by_key.get(COUNTS)
    if tally is None and rows.last_key is not None:
        tally = get_item(POSTS, keys.counts(post_id), consistent=consistent)
    return post_of_item(meta) if meta else None, counts_of_item(tally)
