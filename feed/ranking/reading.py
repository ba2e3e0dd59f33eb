"""What one page of Following begins with, read in one round: the inbox, all that is kept of the reader, their own posts.

round 1   a page of the inbox, the reader's record, the registry's version, the reader's own posts
round 2   authors who are pulled and of whom the cache knows nothing: `sources`
round 3   posts that the cache lacks, what the reader has put on them, who is followed where that is not sure: `hydrators`;
          beside them what notes that the reader has come
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog

from config.dynamodb import gather
from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import first_id_at
from config.kept import NOTHING_KEPT, Kept
from feed import pulls, readers
from feed.activity import read_note
from feed.entities import InboxItem
from feed.ranking.candidates import FROM_THE_TOP, FeedQuery
from feed.ranking.first_reads import first_reads, inbox_read, own_read
from feed.reader_entities import ReaderRecord
from feed.watermarks import horizon_ms

logger = structlog.get_logger()

ASKED_AGAIN_AFTER_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the reader while a page is put together. By itself nothing, so that all is asked of the graph.

    `horizon`: the inbox has everything above it that was pushed. `kept`: what is kept of the reader's partitions.
    """

    reader_id: UserId
    record: ReaderRecord = field(default_factory=ReaderRecord)
    pulled: frozenset[UserId] = frozenset()
    horizon: int = 0
    kept: Kept = NOTHING_KEPT


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies below a position: a page of the inbox, and of the reader's own posts."""

    query: FeedQuery
    reading: Reading
    inbox: list[InboxItem]
    own: list[PostId]


def open_reading(query: FeedQuery) -> Stretch:
    """The first round of a page.

    Cost: as `first_reads`. When the registry has moved, as `pulls.pulled_from`.
    """
    first = first_reads(query)
    record = first.record
    pulled = pulls.pulled_from(query.reader_id, record.pulls, first.version)
    reading = Reading(query.reader_id, record, pulled, _horizon(query, record, first.inbox), first.kept)
    return Stretch(query, reading, first.inbox, first.own)


def _horizon(query: FeedQuery, record: ReaderRecord, inbox: list[InboxItem]) -> int:
    """Above it the inbox has everything that was pushed.

    Of one that is noted as lacking, and has less than a page since, nothing is believed: authors are read from the top, as
    for others, so that what is read is kept for others and for the rest of this page.
    """
    lacking_before_ms = record.followees.lacking_before_ms
    horizon = first_id_at(max(horizon_ms(record.state, query.now_ms), lacking_before_ms))
    is_short = sum(item.post_id > horizon for item in inbox) < query.limit
    return FROM_THE_TOP if lacking_before_ms and is_short else horizon


def noted_beside(stretch: Stretch) -> list[Callable[[], None]]:
    """What notes that the reader has come, to be done beside other reads: of the first page, nothing of the others."""
    if stretch.query.before != FROM_THE_TOP:
        return []
    noted: list[Callable[[], None]] = [
        partial(read_note, stretch.query.reader_id, stretch.reading.record.state)
    ]
    asking = _rebuild_asking(stretch)
    return noted if asking is None else [*noted, partial(_asked, stretch.query.reader_id, asking)]


def next_stretch(query: FeedQuery, above: Stretch) -> Stretch:
    """What lies below a further position of the same page.

    Cost: 1 round, 0.5 RU each for the inbox, above the horizon, and the own posts; of who has no others nothing for these.
    """
    reading = above.reading
    is_inbox_asked = query.before > reading.horizon
    reads = [inbox_read(query)] if is_inbox_asked else []
    if len(above.own) < above.query.limit:  # there were no more
        inbox = reads[0]() if reads else []
        return Stretch(query, reading, inbox, [post_id for post_id in above.own if post_id < query.before])
    own = own_read(query)
    answers: list[Any] = gather(*reads, *own.reads)
    return Stretch(query, reading, answers[0] if is_inbox_asked else [], own.finish()[0])


def _rebuild_asking(stretch: Stretch) -> Callable[[], None] | None:
    """What sees to it that what this page had to do without is made up for: the page is right, and dearer than it should be.

    That is asked for at most once an hour. An inbox that is found empty again meanwhile is noted as lacking: the next push would
    hide that what lay below it is lost.
    """
    record, query = stretch.reading.record, stretch.query
    followees, state = record.followees, record.state
    expects_pushes = not followees.are_complete or len(followees.marks) > len(record.pulls.authors)
    lacking = expects_pushes and not stretch.inbox
    has_slept = state is not None and 0 < state.awake_since_ms < query.now_ms
    is_noted = bool(followees.lacking_before_ms)
    if followees.are_complete and not lacking and not has_slept and not is_noted:
        return None
    if query.now_ms - followees.asked_at_ms >= ASKED_AGAIN_AFTER_MS:
        return partial(readers.rebuild_ask, query.reader_id, at_ms=query.now_ms, lacking=lacking)
    if lacking and not is_noted:
        return partial(readers.lacking_note, query.reader_id, at_ms=query.now_ms)
    return None


def _asked(reader_id: UserId, ask: Callable[[], None]) -> None:
    try:
        ask()
    except Unavailable as error:
        logger.warning("rebuild_ask_failed", reader_id=reader_id, error=str(error))
