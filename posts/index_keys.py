"""What items of before lack to be found by their person: the backfill of the index `by_author`."""

from typing import Final

from config.dynamodb import Item, ItemChange, Update, attr
from config.entities import UserId
from posts.repository import keys
from posts.tables import COMMENT_PREFIX, META

_STILL_THERE: Final = attr("pk").exists() & attr("gpk").missing()


def missing_person_key(item: Item) -> ItemChange | None:
    """The keys that a comment or a deleted post needs; None for all others.

    The condition leaves alone what has been deleted since it was read: an update would make it anew.
    """
    if "gpk" in item:
        return None
    sk = item["sk"]
    if sk.startswith(COMMENT_PREFIX) and "gone" not in item:
        found = {"gpk": keys.commented_by(UserId(item["author_id"])), "gsk": item["comment_id"]}
    elif sk == META and "deleted_at_ms" in item:
        found = {"gpk": keys.deleted_by(UserId(item["author_id"])), "gsk": item["id"]}
    else:
        return None
    return ItemChange(Update(set=found), _STILL_THERE)
