"""What a reader's pages lean on, made anew behind them: whom they follow, whom they have muted, and the inbox.

    page    finds no inbox, or no list of followees; is served from the authors; asks (FOLLOWS asked_at_ms, lacking_ms)
    stream  tells, a task runs
    task    reads the record ... walks the follows: notes them, reads the authors, pushes ... walks again ... says it is done
                                                            an unfollow here takes its own mark away, or is found here

Until it is done an inbox that lacks something is believed for what was posted after the asking alone: that was pushed as
ever. Nothing is lost if the task dies: it runs again, or a page asks again an hour later. Within that hour an inbox that is found
empty once more, as it is for who follows nobody that posts, is noted as lacking and not asked about.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

import structlog

from config.entities import PostId, UserId
from config.ids import first_id_at
from feed import readers, repository
from feed.activity_repository import state_awake
from feed.entities import InboxItem
from feed.watermarks import horizon_ms
from graph.archive_return import edges_are_coming
from graph.mutes import ever_muted_ids
from graph.selectors import following_ids
from posts.timelines import newest_post_ids

logger = structlog.get_logger()

AUTHORS_AT_ONCE: Final = 200
POSTS_AT_ONCE: Final = 40


def reader_rebuild(*, reader_id: UserId) -> None:
    """Note everybody whom the reader follows or has muted, and push what the followed have posted above the horizon.

    Cost: 50 read units a 1,000 follows, 0.5 an author who is not pulled, and 1 write unit a post and a chunk of follows.
    Idempotent: by reader and post.
    """
    record = readers.reader_record(reader_id)
    asked_at_ms = record.followees.asked_at_ms
    if not asked_at_ms or record.followees.rebuilt_at_ms >= asked_at_ms or edges_are_coming(reader_id):
        return
    readers.perhaps_muted_add(reader_id, ever_muted_ids(reader_id))
    state, now_ms = record.state, time.time_ns() // 1_000_000
    # Below the line that the pages draw the authors are read in any case.
    from_id = first_id_at(horizon_ms(replace(state, awake_since_ms=0) if state else None, now_ms))
    noted: set[UserId] = set()
    pushed = 0
    for authors in _chunks(following_ids(reader_id)):
        readers.followees_add(reader_id, authors)
        noted.update(authors)
        pushed_ones = [author for author in authors if author not in record.pulls.authors]
        pushed += _push(reader_id, pushed_ones, from_id)
    for author_id in noted.difference(following_ids(reader_id)):
        readers.followee_take(reader_id, author_id)
    readers.rebuild_done(reader_id, at_ms=asked_at_ms)
    if state is not None and 0 < state.awake_since_ms < asked_at_ms:
        state_awake(reader_id, since_ms=state.awake_since_ms)
    logger.info("reader_rebuild", reader_id=reader_id, followees=len(noted), posts=pushed)


def _push(reader_id: UserId, author_ids: Sequence[UserId], from_id: int) -> int:
    """Push all that these authors have from there on; how much."""
    pushed = 0
    before: dict[UserId, PostId | None] = dict.fromkeys(author_ids)
    while before:
        # Those who post much have more below: of the others all is there after one round.
        position = next(iter(before.values()))
        asked = [author_id for author_id, start in before.items() if start == position]
        lists = newest_post_ids(asked, limit=POSTS_AT_ONCE, before=position)
        items = []
        for author_id, post_ids in zip(asked, lists, strict=True):
            new = [post_id for post_id in post_ids if post_id >= from_id]
            items += [InboxItem(post_id, author_id) for post_id in new]
            del before[author_id]
            if len(new) == POSTS_AT_ONCE:
                before[author_id] = new[-1]
        repository.inbox_put([reader_id], items)
        pushed += len(items)
    return pushed


def _chunks(ids: Iterator[UserId]) -> Iterator[list[UserId]]:
    while chunk := list(islice(ids, AUTHORS_AT_ONCE)):
        yield chunk
