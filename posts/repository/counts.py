"""COUNTS items: the first of a post, and those of its shards if it is spread (`posts/spread.py`)."""

import time
from collections.abc import Sequence
from typing import Any, Final

from config.dynamodb import (
    Change,
    ConditionFailed,
    Item,
    TransactionCancelled,
    Update,
    attr,
    batch_get,
    get_item,
    transact,
    update_item,
)
from config.dynamodb.transactions import Operation
from config.entities import PostId
from posts.entities import PostCounts
from posts.repository import keys
from posts.repository.items import counts_of_item
from posts.tables import COUNT_SHARDS, COUNTED, POSTS

ELSEWHERE: Final = "_elsewhere"
TRIES: Final = 20


def get_counts(post_id: PostId, *, shard: int | None = None) -> PostCounts:
    """Counts as they are now; of a spread post those of the shard, of the others as they were summed up last.

    Who has just written into that shard sees it counted.

    Cost: 1 request, 1 RU; 2 with a shard. Consistency: strong.
    """
    if shard is None:
        return counts_of_item(get_item(POSTS, keys.counts(post_id), consistent=True))
    asked = [(POSTS, keys.counts(post_id)), (POSTS, keys.counts(post_id, shard))]
    first, there = batch_get(asked, consistent=True)
    item: Item = first or {}
    for name in COUNTED:
        folded = [*item.get(name + ELSEWHERE, [0] * COUNT_SHARDS)]
        folded[shard] = (there or {}).get(name, 0)
        item[name + ELSEWHERE] = folded
    return counts_of_item(item)


def get_all(post_id: PostId) -> list[Item | None]:
    """The first item and those of all shards, whether the post is spread or not.

    Cost: 1 request, 17 RU. Consistency: strong.
    """
    places = (None, *range(COUNT_SHARDS))
    return batch_get([(POSTS, keys.counts(post_id, shard)) for shard in places], consistent=True)


def set_spread(post_id: PostId) -> bool:
    """Have the counts of a post spread from now on; False if it is deleted or has been spread.

    Cost: 1 request, 1 WU. Idempotent: by the post.
    """
    condition = attr("closed").missing() & attr("spread").missing()
    try:
        update_item(POSTS, keys.counts(post_id), Update(set={"spread": COUNT_SHARDS}), condition=condition)
    except ConditionFailed:
        return False
    return True


def fold(post_id: PostId) -> PostCounts | None:
    """Sum up a spread post's shards beside its first item. The counts; None of a post that is not spread.

        this one    reads the number of the last sum, then the shards ............... writes if no other sum was written
        another     ............................................ writes: this one reads again
    So what is written was read after everything that an earlier sum has seen, by whatever clocks.

    Cost: 2 requests, 17 RU, 1 WU. Consistency: strong. Idempotent: by sum; any number of times, in any order.
    """
    for _try in range(TRIES):
        first = get_item(POSTS, keys.counts(post_id), consistent=True)
        if first is None or "spread" not in first:
            return None
        now_ms = time.time_ns() // 1_000_000
        number = first.get("folds", 0)
        unmoved = attr("folds") == number if number else attr("folds").missing()
        summed = elsewhere_of(get_all(post_id)[1:]) | {"folds": number + 1, "folded_at_ms": now_ms}
        try:
            stored = update_item(
                POSTS, keys.counts(post_id), Update(set=summed), condition=unmoved & attr("spread").exists()
            )
        except ConditionFailed:
            continue
        return counts_of_item(stored)
    return None  # others have folded all the while


def elsewhere_of(shards: Sequence[Item | None]) -> dict[str, Any]:
    """What each shard holds of each count, for the counts that any of them has."""
    held = {name: [(item or {}).get(name, 0) for item in shards] for name in COUNTED}
    return {name + ELSEWHERE: numbers for name, numbers in held.items() if any(numbers)}


def transact_with_all(post_id: PostId, operations: Sequence[Operation], update: Update) -> None:
    """Writes together with a change of all of the post's COUNTS items: what closes or opens it does so everywhere.

    Cost: 2 WU besides the operations; of a spread post 2 requests and 36 WU.
    Consistency: transaction; a post that is spread meanwhile is seen. Raises: TransactionCancelled, the operations' reasons first.
    """
    quiet = Change(POSTS, keys.counts(post_id), update, attr("spread").missing())
    try:
        transact([*operations, quiet])
    except TransactionCancelled as cancelled:
        *others, is_spread = cancelled.reasons
        if not is_spread.failed or any(reason.failed for reason in others):
            raise
        places = (None, *range(COUNT_SHARDS))
        everywhere = [Change(POSTS, keys.counts(post_id, shard), update) for shard in places]
        transact([*operations, *everywhere])
