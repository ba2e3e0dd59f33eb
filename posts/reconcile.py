"""Counts of posts against the likes, comments and reposts that they stand for, while people go on.

    counts read .. likes, comments, reposts counted .. counts read again: nothing moved? then the difference is drift
                                                                          moved: once more
    drift: all of it again after a moment, for likes are counted in an index, which follows its table
    repair: the difference is added if the counts have still not moved, else once more

Counts carry the number of their changes, so that a like that came and went between the two reads is seen. What is counted
and its count are written by one transaction, so drift means that something other than Roost has written, or a fault of ours.
Quotes and shares have nothing by which they could be recounted.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog

from config.dynamodb import Item
from config.entities import PostId, UserId
from config.metrics import POST_COUNT_DRIFT
from graph.walks import position_put, steps_of_accounts
from posts import cache
from posts.repository import counts, recounts, traces
from posts.tables import POSTS
from posts.timelines import oldest_post_ids

logger = structlog.get_logger()

TRIES: Final = 6
AUTHORS_A_STEP: Final = 20
POSTS_A_PAGE: Final = 100
INDEX_LAG_SECONDS: Final = 2.0
RECOUNTED: Final = ("likes", "comments", "reposts")


@dataclass(frozen=True, slots=True)
class Drift:
    """What was found in one post or in many. Signed for one post; sums are of absolute values."""

    likes: int = 0
    comments: int = 0
    reposts: int = 0
    unsettled: int = 0
    """Posts that moved each time they were counted; nothing is known of them."""
    posts: int = 0

    def __add__(self, other: "Drift") -> "Drift":
        return Drift(
            abs(self.likes) + abs(other.likes),
            abs(self.comments) + abs(other.comments),
            abs(self.reposts) + abs(other.reposts),
            self.unsettled + other.unsettled,
            self.posts + other.posts,
        )

    @property
    def found(self) -> dict[str, int]:
        """What is missing of each count that is wrong."""
        return {name: missing for name in RECOUNTED if (missing := getattr(self, name))}


def post_reconcile(*, post_id: PostId, repair: bool) -> Drift:
    """Recount one post, and put its counts right if asked.

    Cost: some 5 RU, and 1 RU a 4 KB of comments, 0.5 RU a 40 likes; where there is drift twice that and 2 WU; of a spread
        post 18 RU more, 30 Queries, and 34 WU.
    Consistency: exact at one moment. Idempotent.
    """
    for tried in range(TRIES):
        before, drift = _counted(post_id)
        if drift and drift.found:
            time.sleep(INDEX_LAG_SECONDS)  # what the index did not show yet it shows then
            again, drift = _counted(post_id)
            drift = drift if _changes(again) == _changes(before) else None
        if drift is not None and (
            not (drift.found and repair) or recounts.add_missing(post_id, before, drift.found)
        ):
            _tell(post_id, drift, repaired=repair)
            return drift
        time.sleep(random.uniform(0, 0.02 * (tried + 1)))
    return Drift(unsettled=1, posts=1)


def posts_reconcile(
    *,
    repair: bool,
    restart: bool = False,
    step: int = AUTHORS_A_STEP,
    progress: Callable[[int, UserId], None],
) -> Drift:
    """Recount every live post, author by author; a walk that was broken off goes on where it was.

    Drift is of this call's posts. Cost: as `post_reconcile`; 1 WU a step.
    """
    drift = Drift()
    for user_ids in steps_of_accounts(POSTS, restart=restart, step=step):
        for user_id in user_ids:
            drift += author_reconcile(author_id=user_id, repair=repair)
        position_put(POSTS, user_ids[-1])
        progress(drift.posts, user_ids[-1])
    return drift


def author_reconcile(*, author_id: UserId, repair: bool) -> Drift:
    """Recount what an author has posted, archived posts too. Cost: as `post_reconcile`, and 0.5 RU a 40 posts."""
    drift = Drift()
    for post_id in _posts_of(author_id):
        drift += post_reconcile(post_id=post_id, repair=repair)
    return drift


def drift_publish(drift: Drift) -> None:
    """Let the metric say what was found."""
    for name in RECOUNTED:
        POST_COUNT_DRIFT.labels(name).set(getattr(drift, name))


def _counted(post_id: PostId) -> tuple[list[Item | None], Drift | None]:
    """The counts as they are stored, and by how much they are wrong; None if they moved meanwhile."""
    before = recounts.get_stored(post_id)
    shards = len(before) - 1
    found = {
        "likes": recounts.count_likes(post_id, shards=shards),
        "comments": recounts.count_comments(post_id, shards=shards),
        "reposts": recounts.count_reposts(post_id),
    }
    if _changes(before) != _changes(recounts.get_stored(post_id)):
        return before, None
    missing = {
        name: number - sum((item or {}).get(name, 0) for item in before) for name, number in found.items()
    }
    return before, Drift(**missing, posts=1)


def _changes(items: list[Item | None]) -> list[int]:
    return [(item or {}).get("changes", 0) for item in items]


def _tell(post_id: PostId, drift: Drift, *, repaired: bool) -> None:
    if not drift.found:
        return
    logger.warning("post_count_drift", post_id=post_id, repaired=repaired, **drift.found)
    if repaired:
        counts.fold(post_id)
        cache.forget_counts(post_id)


def _posts_of(author_id: UserId) -> Iterator[PostId]:
    after: PostId | None = None
    while page := oldest_post_ids(author_id, after=after, limit=POSTS_A_PAGE):
        yield from page
        after = page[-1]
    after = None
    while page := traces.query_archived_of(author_id, after=after, limit=POSTS_A_PAGE):
        yield from page
        after = page[-1]
