"""A ranked list is pinned for a visit: each page of it goes on in the list as it was when the first one was read.

    first page     1 Query of ranks, DEPTH of them; if there is more than the page shows they are kept in Redis
    the others     the kept ranks, from the cursor on; below the last of them, or without them, the ranks as they are now

So within the first DEPTH nothing that climbs or falls meanwhile is missed or comes twice. Pinned are places alone: what a
viewer may see, and what a post is now, is asked for with every page. Equal lists are kept once, under their digest.
"""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from operator import neg
from typing import Final, Self

from config import cache
from posts.filling import Read
from posts.ranks import id_of

KIND: Final = "ranked"
DEPTH: Final = 120
KEPT_SECONDS: Final = 1_800


class Snapshot:
    """The ranks of one list, pinned as far down as they were read; none where nothing is known."""

    def __init__(self, read: Read, ranks: Sequence[int], *, is_whole: bool) -> None:
        self._read, self._ranks, self._is_whole = read, ranks, is_whole
        self._ids = set(map(id_of, ranks))

    @classmethod
    def taken(cls, read: Read) -> Self:
        """As it is now.

        Cost: `read`.
        """
        ranks = read(None, DEPTH)
        return cls(read, ranks, is_whole=len(ranks) < DEPTH)

    @classmethod
    def kept(cls, read: Read, name: str) -> Self:
        """As `keep` was told; of nothing if that is gone.

        Cost: 1 round trip to Redis.
        """
        ranks = [int(rank) for rank in cache.get(KIND, name) or ()]
        return cls(read, ranks, is_whole=0 < len(ranks) < DEPTH)

    def keep(self) -> str:
        """Its name, for whoever goes on in it.

        Cost: 1 round trip to Redis.
        """
        texts = [str(rank) for rank in self._ranks]  # too large for numbers in JSON
        name = blake2b(",".join(texts).encode(), digest_size=12).hexdigest()
        cache.set(KIND, name, texts, KEPT_SECONDS)
        return name

    def below(self, after: int | None, limit: int) -> list[int]:
        """At most so many ranks below one; None is the top.

        Cost: nothing within what is pinned, `read` below it.
        """
        start = 0 if after is None else bisect_right(self._ranks, -after, key=neg)
        found = list(self._ranks[start : start + limit])
        last = found[-1] if found else after
        is_end = self._is_whole
        while len(found) < limit and not is_end:
            rows = self._read(last, limit)
            # Of these some may have fallen out of what is pinned, where they have had their turn.
            found += [rank for rank in rows if id_of(rank) not in self._ids]
            is_end = len(rows) < limit  # fewer than were asked for: there are no more
            last = rows[-1] if rows else last
        return found[:limit]
