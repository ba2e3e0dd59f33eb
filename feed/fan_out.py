"""One page of readers of a fan-out. Everything is idempotent by key, and nothing is bound to an order.

    page task      reads 1,000 followers, queues the next page, pushes to who is on-line, hands the others on
    rest task      pushes to up to 500 of the others, who come most often first; its queue is another one (`config.settings`)

The pages of each shard follow each other, those of different shards run side by side. A page queues the next one before
it writes, so that pages run side by side too; one that dies and runs again queues its follower again, which costs work
and changes nothing.

Under pressure the author is registered as pulled, one write, and what is left of the fan-out is dropped: every reader
has the post from the author then. So it is if an author comes to be pulled meanwhile for any other reason. When they are
pushed again, all followers are backfilled before anybody stops to pull (`feed.pressure`, `feed.pulls`).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from operator import itemgetter

import structlog

from config.dynamodb import Throttled
from config.entities import PostId, UserId
from config.ids import id_time_ms
from config.metrics import FEED_DELAY_SECONDS, FEED_DELIVERIES, FEED_TURNED
from feed import pressure, pulls, repository
from feed.activity import activity_among
from feed.activity_entities import Activity
from feed.author_entities import Reason
from feed.entities import EXPIRY_MARGIN_SECONDS, InboxItem
from feed.fan_out_readers import FOLLOWERS, KEPT, page_from
from feed.notifications import live
from feed.policies.lifetimes import DAY_SECONDS, relevance_factor
from feed.relevance import Relevance, relevance_of
from feed.watermarks import is_asleep
from graph.archive_return import edges_are_coming
from posts.selectors import posts_by_ids

logger = structlog.get_logger()

PUSHED_AT_ONCE = 250
"""So few others are pushed to by the page's own task: a task of their own would cost more than it spares who is on-line."""
OTHERS_A_TASK = 500
"""So that two processes share the others of one page, and nobody's page waits long for one of them."""
RELEVANT_SECONDS = 10
"""For so long a process believes what a post was worth: it says how long items stay, and no more."""
QueuePage = Callable[[PostId, UserId, str], object]
JUST_NOW_SECONDS = 1.0
"""For so long a task takes the word of who queued it that not everybody pulls the author; it waits no longer where nothing queues."""
KNOWN_SECONDS = 300
"""For so long a rest task believes what its page knew: together with a cache entry's life far from `feed.watermarks.LAG_MS`."""
QueueKnownPage = Callable[[PostId, UserId, str, float], object]
"""With the second in which the author was seen not to be pulled by everybody."""
QueueRest = Callable[[PostId, UserId, list[UserId], list[int], float], object]


@dataclass(frozen=True, slots=True)
class Lanes:
    """How a fan-out queues what it doesn't do at once."""

    page: QueueKnownPage
    rest: QueueRest
    later: QueuePage


def fan_out_page(
    *, post_id: PostId, author_id: UserId, position: str, lanes: Lanes, known_at: float = 0.0
) -> None:
    """Push a post to a page of readers; `later`, if the author's followers are still on their way from the archive.

    `known_at`: in which second somebody saw that not everybody pulls the author; who comes much later looks again.

    A post that has been deleted meanwhile may be pushed after it was taken back: reads hide it, and it expires.

    Cost: up to 50 read units, of a task that has waited 1 more, of the first page 1; 0.5 for each reader of whom nothing is
        cached; 1 write unit a reader pushed to.
    Idempotent: by reader and post.
    """
    if edges_are_coming(author_id):
        lanes.later(post_id, author_id, position)
        return
    is_known = _is_just_now(known_at)
    known_at = known_at if is_known else time.time()
    # Whoever queued the first page has just looked how many tasks wait; both are told again to who asks in a moment.
    is_first = position == FOLLOWERS
    beside: list[Callable[[], object]] = [
        partial(_relevance_now, post_id),
        *([] if is_first else [pressure.is_high]),
    ]
    page = page_from(author_id, position, is_known=is_known, beside=beside)
    if page.is_dropped:
        _drop(post_id, author_id, lanes)
        return
    if page.is_of_many and not is_first and pressure.is_high():
        _turn(post_id, author_id, lanes, cause="queue")
        return
    for further in page.further:
        lanes.page(post_id, author_id, further, known_at)
    awake = _awake(post_id, page.reader_ids)
    online = {reader_id: how for reader_id, how in awake.items() if how.is_online}
    is_handed_on = len(awake) - len(online) > PUSHED_AT_ONCE
    if is_handed_on:
        others = [reader_id for reader_id in awake if reader_id not in online]
        for start in range(0, len(others), OTHERS_A_TASK):
            some = others[start : start + OTHERS_A_TASK]
            lanes.rest(post_id, author_id, some, [awake[reader_id].kept_days for reader_id in some], known_at)
    try:
        _push(post_id, author_id, _kept_days(online if is_handed_on else online | awake))
    except Throttled:
        if not page.is_of_many:
            raise
        _turn(post_id, author_id, lanes, cause="throttled")
    logger.info(
        "fan_out_page",
        post_id=post_id,
        author_id=author_id,
        readers=len(page.reader_ids),
        awake=len(awake),
        online=len(online),
        further=len(page.further),
    )


def fan_out_rest(
    *,
    post_id: PostId,
    author_id: UserId,
    reader_ids: list[UserId],
    lanes: Lanes,
    kept_days: Sequence[int] = (),
    known_at: float = 0.0,
) -> None:
    """Push a post to those of a page who are not on-line, who come most often first.

    `kept_days`, `known_at`: what the page knew of each of them, and in which second. They are asked after again if that
    is long ago, or not told, and the author as soon as the task has waited.

    Cost: 1 write unit a reader; of a task that has waited 1 read unit, and 0.5 for each reader asked after of whom nothing
        is cached.
    Idempotent: by reader and post.
    """
    if not _is_just_now(known_at) and pulls.author_is_pulled(author_id):
        _drop(post_id, author_id, lanes)
        return
    if time.time() - known_at < KNOWN_SECONDS:
        known = dict(zip(reader_ids, kept_days, strict=True))
    else:
        known = _kept_days(_awake(post_id, reader_ids))
    try:
        most_often_first = dict(sorted(known.items(), key=itemgetter(1), reverse=True))
        _push(post_id, author_id, most_often_first)
    except Throttled:
        _turn(post_id, author_id, lanes, cause="throttled")


def fan_out_given_up(*, post_id: PostId, author_id: UserId, lanes: Lanes) -> None:
    """A task of a fan-out dies again and again: its readers have the post from the author instead.

    Idempotent: by author.
    """
    _turn(post_id, author_id, lanes, cause="dead")


def take_back_page(*, post_id: PostId, author_id: UserId, position: str, take_back: QueuePage) -> None:
    """Take a post out of the inboxes of a page of readers, but for those who sleep: there it expires.

    Cost: up to 50 read units and 1 write unit a reader.
    Idempotent: by reader and post.
    """
    page = page_from(author_id, position)
    for further in page.further:
        take_back(post_id, author_id, further)
    awake = _awake(post_id, page.reader_ids)
    repository.inbox_delete(awake, [post_id])
    back = posts_by_ids([post_id]).get(post_id)
    if back is not None and back.is_listed:
        # It returned meanwhile, and this page may have undone its delivery.
        _push(post_id, author_id, _kept_days(awake))


def _turn(post_id: PostId, author_id: UserId, lanes: Lanes, *, cause: str) -> None:
    """From now on everybody pulls this author; what is left of this fan-out is not needed."""
    pulls.author_register(author_id, reason=Reason.PRESSURE)
    FEED_TURNED.labels(cause).inc()
    logger.warning("fan_out_turned", post_id=post_id, author_id=author_id, cause=cause)
    _drop(post_id, author_id, lanes)


def _drop(post_id: PostId, author_id: UserId, lanes: Lanes) -> None:
    """Whoever reads pulls the author by now, but for those who are kept pushed: they are pushed to."""
    lanes.page(post_id, author_id, KEPT, 0.0)


def _is_just_now(known_at: float) -> bool:
    """By this machine's clock; another's may be a little ahead."""
    return abs(time.time() - known_at) <= JUST_NOW_SECONDS


def _awake(post_id: PostId, reader_ids: Sequence[UserId]) -> dict[UserId, Activity]:
    """Those of the readers who get pushes, and how active they are."""
    post_ms = id_time_ms(post_id)
    known = activity_among(reader_ids)
    awake = {
        reader_id: activity
        for reader_id, activity in known.items()
        if not is_asleep(activity.last_read_ms, post_ms)
    }
    FEED_DELIVERIES.labels("asleep").inc(len(known) - len(awake))
    return awake


def _kept_days(readers: Mapping[UserId, Activity]) -> dict[UserId, int]:
    return {reader_id: activity.kept_days for reader_id, activity in readers.items()}


def _push(post_id: PostId, author_id: UserId, kept_days: Mapping[UserId, int]) -> None:
    """Write an item for each of these readers in whose inbox it would not have expired yet."""
    if not kept_days:
        return
    post_seconds, now_seconds = id_time_ms(post_id) // 1000, time.time()
    relevance = _relevance_now(post_id)
    expiries = {
        reader_id: post_seconds + _life_seconds(days, relevance.to(reader_id))
        for reader_id, days in kept_days.items()
    }
    lasting = {reader_id: ttl for reader_id, ttl in expiries.items() if ttl > now_seconds}
    repository.inbox_push(InboxItem(post_id, author_id), lasting)
    live.posts_came(lasting)
    if lasting:
        FEED_DELAY_SECONDS.observe(max(0.0, now_seconds - id_time_ms(post_id) / 1000))
    FEED_DELIVERIES.labels("pushed").inc(len(lasting))
    FEED_DELIVERIES.labels("expired").inc(len(expiries) - len(lasting))


def _relevance_now(post_id: PostId) -> Relevance:
    """Asked after beside the readers, before anybody needs it: nothing is written until both are there."""
    return _relevance_within(post_id, int(time.time() // RELEVANT_SECONDS))


@lru_cache(maxsize=64)
def _relevance_within(post_id: PostId, _span: int) -> Relevance:
    """What this process has found out for one task of a fan-out serves the others of that moment."""
    return relevance_of(posts_by_ids([post_id]).get(post_id))


@cache
def _life_seconds(kept_days: int, relevance: float) -> int:
    """How long an item is there; of the few kinds of readers each is worked out once."""
    return int(kept_days * float(relevance_factor(relevance)) * DAY_SECONDS) + EXPIRY_MARGIN_SECONDS
