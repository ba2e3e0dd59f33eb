"""Why somebody sees a post at home, or does not: what is stored of the two, what was decided and what each filter says.

Asked by staff of one reader and one post; it reads what a page reads and changes nothing.
"""

import time
from dataclasses import dataclass
from typing import Final

from config.entities import PostId, UserId
from config.ids import first_id_at
from feed import hints, pulls, readers, repository
from feed.author_entities import AuthorRecord
from feed.author_repository import author_record
from feed.fingerprints import fingerprint
from feed.policies.prices import ON_DEMAND
from feed.ranking.candidates import FROM_THE_TOP, Candidate, FeedQuery
from feed.ranking.following import FOLLOWING
from feed.reader_entities import ReaderRecord
from feed.reader_rates import reader_facts
from feed.watermarks import horizon_ms
from graph.delivery import edge_is_pulled, follow_of
from graph.entities import Edge
from graph.selectors import counts
from posts.entities import Post
from posts.selectors import posts_by_ids

MILLION: Final = 1_000_000
NOT_FOUND: Final = "not_found"
ON_ITS_WAY: Final = "on_its_way"
"""For the reader, and not there yet: neither pushed nor pulled nor heard of."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the two ways of an edge cost, in US dollars for a million days, at these rates."""

    reads_per_day: float
    posts_per_day: float
    push: float
    pull: float


@dataclass(frozen=True, slots=True)
class Ways:
    """How a post may come to a reader; of each whether it holds now.

    `pulled_by_all`: the author is, by everybody; `pulled_by_reader`: the author is in the reader's list;
    `marked`: a fan-out leaves the reader out; `below_horizon`: so old that authors are read in any case; `heard`: the
    cache knows of it though it may not be pushed yet; `own`: posts of one's own are always read; `empty`: there is nothing in
    the inbox, so authors are read until it is filled.
    """

    own: bool
    pushed: bool
    pulled_by_all: bool
    pulled_by_reader: bool
    marked: bool
    kept_pushed: bool
    heard: bool
    below_horizon: bool
    empty: bool

    @property
    def is_reached(self) -> bool:
        """Whether a page would find it, by any of them."""
        is_read = self.own or self.pulled_by_reader or self.below_horizon or self.empty
        return is_read or self.pushed or self.heard


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that is known. `removed_by`: the word of the filter that takes the post out, NOT_FOUND or ON_ITS_WAY; "" if it is shown.

    `post` is None for one that is deleted; then there is nothing else. `edge` is None if the author is not followed.
    """

    reader_id: UserId
    post_id: PostId
    removed_by: str = NOT_FOUND
    post: Post | None = None
    edge: Edge | None = None
    followers: int = 0
    author: AuthorRecord | None = None
    costs: Costs | None = None
    ways: Ways | None = None
    horizon_ms: int = 0
    last_read_ms: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether the post is at the reader's home, where the page has no nearer repost of it."""
        return not self.removed_by


def inspection_of(*, reader_id: UserId, post_id: PostId) -> Inspection:
    """What a page of home would do with this post, and why.

    Cost: some 10 read units in up to 8 round trips, and the cache. Consistency: eventual, the edge strong.
    """
    post = posts_by_ids([post_id]).get(post_id)
    if post is None:
        return Inspection(reader_id, post_id)
    now_ms = time.time_ns() // 1_000_000
    record, author = readers.reader_record(reader_id), author_record(post.author_id)
    edge = follow_of(reader_id, post.author_id)
    horizon = max(horizon_ms(record.state, now_ms), record.followees.lacking_before_ms)
    ways = _ways(reader_id, post, record, edge, horizon)
    removed = _removed_by(FeedQuery(reader_id, PostId(post_id + 1), 1, now_ms), post)
    return Inspection(
        reader_id,
        post_id,
        removed or ("" if ways.is_reached else ON_ITS_WAY),
        post,
        edge,
        counts(post.author_id).followers,
        author,
        _costs(record, author, now_ms),
        ways,
        horizon,
        record.state.last_read_ms if record.state else 0,
    )


def _ways(reader_id: UserId, post: Post, record: ReaderRecord, edge: Edge | None, horizon_at_ms: int) -> Ways:
    author_id = post.author_id
    heard = hints.last_posts_from(post.id, [fingerprint(author_id)]) if edge else {}
    return Ways(
        own=reader_id == author_id,
        pushed=post.id in _pushed_next(reader_id, PostId(post.id + 1)),
        pulled_by_all=pulls.author_is_pulled(author_id),
        pulled_by_reader=author_id in record.pulls.authors,
        marked=edge is not None and edge_is_pulled(edge),
        kept_pushed=repository.push_edge_exists(author_id, reader_id),
        heard=author_id in heard,
        below_horizon=edge is not None and post.id <= first_id_at(horizon_at_ms),
        empty=edge is not None and not _pushed_next(reader_id, FROM_THE_TOP),
    )


def _pushed_next(reader_id: UserId, before: PostId) -> list[PostId]:
    """The newest item of the inbox below a position, if there is one."""
    items = repository.inbox_below(reader_id, before=before, limit=1, now_seconds=int(time.time()))
    return [item.post_id for item in items]


def _removed_by(query: FeedQuery, post: Post) -> str:
    verdict = FOLLOWING.judged(query, [Candidate(post.id, post.author_id, "inspection")])
    return verdict.removed[0].reason if verdict.removed else ""


def _costs(record: ReaderRecord, author: AuthorRecord, now_ms: int) -> Costs:
    reads = float(reader_facts(record.state, now_ms).reads_per_day)
    posts = author.rates.posts_per_day(now_ms)
    return Costs(reads, posts, posts * ON_DEMAND.push * MILLION, reads * ON_DEMAND.pull * MILLION)
