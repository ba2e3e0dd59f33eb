"""Keys of the index `by_notify`: out-edges whose follower wants to hear of the followee's posts, and only those.

    npk = NOTIFY#<followee>, nsk = follower's id      on the out-edge while `notify` is true, else neither

Sparse: an edge without notifications costs the index nothing, so a follow stays at its 10 write units.
"""

from typing import Any, Final

from config.dynamodb import Item, ItemChange, Update, attr
from config.entities import UserId
from graph.archive_entities import ARCHIVED_BY
from graph.entities import Side

INDEX: Final = "by_notify"
NOTIFY: Final = "notify"
_OUT_EDGE: Final = f"{Side.FOLLOWING}#"


def notify_partition(followee_id: UserId) -> str:
    """Where the index keeps the followers who want to hear of this person."""
    return f"NOTIFY#{followee_id}"


def notify_key(follower_id: UserId, followee_id: UserId) -> Item:
    """The keys that put an out-edge into the index."""
    return {"npk": notify_partition(followee_id), "nsk": follower_id}


def edge_change(follower_id: UserId, followee_id: UserId, changes: dict[str, Any]) -> Update:
    """The update of an out-edge that sets these attributes and keeps its place in the index right."""
    # Whoever is taking the edge to the archive has read what it was, and must leave it here.
    remove = (ARCHIVED_BY,)
    if NOTIFY not in changes:
        return Update(set=changes, remove=remove)
    keys = notify_key(follower_id, followee_id)
    if changes[NOTIFY]:
        return Update(set=changes | keys, remove=remove)
    return Update(set=changes, remove=(*keys, *remove))


def missing_notify_key(item: Item) -> ItemChange | None:
    """What an item of before the index lacks, None for all others: the backfill.

    The condition leaves an edge alone that has been switched off, deleted or blocked since it was read.
    """
    if not item.get(NOTIFY) or "gpk" not in item or "npk" in item or not item["sk"].startswith(_OUT_EDGE):
        return None
    follower_id = UserId(int(item["pk"].removeprefix("USER#")))
    followee_id = UserId(int(item["sk"].removeprefix(_OUT_EDGE)))
    still_on = attr("gpk").exists() & (attr(NOTIFY) == True)  # noqa: E712  # a condition, not a comparison
    return ItemChange(Update(set=notify_key(follower_id, followee_id)), still_on)
