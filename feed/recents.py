"""The newest posts of an author in the cache, so that pulling an author whom somebody has pulled lately costs nothing.

    heard    ids of what the stream told of within some minutes        only added to, by every consumer
    list     the newest ids of the index, and when it was asked        only replaced, by whoever missed it

A reader takes both together: a list that was filled late, from an index that was behind, can't hide what was heard, for
it is in the other one. What is heard outlives every list that was asked before it. Deleted posts stay in: reads drop them.

Fail-open: what is lost is asked of the index again. While a consumer can't reach the cache and readers can, a pulled post
may be late by LIST_SECONDS.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config import cache
from config.entities import PostId, UserId

HEARD: Final = "feed_heard"
LISTED: Final = "feed_listed"
KEPT: Final = 40
"""As many as half a read unit gives."""
LIST_SECONDS: Final = 300
HEARD_SECONDS: Final = 3 * LIST_SECONDS


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest posts of one author, newest first. `is_whole`: the author has no others."""

    post_ids: Sequence[PostId]
    is_whole: bool

    def reaches(self, before: PostId, limit: int) -> bool:
        """Whether so many posts below a position can be taken from here, or all that there are."""
        return self.is_whole or sum(post_id < before for post_id in self.post_ids) >= limit


def post_heard(author_id: UserId, post_id: PostId) -> None:
    """The stream has told of a post.

    Cost: 1 round trip to the cache. Idempotent: by post.
    """
    cache.keep_highest(HEARD, author_id, post_id, most=KEPT, ttl_seconds=HEARD_SECONDS)


def heard_of(author_ids: Iterable[UserId]) -> dict[UserId, list[PostId]]:
    """What these authors have posted within some minutes, as far as it is known.

    Cost: 1 round trip to the cache.
    """
    found = cache.highest_many(HEARD, author_ids)
    return {UserId(author_id): [PostId(post_id) for post_id in ids] for author_id, ids in found.items()}


def recents_of(author_ids: Sequence[UserId]) -> dict[UserId, Recent]:
    """The newest posts of those of these authors of whom they are known.

    Cost: 2 round trips to the cache.
    """
    listed = {UserId(author_id): ids for author_id, ids in cache.get_many(LISTED, author_ids).items()}
    heard = heard_of(listed)
    return {author_id: _together(ids, heard.get(author_id, ())) for author_id, ids in listed.items()}


def _together(listed: Sequence[PostId], heard: Iterable[PostId]) -> Recent:
    """Below its last one a list that is not whole knows nothing, so an old post that has come back is left out."""
    is_whole = len(listed) < KEPT
    news = (post_id for post_id in heard if is_whole or post_id > listed[-1])
    return Recent(sorted({*listed, *news}, reverse=True), is_whole)


def recents_fill(found: Mapping[UserId, Sequence[PostId]], *, asked_at: float) -> None:
    """Keep what the index gave of authors, KEPT of each unless there are fewer; `asked_at` is monotonic, of before.

    A list that took long to come is not kept: what is heard might be forgotten before it is.

    Cost: 1 round trip to the cache.
    """
    if time.monotonic() - asked_at < LIST_SECONDS:
        cache.set_many(LISTED, {author_id: list(ids) for author_id, ids in found.items()}, LIST_SECONDS)
