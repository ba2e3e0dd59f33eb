"""Whom a fan-out comes to, a page at a time, and where it goes on.

    position              the page                                            it goes on at
    followers:            the first 200 of shard 0                            the next of shard 0, the first of each other shard
    followers:K/KEY       the next of shard K after that sort key             the next of shard K
    kept:CURSOR           those whom a pulled author is still pushed to       the next of them

Followers whose edge is marked (`graph.delivery`) pull this author; they are not among the readers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from config.dynamodb import gather
from config.entities import UserId
from feed import pulls, repository
from graph.fan_out import follower_shards, readers_of_shard

READERS_A_PAGE: Final = 1_000
FIRST_READERS: Final = 200
"""Of the first page, so that it is soon written, and the next ones are read meanwhile; most authors have no more."""
FOLLOWERS: Final = "followers:"
KEPT: Final = "kept:"


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """Some readers, and the positions of the pages after this one."""

    reader_ids: Sequence[UserId]
    further: Sequence[str] = ()
    is_of_many: bool = False
    """Of a fan-out to all followers that has other pages; whoever is kept pushed has to be pushed to in any case."""
    is_dropped: bool = False
    """Everybody pulls the author by now, so that nobody else needs to be pushed to."""


def first_position(author_id: UserId) -> str:
    """Where a fan-out of this author begins: with all followers, or with those who are kept pushed.

    Cost: 1 read unit. Consistency: strong.
    """
    return KEPT if pulls.author_is_pulled(author_id) else FOLLOWERS


def page_from(
    author_id: UserId,
    position: str,
    *,
    is_known: bool = False,
    beside: Sequence[Callable[[], object]] = (),
) -> ReadersPage:
    """The page at a position. `is_known`: that not everybody pulls the author; `beside`: what else to ask, in the same round.

    Cost: 1 round, up to 50 read units for 1,000; of the first page 1 more, and 1 unless it `is_known`. Consistency: strong.
    NOTE: not from within a read that is gathered.
    """
    if position.startswith(KEPT):
        cursor = position.removeprefix(KEPT) or None
        read: list[Any] = gather(
            partial(repository.push_edge_readers, author_id, cursor=cursor, limit=READERS_A_PAGE), *beside
        )
        kept, following = read[0]
        return ReadersPage(kept, [f"{KEPT}{following}"] if following is not None else [])
    shard, _, after = position.removeprefix(FOLLOWERS).partition("/")
    reads: dict[str, Callable[[], Any]] = {
        "readers": partial(_shard_page, author_id, int(shard or 0), after or None, first=not shard)
    }
    if not is_known:
        reads["is_dropped"] = partial(pulls.author_is_pulled, author_id)
    if not shard:
        # Read after the post: who follows by then lies in one of these, and whoever comes later is backfilled.
        reads["shards"] = partial(follower_shards, author_id)
    found = dict(zip(reads, gather(*reads.values(), *beside), strict=False))
    reader_ids, following = found["readers"]
    further = [f"{FOLLOWERS}{shard or 0}/{following}"] if following is not None else []
    further += [f"{FOLLOWERS}{other}/" for other in range(1, found.get("shards", 1))]
    is_dropped = found.get("is_dropped", False)
    return ReadersPage(reader_ids, further, is_of_many=bool(shard or further), is_dropped=is_dropped)


def _shard_page(
    author_id: UserId, shard: int, after: str | None, *, first: bool
) -> tuple[list[UserId], str | None]:
    limit = min(FIRST_READERS, READERS_A_PAGE) if first else READERS_A_PAGE
    return readers_of_shard(author_id, shard=shard, after=after, limit=limit)
