"""An author's live posts in the order of time, wherever the index keeps them.

    round 1   what lies under the author, the next month's list, and which months there are if that is not known
    round 2   further months, as long as they may hold something of the page: `posts.months` gives lists to months with
              many posts, so one is nearly always enough

Read from the top, what lies under an author says itself whether there are months with lists: nothing else is asked of
nearly everybody. For who has some, which they are and the two latest are the second round.

Exact: the two parts are read each to the end of the page, and a page ends where neither has anything before that.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from config.dynamodb import gather, is_done
from config.entities import PostId, UserId
from posts.calendar import month_before, month_of
from posts.months import months_fetch, months_if_known, no_months_note
from posts.repository.timelines import query_part, query_top
from posts.table_changes import MONTHS_IN_INDEX

MONTHS_A_ROUND: Final = 3
AUTHORS_A_READ: Final = 100


class _Walk:
    """One author's page while it is being read."""

    def __init__(
        self, author_id: UserId, *, start: PostId | None, limit: int, oldest_first: bool = False
    ) -> None:
        self.author_id, self.start, self.limit, self.oldest_first = author_id, start, limit, oldest_first
        self.found: set[PostId] = set()
        self.months: list[str] = []
        self.latest: str | None = None
        self.done: set[str] = set()

    def begin(self, months: Iterable[str]) -> None:
        """These months have lists; those that lie before the page are not read."""
        self.months = sorted(months, reverse=not self.oldest_first)
        if self.start is not None:
            self.months = [month for month in self.months if not self._is_beyond(month_of(self.start), month)]

    def page(self) -> list[PostId]:
        """What has been found, in order."""
        return sorted(self.found, reverse=not self.oldest_first)[: self.limit]

    def next_months(self, most: int) -> list[str]:
        """The months to be read next: none if all that is not read lies behind the page."""
        page = self.page()
        if len(page) == self.limit:
            last = month_of(page[-1])
            self.months = [month for month in self.months if not self._is_beyond(month, last)]
        taken, self.months = self.months[:most], self.months[most:]
        return taken

    def read(self, month: str | None) -> None:
        """Take in one part."""
        if month is not None:
            self.done.add(month)
        ids = query_part(
            self.author_id, month, start=self.start, limit=self.limit, oldest_first=self.oldest_first
        )
        self.found.update(ids)

    def read_top(self) -> None:
        """Take in what lies under the author alone, and hear whether there is more."""
        ids, self.latest = query_top(self.author_id, limit=self.limit)
        self.found.update(ids)

    def _is_beyond(self, month: str, other: str) -> bool:
        """It comes after the other one in this order."""
        return month > other if self.oldest_first else month < other


class NewestRead:
    """The newest posts of some authors, to be read beside other things: `gather(*reads, ...)`, then `finish`.

    Cost: as `newest_post_ids`; its first round is `reads`, a second one, if there has to be one, is in `finish`.
    """

    def __init__(self, author_ids: Sequence[UserId], *, limit: int, before: PostId | None = None) -> None:
        self._walks = [_Walk(author_id, start=before, limit=limit) for author_id in author_ids]
        known = months_if_known(author_ids)
        unknown = list(dict.fromkeys(author_id for author_id in author_ids if author_id not in known))
        self._asked_at_ms = time.time_ns() // 1_000_000
        self._fetched: dict[UserId, list[str]] = {}
        self._said: set[UserId] = set()
        if before is None and is_done(MONTHS_IN_INDEX):
            self._said, unknown = set(unknown), []
        self.reads: list[Callable[[], None]] = self._learning(unknown)
        for walk in self._walks:
            if walk.author_id in self._said:
                self.reads.append(walk.read_top)
                continue
            walk.begin(known.get(walk.author_id, ()))
            self.reads += [partial(walk.read, month) for month in (None, *walk.next_months(1))]

    def finish(self) -> list[list[PostId]]:
        """Once the reads are done: of each author the ids, in the order asked."""
        self._hear_of_months()
        for walk in self._walks:
            if walk.author_id in self._fetched:
                walk.begin(month for month in self._fetched[walk.author_id] if month not in walk.done)
        _finish(self._walks)
        return [walk.page() for walk in self._walks]

    def _hear_of_months(self) -> None:
        """Of authors who were said to have lists: which, and the two latest."""
        listed = {walk.author_id: walk.latest for walk in self._walks if walk.latest is not None}
        if none := self._said - listed.keys():
            no_months_note(none, at_ms=self._asked_at_ms)
        if not listed:
            return
        walks = [walk for walk in self._walks if walk.author_id in listed]
        latest = [
            partial(walk.read, month)
            for walk in walks
            for month in (listed[walk.author_id], month_before(str(listed[walk.author_id])))
        ]
        gather(*self._learning(list(listed)), *latest)

    def _learning(self, author_ids: Sequence[UserId]) -> list[Callable[[], None]]:
        return [
            partial(self._learn_months, author_ids[first : first + AUTHORS_A_READ])
            for first in range(0, len(author_ids), AUTHORS_A_READ)
        ]

    def _learn_months(self, author_ids: Sequence[UserId]) -> None:
        self._fetched |= months_fetch(author_ids)


def newest_post_ids(
    author_ids: Sequence[UserId], *, limit: int, before: PostId | None = None
) -> list[list[PostId]]:
    """Of each author the ids of so many live posts older than `before`, newest first.

    Shape: same length and order as `author_ids`.
    Cost: 1 round, 0.5 RU an author for some 40 ids, and below the top 0.5 RU every six hours; 1 RU, and now and then a
        second round, of those who post much. NOTE: not from within a read that is gathered.
    Consistency: eventual (an index).
    """
    newest = NewestRead(author_ids, limit=limit, before=before)
    gather(*newest.reads)
    return newest.finish()


def oldest_post_ids(author_id: UserId, *, after: PostId | None, limit: int) -> list[PostId]:
    """Ids of so many live posts that are newer than `after`, oldest first: for what goes through all of them.

    Cost: 1 RU, and as `newest_post_ids`. Consistency: eventual (an index); which months there are is read strongly.
    """
    walk = _Walk(author_id, start=after, limit=limit, oldest_first=True)
    walk.begin(months_fetch([author_id], consistent=True)[author_id])
    walk.read(None)
    _finish([walk])
    return walk.page()


def _finish(walks: Sequence[_Walk]) -> None:
    while reads := [
        partial(walk.read, month) for walk in walks for month in walk.next_months(MONTHS_A_ROUND)
    ]:
        gather(*reads)
