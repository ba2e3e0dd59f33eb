"""What may be in the slot `USER#F`, `FOLLOWING#T`: how F stands to T, as the one item that says it.

    follow       gpk FOLLOWING#F, gsk, shard, ...      in the list of whom F follows
    request      gpk REQUEST_OUT#F, gsk                in the list of whom F asks
    tombstone    blocked_by                            in no list; while it stands nothing else can be written here

One place for all of them, so that a follow and a request of the same two people can't be there together: a follow takes
its request's place, and who leaves leaves nothing behind.
"""

from typing import Final

from config.dynamodb import Item, attr
from graph.entities import Side

ABSENT: Final = attr("pk").missing()
PRESENT: Final = attr("pk").exists()
IS_EDGE: Final = attr("gpk").begins_with(f"{Side.FOLLOWING}#")
IS_REQUEST: Final = attr("gpk").begins_with(f"{Side.REQUEST_OUT}#")


def is_edge(item: Item | None) -> bool:
    """Whether the slot holds a follow. Looks at `gpk`."""
    return item is not None and str(item.get("gpk", "")).startswith(f"{Side.FOLLOWING}#")


def is_request(item: Item | None) -> bool:
    """Whether the slot holds a request. Looks at `gpk`."""
    return item is not None and str(item.get("gpk", "")).startswith(f"{Side.REQUEST_OUT}#")


def is_tombstone(item: Item | None) -> bool:
    """Whether the slot is held by a block. Looks at `blocked_by`."""
    return item is not None and "blocked_by" in item
