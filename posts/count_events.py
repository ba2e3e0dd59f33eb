"""Changes of posts' counts, read off the table's stream."""

from dataclasses import dataclass
from typing import Self

from config.entities import PostId
from config.streams import Change
from posts.entities import PostCounts
from posts.repository.items import counts_of_item
from posts.tables import COUNTS


@dataclass(frozen=True, slots=True)
class CountsChanged:
    """Something of a post was counted, up or down; not that counts were summed up, closed or opened."""

    event_id: str
    post_id: PostId
    in_shard: bool
    """Of a hot post, not in its first item: not in what is shown until it is summed up."""
    is_spread: bool
    at_ms: int
    counts: PostCounts
    """What the item has come to."""

    @classmethod
    def from_change(cls, change: Change) -> Self | None:
        old, new = change.old or {}, change.new
        if new is None or new["sk"] != COUNTS or old.get("changes") == new.get("changes"):
            return None
        _post, number, *shard = new["pk"].split("#")
        return cls(
            change.event_id,
            PostId(int(number)),
            bool(shard),
            bool(shard) or "spread" in new,
            change.at_ms,
            counts_of_item(new),
        )
