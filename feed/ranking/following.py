"""Following: everything by everyone the reader follows, newest first."""

from feed.ranking.filters import (
    DeletedPostFilter,
    HiddenPostFilter,
    MutedAuthorFilter,
    RepeatedPostFilter,
    UnfollowedAuthorFilter,
)
from feed.ranking.pipeline import Pipeline
from feed.ranking.sources import AuthorsSource, HeardSource, HistorySource, InboxSource

FOLLOWING = Pipeline(
    sources=(InboxSource(), AuthorsSource(), HeardSource(), HistorySource()),
    filters=(DeletedPostFilter(), UnfollowedAuthorFilter(), MutedAuthorFilter(), HiddenPostFilter()),
    page_filter=RepeatedPostFilter(),
)
