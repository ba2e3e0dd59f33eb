"""Sources of the Following feed: the inbox, the pulled authors with the reader, and history.

    time   now ------------------------------- horizon ------------------ the first post
    pushed authors     inbox                      |   read from the authors
    pulled authors     read from the authors      |   read from the authors
    the reader         read from the author       |   read from the author

Each says how far down it is complete, so the slate never shows a post above one that a source has yet to give.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from config.entities import PostId, UserId
from config.ids import first_id_at, id_time_ms
from feed import pulls, repository
from feed.ranking.candidates import Candidate, FeedQuery, Scan
from graph.selectors import following_ids
from posts.timelines import newest_post_ids

HISTORY_AUTHORS = 1_000
"""Authors read for one round of history. TODO(5): deeper follow lists are rebuilt behind the reader."""


class Source(Protocol):
    """Gives candidates below the query's position, newest first."""

    def scan(self, query: FeedQuery) -> Scan:
        """At least the newest `query.limit` it has there, or all down to the floor it states."""


class InboxSource:
    """What was pushed. An inbox that has nothing there is not believed: the authors are asked instead.

    So a new reader, one whose follows are still being backfilled and one long away all see a full page at once.
    """

    def scan(self, query: FeedQuery) -> Scan:
        """Cost: 1 round trip, 0.5 read units for some 40 items; where the inbox is empty, as `HistorySource`."""
        if query.before <= query.horizon:
            return Scan([])
        items = repository.inbox_below(
            query.reader_id, before=query.before, limit=query.limit, now_seconds=query.now_seconds
        )
        if not items:
            return pull_all_followed(query)
        candidates = [Candidate(item.post_id, item.author_id, "inbox") for item in items]
        return Scan(candidates, items[-1].post_id if len(items) == query.limit else query.horizon)


class AuthorsSource:
    """The celebrities that the reader follows, and the reader: own posts are there before the stream has seen them."""

    def scan(self, query: FeedQuery) -> Scan:
        """Cost: 2 rounds, 1 read unit and 0.5 for each author."""
        return pull([query.reader_id, *pulls.pulled_by(query.reader_id)], query)


class HistorySource:
    """Everybody followed, below the horizon."""

    def scan(self, query: FeedQuery) -> Scan:
        """Cost: nothing above the horizon; below it 2 rounds, 25 read units a 1,000 follows and 0.5 an author."""
        if query.before > query.horizon:
            return Scan([], query.horizon)
        return pull_all_followed(query)


def pull_all_followed(query: FeedQuery) -> Scan:
    """Read every followed author, of whom at most HISTORY_AUTHORS had an account by then."""
    by_then = (
        author_id for author_id in following_ids(query.reader_id) if _is_older(author_id, query.before)
    )
    return pull(islice(by_then, HISTORY_AUTHORS), query)


def pull(author_ids: Iterable[UserId], query: FeedQuery) -> Scan:
    """The newest posts of each of these authors.

    Cost: as `newest_post_ids`: 1 round, 0.5 read units an author; nothing for an account that is younger than the position.
    """
    authors = [author_id for author_id in author_ids if _is_older(author_id, query.before)]
    lists = newest_post_ids(authors, limit=query.limit, before=query.before)
    found = [
        Candidate(post_id, author_id, "pull")
        for author_id, post_ids in zip(authors, lists, strict=True)
        for post_id in post_ids
    ]
    return Scan(found, max((post_ids[-1] for post_ids in lists if len(post_ids) == query.limit), default=0))


def _is_older(author_id: UserId, position: PostId) -> bool:
    """An account has no post from before it was made: ids of both are times."""
    return first_id_at(id_time_ms(author_id)) < position
