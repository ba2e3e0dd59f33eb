"""What may move a post in the ranking, read off the table's stream.

The count of likes itself is followed, not each like: it tells whether they have come to another rung, which most have not,
and it is what a hot post's likes are summed up in.
"""

from dataclasses import dataclass
from typing import Self

from config.entities import PostId
from config.streams import Change
from posts.ranking import is_ranked
from posts.ranks import rung
from posts.repository.items import counts_of_item, post_of_item
from posts.tables import COUNTS, META


@dataclass(frozen=True, slots=True)
class LikesCounted:
    """A post's likes have come to another rung."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        item = change.new
        if item is None or item["sk"] != COUNTS:
            return None
        prefix, _sign, post_id = item["pk"].partition("#")
        if prefix != "POST" or not post_id.isdecimal():  # a part of a hot post's counts
            return None
        before, after = (rung(counts_of_item(image).likes) for image in (change.old, item))
        return None if before == after else cls(change.event_id, PostId(int(post_id)))


@dataclass(frozen=True, slots=True)
class PlaceChanged:
    """A post may be ranked that might not before, or the other way round; not a new one, which nobody likes yet."""

    event_id: str
    post_id: PostId

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old, change.new
        if old is None or new is None or new["sk"] != META:
            return None
        if is_ranked(post_of_item(old)) == is_ranked(post_of_item(new)):
            return None
        return cls(change.event_id, PostId(new["id"]))
