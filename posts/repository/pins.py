"""PINS items: what an author has pinned to the profile."""

from collections.abc import Sequence

from config.dynamodb import ConditionFailed, Item, attr, batch_get, get_item, put_item
from config.entities import PostId, UserId
from posts.repository import keys
from posts.tables import POSTS


def get_pins(author_id: UserId, *, consistent: bool = False) -> list[PostId]:
    """What is pinned, the last pinned first; posts that are deleted or archived since may be among them.

    Cost: 1 request, 0.5 RU, strong 1 RU.
    """
    return _ids_in(get_item(POSTS, keys.pins(author_id), consistent=consistent))


def get_pins_and_count(author_id: UserId) -> tuple[list[PostId], int]:
    """The same, and how many live posts the author has (`authors.get_post_counts`), read together.

    Cost: 1 request, 1 RU.
    """
    pinned, counted = batch_get([(POSTS, keys.pins(author_id)), (POSTS, keys.stats(author_id))])
    return _ids_in(pinned), max(0, counted["posts"]) if counted else 0


def _ids_in(item: Item | None) -> list[PostId]:
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
