"""Sources of the Following feed: the inbox, the pulled authors with the reader, what has just been heard, and history.

    time   now ------------------------------- horizon ------------------ the first post
    pushed authors     inbox, and what is heard   |   read from the authors
    pulled authors     read from the authors      |   read from the authors
    the reader         read from the author       |   read from the author

Each says how far down it is complete, so the slate never shows a post above one that a source has yet to give. What is
heard only adds: a post that is on its way to the inbox is there before it.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import Final, Protocol

from config.entities import PostId, UserId
from config.ids import first_id_at
from feed import hints, recents
from feed.ranking.candidates import FROM_THE_TOP, Candidate, FeedQuery, Scan
from feed.ranking.reading import Stretch
from graph.selectors import following_ids
from posts.timelines import newest_post_ids

AUTHORS_AT_ONCE: Final = 1_000
"""Authors read for one round of history; a reader of more is served in several."""
Lists = Mapping[UserId, Sequence[PostId]]


class Source(Protocol):
    """Gives candidates below the stretch's position, newest first."""

    def scan(self, stretch: Stretch) -> Scan:
        """At least the newest `query.limit` it has there, or all down to the floor it states."""


class InboxSource:
    """What was pushed. An inbox that has nothing there is not believed: the authors are asked instead.

    So a new reader, one whose follows are still being backfilled and one long away all see a full page at once.
    """

    def scan(self, stretch: Stretch) -> Scan:
        """Cost: none; where the inbox is empty, as `HistorySource`."""
        query, horizon = stretch.query, stretch.reading.horizon
        candidates = [Candidate(item.post_id, item.author_id, "inbox") for item in stretch.inbox]
        if query.before <= horizon:
            return Scan(candidates)
        if not candidates:
            return pull_all_followed(query)
        return Scan(candidates, _floor_of_inbox(stretch))


class AuthorsSource:
    """The pulled authors that the reader follows, and the reader: own posts are there before the stream has seen them."""

    def scan(self, stretch: Stretch) -> Scan:
        """Cost: as `pull` of those who are pulled."""
        query, own = stretch.query, stretch.own
        pulled = lists_below(stretch.reading.pulled, query)
        return newest_of({**pulled, query.reader_id: own}, query.limit, "pull")


class HeardSource:
    """Posts that the stream has told of and the inbox has not got yet. Nothing is missing for what is not here."""

    def scan(self, stretch: Stretch) -> Scan:
        """Cost: 2 round trips to the cache."""
        query, followees = stretch.query, stretch.reading.record.followees
        known_from = first_id_at(query.now_ms - hints.TTL_SECONDS * 1000)
        if not followees.are_complete or not stretch.inbox or query.before <= known_from:
            return Scan([])
        from_id = max(known_from, _floor_of_inbox(stretch))
        last = hints.last_posts_from(from_id, followees.marks)
        heard = recents.heard_of(last)
        pushed = {item.post_id for item in stretch.inbox}
        return Scan(
            [
                Candidate(post_id, author_id, "heard")
                for author_id, last_id in last.items()
                for post_id in {last_id, *heard.get(author_id, ())} - pushed
                if from_id <= post_id < query.before
            ]
        )


class HistorySource:
    """Everybody followed, below the horizon."""

    def scan(self, stretch: Stretch) -> Scan:
        """Cost: nothing above the horizon; below it 2 rounds, 25 read units a 1,000 follows, and as `pull` of all."""
        if stretch.query.before > stretch.reading.horizon:
            return Scan([], stretch.reading.horizon)
        return pull_all_followed(stretch.query)


def pull_all_followed(query: FeedQuery) -> Scan:
    """The newest posts of all that the reader follows: AUTHORS_AT_ONCE at a time, however many they are."""
    newest = Scan([])
    followed = following_ids(query.reader_id)
    while authors := list(islice(followed, AUTHORS_AT_ONCE)):
        scan = newest_of(lists_below(authors, query), query.limit, "pull")
        ordered = sorted(
            [*newest.candidates, *scan.candidates], key=lambda candidate: candidate.post_id, reverse=True
        )
        newest = Scan(ordered[: query.limit], max(newest.floor, scan.floor))
    return newest


def lists_below(author_ids: Iterable[UserId], query: FeedQuery) -> dict[UserId, Sequence[PostId]]:
    """Of each of these authors the newest posts below the position, as many as the query wants, or all.

    Cost: 2 round trips to the cache; for authors of whom it doesn't know enough as `newest_post_ids`: 1 round, 0.5 read
        units each. For young accounts too: posts that an operator brings in may be older than their author's account.
    """
    authors = list(author_ids)
    known = recents.recents_of(authors)
    lists: dict[UserId, Sequence[PostId]] = {
        author_id: [post_id for post_id in recent.post_ids if post_id < query.before][: query.limit]
        for author_id, recent in known.items()
        if recent.reaches(query.before, query.limit)
    }
    missing = [author_id for author_id in authors if author_id not in lists]
    if missing:
        lists |= _asked(missing, query)
    return lists


def _asked(author_ids: Sequence[UserId], query: FeedQuery) -> dict[UserId, Sequence[PostId]]:
    """The same from the index; what is read from the top is kept for others."""
    from_the_top = query.before == FROM_THE_TOP
    limit = max(query.limit, recents.KEPT) if from_the_top else query.limit
    asked_at = time.monotonic()
    lists = newest_post_ids(author_ids, limit=limit, before=None if from_the_top else query.before)
    found: dict[UserId, Sequence[PostId]] = dict(zip(author_ids, lists, strict=True))
    if from_the_top:
        kept = {author_id: ids[: recents.KEPT] for author_id, ids in found.items()}
        recents.recents_fill(kept, asked_at=asked_at)
    return {author_id: ids[: query.limit] for author_id, ids in found.items()}


def newest_of(lists: Lists, limit: int, source: str) -> Scan:
    """The newest of many lists, each newest first: a heap holds the head of each."""
    runs = ([(post_id, author_id) for post_id in ids] for author_id, ids in lists.items())
    taken = list(islice(merge(*runs, reverse=True), limit))
    candidates = [Candidate(post_id, author_id, source) for post_id, author_id in taken]
    return Scan(candidates, taken[-1][0] if len(taken) == limit else 0)


def _floor_of_inbox(stretch: Stretch) -> int:
    """How far down a page of the inbox has everything that was pushed."""
    horizon = stretch.reading.horizon
    is_full = len(stretch.inbox) == stretch.query.limit
    return max(horizon, stretch.inbox[-1].post_id) if is_full else horizon
