"""Following: everything by everyone the reader follows, newest first."""

from feed.ranking.filters import (
    DeletedPostFilter,
    HiddenPostFilter,
    MutedAuthorFilter,
    RepeatedPostFilter,
    UnfollowedAuthorFilter,
)
from feed.ranking.hydrators import FollowHydrator, PostHydrator
from feed.ranking.pipeline import Pipeline
from feed.ranking.sources import AuthorsSource, HistorySource, InboxSource

FOLLOWING = Pipeline(
    sources=(InboxSource(), AuthorsSource(), HistorySource()),
    hydrators=(PostHydrator(), FollowHydrator()),
    filters=(DeletedPostFilter(), UnfollowedAuthorFilter(), MutedAuthorFilter(), HiddenPostFilter()),
    page_filter=RepeatedPostFilter(),
)
