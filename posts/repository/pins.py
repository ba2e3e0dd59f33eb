"""PINS items: what an author has pinned to the profile."""

from collections.abc import Sequence

from config.dynamodb import ConditionFailed, attr, get_item, put_item
from config.entities import PostId, UserId
from posts.repository import keys
from posts.tables import POSTS


def get_pins(author_id: UserId, *, consistent: bool = False) -> list[PostId]:
    """What is pinned, the last pinned first; posts that are deleted or archived since may be among them.

    Cost: 1 request, 0.5 RU, strong 1 RU.
    """
    item = get_item(POSTS, keys.pins(author_id), consistent=consistent)
    return [PostId(post_id) for post_id in item["ids"]] if item else []


def put_pins(author_id: UserId, ids: Sequence[PostId], *, before: Sequence[PostId]) -> bool:
    """Put them in the place of those that were read; False if they have changed.

    Cost: 1 request, 1 WU. Consistency: conditional put.
    """
    as_read = attr("ids") == list(before)
    condition = as_read if before else as_read | attr("pk").missing()
    try:
        put_item(POSTS, {**keys.pins(author_id), "ids": list(ids)}, condition=condition)
    except ConditionFailed:
        return False
    return True
