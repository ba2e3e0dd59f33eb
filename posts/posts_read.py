"""Posts with their counts through the cache, so that what it lacks can be read beside other things."""

import time
from collections.abc import Callable, Iterable
from functools import partial

from config import stamps
from config.cache import fill, look_up, settle
from config.entities import PostId
from posts import cache
from posts.cache import BODIES, COUNTS
from posts.entities import Post, PostCounts
from posts.repository import posts


class PostsRead:
    """The live ones of some posts: what the cache knows at once, the rest by `fetch` or `reads`. See `selectors.posts_by_ids`."""

    def __init__(self, post_ids: Iterable[PostId]) -> None:
        """Cost: 1 round trip to the cache, 2 if it lacks something."""
        self._wanted = list(dict.fromkeys(post_ids))
        _see(self._wanted)
        self._bodies, self._counts = look_up((BODIES, self._wanted), (COUNTS, self._wanted))
        self._read: dict[PostId, Post] = {}
        self._tallies: dict[PostId, PostCounts] = {}
        self._seconds = 0.0

    @property
    def known(self) -> dict[PostId, Post]:
        """What the cache knows of them, without counts."""
        return {post_id: post for post_id, post in self._bodies.found.items() if post is not None}

    def fetch(self) -> None:
        """Read what the cache lacks, and keep it there; what others are reading now is waited for.

        Cost: 1 batch at 0.5 RU a 4 KB + 0.5 RU for the counts, twice that if one of them was changed a moment ago; nothing
            if the cache knows it all.
        """
        settle([self._bodies, self._counts], self._fetch)
        BODIES.refresh(self._bodies, bodies_load)
        COUNTS.refresh(self._counts, counts_load)

    @property
    def reads(self) -> list[Callable[[], None]]:
        """The same to be done beside other things, many at once, for half of the units; `keep` is to follow.

        With Redis away, when of each page nearly all is missing, requests are what there is too little of, not units.

        Cost: 1 Query a post of which nothing is known, 0.5 RU a 4 KB; 1 batch for what else is missing, as `fetch`. With
            Redis away 1 batch for all.
        """
        missing, uncounted = self._missing
        unknown = set[PostId]() if self._bodies.is_away else set(missing).intersection(uncounted)
        bodies, counts = (
            [post_id for post_id in ids if post_id not in unknown] for ids in (missing, uncounted)
        )
        batch = [partial(self._fetch_batch, bodies, counts)] if bodies or counts else []
        return [*batch, *(partial(self._fetch_one, post_id) for post_id in sorted(unknown))]

    def keep(self) -> None:
        """Put what was read into the cache, and wait for what others were reading. Cost: 1 round trip to the cache if anything was."""
        self._fill()
        self.fetch()

    @property
    def _missing(self) -> tuple[list[PostId], list[PostId]]:
        """Whose body and whose counts are to be read; of a post that is known not to be there no counts."""
        gone = {post_id for post_id, post in self._bodies.found.items() if post is None}
        return self._bodies.missing, [post_id for post_id in self._counts.missing if post_id not in gone]

    def _fetch(self) -> None:
        self._fetch_batch(*self._missing)
        self._fill()

    def _fill(self) -> None:
        if not self._bodies.missing and not self._counts.missing:
            return
        live = {post_id: post for post_id, post in self._read.items() if not post.deleted}
        there = self.known.keys() | live.keys() | self._bodies.awaited.keys()
        counts = {post_id: tally for post_id, tally in self._tallies.items() if post_id in there}
        fill((self._bodies, live, self._seconds), (self._counts, counts, self._seconds))
        cache.keep_spread(counts)

    def _fetch_batch(self, bodies_of: list[PostId], counts_of: list[PostId]) -> None:
        if not bodies_of and not counts_of:
            return
        began = time.perf_counter()
        read, tallies = posts.get_bodies_and_counts(
            bodies_of,
            counts_of,
            consistent=any(self._is_changed(post_id) for post_id in [*bodies_of, *counts_of]),
        )
        self._read |= read
        self._tallies |= tallies
        self._seconds = time.perf_counter() - began

    def _fetch_one(self, post_id: PostId) -> None:
        body, tally = posts.get_body_with_counts(post_id, consistent=self._is_changed(post_id))
        self._tallies[post_id] = tally
        if body is not None:
            self._read[post_id] = body

    def _is_changed(self, post_id: PostId) -> bool:
        return post_id in self._bodies.changed or post_id in self._counts.changed

    def posts(self) -> dict[PostId, Post]:
        """Once fetched: those that are live."""
        bodies, counts = self._bodies.found, self._counts.found
        return {
            post_id: cache.with_counts(post, counts.get(post_id) or PostCounts())
            for post_id in self._wanted
            if (post := bodies.get(post_id)) is not None
        }


def posts_together(post_ids: list[PostId]) -> dict[PostId, Post]:
    """The live ones of these posts, by a read of all threads that ask for just these at the same time.

    Cost: as `PostsRead.fetch`.
    """
    _see(post_ids)  # before the read that answers, which may be another's
    return dict(BODIES.together(post_ids, lambda: _posts(post_ids)))


def _posts(post_ids: list[PostId]) -> dict[PostId, Post]:
    read = PostsRead(post_ids)
    read.fetch()
    return read.posts()


def _see(post_ids: list[PostId]) -> None:
    stamps.see(map(cache.body_name, post_ids), loose=map(cache.counts_name, post_ids))


def bodies_load(post_ids: list[PostId]) -> dict[PostId, Post]:
    """The live ones of these posts, past the cache, without counts. Cost: as `get_bodies_and_counts`."""
    found, _counts = posts.get_bodies_and_counts(post_ids, [])
    return {post_id: post for post_id, post in found.items() if not post.deleted}


def counts_load(post_ids: list[PostId]) -> dict[PostId, PostCounts]:
    """Counts past the cache. Cost: as `get_bodies_and_counts`."""
    return posts.get_bodies_and_counts([], post_ids)[1]
