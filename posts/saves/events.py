"""Collections that were deleted, read off the table's stream."""

from dataclasses import dataclass
from typing import Self

from config.entities import UserId
from config.streams import Change
from posts.saves.entities import CollectionId
from posts.tables import COLLECTION_PREFIX


@dataclass(frozen=True, slots=True)
class CollectionDeleted:
    """A collection is gone; its entries and what saves say of it are left."""

    event_id: str
    user_id: UserId
    collection_id: CollectionId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old = change.old
        if change.kind != "REMOVE" or old is None or not old["sk"].startswith(COLLECTION_PREFIX):
            return None
        user_id = UserId(int(old["pk"].partition("#")[2]))
        return cls(change.event_id, user_id, CollectionId(old["collection_id"]))
