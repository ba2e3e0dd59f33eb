"""Writes of the feed: push, take back, backfill, prune. All of them idempotent by key, none bound to an order.

`fan_out`, `take_back` and `backfill` queue the next page as a task of its own. They are called before the page at hand
is written, so that pages run side by side; a page that dies and runs again queues its follower again, which costs work
and changes nothing.
"""

import time
from collections.abc import Callable

import structlog

from config.entities import PostId, UserId
from feed import hints, pulls, repository
from feed.entities import InboxItem, horizon_at
from feed.policies import AuthorFacts, current_policy
from graph.archive_return import edges_are_coming
from graph.selectors import counts, follower_ids_page, is_following
from posts.entities import Audience
from posts.selectors import posts_by_ids, recent_post_ids

logger = structlog.get_logger()

READERS_A_PAGE = 1_000
BACKFILL_PAGE = 50

FOLLOWERS = "followers"
KEPT = "kept"  # readers whom a pulled author is still pushed to
QueuePage = Callable[[PostId, UserId, str], object]
QueueBackfill = Callable[[UserId, UserId, PostId | None], object]


def post_deliver(*, post_id: PostId, author_id: UserId, audience: Audience, fan_out: QueuePage) -> None:
    """Decide whether the author is pulled from now on, and start the fan-out to whom is pushed.

    Cost: 1.5 read units; 2 read and 6 write units more for an author who is registered just now.
    Idempotent: by author, and by post and reader.
    """
    if audience is Audience.ONLY_ME:
        return
    facts = AuthorFacts(followers=counts(author_id).followers)
    if current_policy().should_pull(facts):
        pulls.author_register(author_id)
    position = _first_position(author_id)
    if position != _start_of(FOLLOWERS) and audience is not Audience.CLOSE_FRIENDS:
        # Only a hint for the "new posts" pill; a page never relies on it. A post for few would take the place of one for all.
        hints.last_post_set(author_id, post_id)
    fan_out(post_id, author_id, position)


def post_take_back(*, post_id: PostId, author_id: UserId, take_back: QueuePage) -> None:
    """Start to free the inboxes of a deleted post. What was pushed before its author was pulled expires instead.

    Cost: 1 read unit.
    """
    take_back(post_id, author_id, _first_position(author_id))


def fan_out_page(
    *, post_id: PostId, author_id: UserId, position: str, fan_out: QueuePage, later: QueuePage
) -> None:
    """Push a post to a page of readers; `later`, if the author's followers are still on their way from the archive.

    A fan-out ends as it began: an author who is pulled from now on has this post pushed to all the same. A post that
    has been deleted meanwhile may be pushed after it was taken back: reads hide it, and it expires.

    Cost: up to 50 read units and 1 write unit a reader.
    Idempotent: by reader and post.
    """
    if post_id <= _horizon():
        return  # a record that came back after two weeks: readers have it from the author
    if edges_are_coming(author_id):
        later(post_id, author_id, position)
        return
    readers, following = _readers_from(author_id, position)
    if following is not None:
        fan_out(post_id, author_id, following)
    repository.inbox_put(readers, [InboxItem(post_id, author_id)])
    logger.info(
        "fan_out_page",
        post_id=post_id,
        author_id=author_id,
        readers=len(readers),
        more=following is not None,
    )


def take_back_page(*, post_id: PostId, author_id: UserId, position: str, take_back: QueuePage) -> None:
    """Take a post out of the inboxes of a page of readers.

    Cost: up to 50 read units and 1 write unit a reader.
    Idempotent: by reader and post.
    """
    readers, following = _readers_from(author_id, position)
    if following is not None:
        take_back(post_id, author_id, following)
    repository.inbox_delete(readers, [post_id])
    back = posts_by_ids([post_id]).get(post_id)
    if (
        back is not None and back.is_listed
    ):  # it returned meanwhile, and this page may have undone its delivery
        repository.inbox_put(readers, [InboxItem(post_id, author_id)])


def edge_sync(*, reader_id: UserId, author_id: UserId, backfill: QueueBackfill) -> None:
    """Make a reader's inbox agree with whether they follow the author now, whatever event this comes from.

        unfollow's event   not following .... lists, deletes ............... follows again? backfill
        follow's event     .................. following, backfills

    The look back after the work is what closes the gap: of a follow and an unfollow that overlap, the last word is
    that of the graph.

    Idempotent: by reader and author.
    """
    following = is_following(reader_id, author_id)
    done: bool | None = None
    while done != following:
        if following:
            _edge_open(reader_id, author_id, backfill)
        else:
            _edge_close(reader_id, author_id)
        done, following = following, is_following(reader_id, author_id)


def inbox_backfill(
    *, reader_id: UserId, author_id: UserId, before: PostId | None, backfill: QueueBackfill
) -> None:
    """Bring a page of an author's posts into an inbox, down to the horizon: below it the author is read.

    Cost: 2 read units and 1 write unit a post.
    Idempotent: by reader and post.
    """
    if not is_following(reader_id, author_id):
        return
    horizon = _horizon()
    recent = recent_post_ids(author_id, limit=BACKFILL_PAGE, before=before)
    post_ids = [post_id for post_id in recent if post_id > horizon]
    repository.inbox_put([reader_id], [InboxItem(post_id, author_id) for post_id in post_ids])
    if len(post_ids) == BACKFILL_PAGE:
        backfill(reader_id, author_id, post_ids[-1])
    else:
        pulls.edge_backfilled(reader_id, author_id)


def _edge_open(reader_id: UserId, author_id: UserId, backfill: QueueBackfill) -> None:
    if pulls.author_is_pulled(author_id):
        pulls.reader_add(reader_id, author_id)
    else:
        inbox_backfill(reader_id=reader_id, author_id=author_id, before=None, backfill=backfill)


def _edge_close(reader_id: UserId, author_id: UserId) -> None:
    if pulls.author_is_pulled(author_id):
        pulls.reader_remove(reader_id, author_id)
    repository.inbox_delete([reader_id], list(repository.inbox_of_author(reader_id, author_id)))


def _start_of(readers: str) -> str:
    """The position before the first reader of a list. Shape: list ":" that list's own cursor."""
    return f"{readers}:"


def _first_position(author_id: UserId) -> str:
    """Where a fan-out of this author begins: with all followers, or with those who are kept pushed."""
    return _start_of(KEPT if pulls.author_is_pulled(author_id) else FOLLOWERS)


def _readers_from(author_id: UserId, position: str) -> tuple[list[UserId], str | None]:
    """A page of readers from a position, and the position of the next page; None at the end."""
    readers, _, cursor = position.partition(":")
    page_of = repository.push_edge_readers if readers == KEPT else follower_ids_page
    page, following = page_of(author_id, cursor=cursor or None, limit=READERS_A_PAGE)
    return page, f"{readers}:{following}" if following is not None else None


def _horizon() -> int:
    return horizon_at(time.time_ns() // 1_000_000)
