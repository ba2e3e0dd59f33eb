"""Follows that began or ended, brought to the readers' inboxes. Idempotent by reader and author, bound to no order.

However many there are, what they have in common is read and written once for each reader: a new edge costs one Query of
the author's posts, and its share of the rest. Nothing is brought to who has never come: the inbox is noted as lacking, so
that the first page is made from the authors, and filled behind it (`feed.rebuilding`).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from config.entities import PostId, UserId
from feed import pulls, repository
from feed.activity_repository import has_read
from feed.edge_delivery import edges_pull
from feed.entities import InboxItem, horizon_at
from feed.readers import followee_take, followees_add, lacking_note, record_is_kept
from graph.selectors import follows_among, is_following
from posts.timelines import newest_post_ids

BACKFILL_PAGE: Final = 50

Pair = tuple[UserId, UserId]
"""Reader and author."""
QueueBackfill = Callable[[UserId, UserId, PostId | None], object]


def edges_sync(*, edges: Iterable[Pair], backfill: QueueBackfill) -> None:
    """Make readers' inboxes agree with whether they follow these authors now, whatever events this comes from.

        unfollow's event   not following .... lists, deletes ............... follows again? backfill
        follow's event     .................. following, backfills

    The look back after the work is what closes the gap: of a follow and an unfollow that overlap, the last word is
    that of the graph.

    Cost: 2 read units an edge. To open some of one reader 3 read units and 2.5 an author, up to 1 write unit an author and
        1 a post; of a reader who has never come 4.5 read units, 0.5 an author and 1 write unit; to close one up to 5 read
        units, and the inbox.
    Idempotent: by reader and author.
    """
    behind = list(dict.fromkeys(edges))
    done: dict[Pair, bool] = {}
    following = follows_among(behind)
    while behind := [pair for pair in behind if done.get(pair) is not (pair in following)]:
        for reader_id, author_ids in _by_reader(pair for pair in behind if pair in following).items():
            _open(reader_id, author_ids, backfill)
        for pair in behind:
            if pair not in following:
                _close(*pair)
        done |= {pair: pair in following for pair in behind}
        following = follows_among(behind)


def inbox_backfill(
    *, reader_id: UserId, author_id: UserId, before: PostId | None, backfill: QueueBackfill
) -> None:
    """Bring a page of an author's posts into an inbox, down to the horizon: below it the author is read.

    Cost: 2 read units and 1 write unit a post.
    Idempotent: by reader and post.
    """
    if is_following(reader_id, author_id):
        _fill(reader_id, [author_id], before, backfill)


def edge_given_up(*, reader_id: UserId, author_id: UserId) -> None:
    """An edge could not be brought up to date, or not filled: if it is there, its reader pulls the author besides.

    Idempotent: by reader and author.
    """
    if is_following(reader_id, author_id):
        pulls.reader_add(reader_id, [author_id])


def _open(reader_id: UserId, author_ids: Sequence[UserId], backfill: QueueBackfill) -> None:
    # One is noted even of who has never come, so that no page says that its posts are still to come.
    is_kept = record_is_kept(reader_id)
    if is_kept or len(author_ids) == 1:
        followees_add(reader_id, author_ids)
    of_everybody = pulls.authors_pulled(author_ids)
    if of_everybody:
        pulls.reader_add(reader_id, of_everybody)
    others = [author_id for author_id in author_ids if author_id not in of_everybody]
    pulled = edges_pull(reader_id, others) if others else set()
    pushed = [author_id for author_id in others if author_id not in pulled]
    if pushed and (is_kept or has_read(reader_id)):
        _fill(reader_id, pushed, None, backfill)
    elif pushed:
        # They have never come. A page that asks after the look above walks the follows then, and finds these.
        lacking_note(reader_id, at_ms=time.time_ns() // 1_000_000)


def _fill(
    reader_id: UserId, author_ids: Sequence[UserId], before: PostId | None, backfill: QueueBackfill
) -> None:
    horizon = horizon_at(time.time_ns() // 1_000_000)
    lists = newest_post_ids(author_ids, limit=BACKFILL_PAGE, before=before)
    found = {
        author_id: [post_id for post_id in newest if post_id > horizon]
        for author_id, newest in zip(author_ids, lists, strict=True)
    }
    items = [InboxItem(post_id, author_id) for author_id, post_ids in found.items() for post_id in post_ids]
    repository.inbox_put([reader_id], items)
    goes_on = [author_id for author_id, post_ids in found.items() if len(post_ids) == BACKFILL_PAGE]
    for author_id in goes_on:
        backfill(reader_id, author_id, found[author_id][-1])
    pulls.pulls_release(reader_id, found.keys() - set(goes_on))


def _close(reader_id: UserId, author_id: UserId) -> None:
    followee_take(reader_id, author_id)
    pulls.pull_release(reader_id, author_id)
    if pulls.author_is_pulled(author_id):
        repository.push_edge_delete(author_id, reader_id)
    repository.inbox_delete([reader_id], list(repository.inbox_of_author(reader_id, author_id)))


def _by_reader(pairs: Iterable[Pair]) -> dict[UserId, list[UserId]]:
    found: dict[UserId, list[UserId]] = defaultdict(list)
    for reader_id, author_id in pairs:
        found[reader_id].append(author_id)
    return found
