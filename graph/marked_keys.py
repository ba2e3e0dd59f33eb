"""Keys in the index `by_notify` of mutes and close friends: by whom they are about.

    npk = MARKED#<who is marked>, nsk = the owner's id

Read by nobody but the clean-up after a person who has left for good: a mark lies with its owner, and nothing else of the
person leads there. The index is sparse and has room for more than one kind of partition; blocks need none of it, for
they are found from the slots that they close.
"""

from typing import Any, Final

from config.dynamodb import Item, ItemChange, Update, attr
from config.entities import UserId

_PREFIXES: Final = ("MUTE#", "CLOSE#")


def marked_partition(other_id: UserId) -> str:
    """Where the index keeps the marks that are about this person."""
    return f"MARKED#{other_id}"


def marked_key(owner_id: UserId, other_id: UserId) -> dict[str, Any]:
    """The keys that put a mark there."""
    return {"npk": marked_partition(other_id), "nsk": owner_id}


def missing_marked_key(item: Item) -> ItemChange | None:
    """What a mark of before lacks, None for all others: the backfill. A mark taken away since stays away."""
    if "npk" in item or not item["sk"].startswith(_PREFIXES):
        return None
    owner_id = UserId(int(item["pk"].removeprefix("USER#")))
    other_id = UserId(int(item["sk"].partition("#")[2]))
    return ItemChange(Update(set=marked_key(owner_id, other_id)), attr("pk").exists())
