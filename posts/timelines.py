"""An author's live posts in the order of time, wherever the index keeps them.

    round 1   what lies under the author, the next month's list, and which months there are if that is not known
    round 2   further months, as long as they may hold something of the page: `posts.months` gives lists to months with
              many posts, so one is nearly always enough

Exact: the two parts are read each to the end of the page, and a page ends where neither has anything before that.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from config.dynamodb import gather
from config.entities import PostId, UserId
from posts.calendar import month_of
from posts.months import months_fetch, months_if_known
from posts.repository.timelines import query_part

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
        ids = query_part(
            self.author_id, month, start=self.start, limit=self.limit, oldest_first=self.oldest_first
        )
        self.found.update(ids)

    def _is_beyond(self, month: str, other: str) -> bool:
        """It comes after the other one in this order."""
        return month > other if self.oldest_first else month < other


def newest_post_ids(
    author_ids: Sequence[UserId], *, limit: int, before: PostId | None = None
) -> list[list[PostId]]:
    """Of each author the ids of so many live posts older than `before`, newest first.

    Shape: same length and order as `author_ids`.
    Cost: 1 round, 0.5 RU an author for some 40 ids, and 0.5 RU every six hours; 1 RU, and now and then a second round, of
        those who post much. NOTE: not from within a read that is gathered.
    Consistency: eventual (an index).
    """
    walks = [_Walk(author_id, start=before, limit=limit) for author_id in author_ids]
    known = months_if_known(author_ids)
    unknown = [author_id for author_id in author_ids if author_id not in known]
    reads: list[Callable[[], dict[UserId, list[str]] | None]] = [
        partial(months_fetch, unknown[first : first + AUTHORS_A_READ])
        for first in range(0, len(unknown), AUTHORS_A_READ)
    ]
    for walk in walks:
        walk.begin(known.get(walk.author_id, ()))
        reads += [partial(walk.read, month) for month in (None, *walk.next_months(1))]
    fetched = {author_id: months for found in gather(*reads) if found for author_id, months in found.items()}
    for walk in walks:
        if walk.author_id in fetched:
            walk.begin(fetched[walk.author_id])
    _finish(walks)
    return [walk.page() for walk in walks]


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
