"""An author whom everybody pulls is pushed again, follower by follower: "push from now on, backfill, then stop pulling".

    begun      the registration names a run: fan-outs go to followers again, and readers pull all the same
    a page     of followers: each edge by its own cost. Pushed: the author's latest posts into the inbox, then
               `pull_release`. Pulled: the edge is marked, and the reader goes on pulling
    the end    PUSH# edges go, then the registration

Who catches up with the registry meanwhile pulls, and is pushed to as well. The first page waits until every post of
before is in its author's list, so that what was still taken for pulled is brought by the backfill.

How far a run has come is stored, so it is gone on with after anything: by the next task, or by `demotions_resume`.
An author who is registered again ends the run; it finds out before it changes anything that counts.
"""

import time
from collections.abc import Sequence
from typing import Final

import structlog

from config.entities import UserId
from feed import pulls, repository
from feed.activity_repository import states_get
from feed.author_delivery import QueueDemotion
from feed.author_entities import Registration
from feed.author_repository import rates_by_ids
from feed.entities import InboxItem, horizon_at
from feed.policies import Edge as EdgeFacts
from feed.policies import Way
from feed.reader_rates import reader_facts
from feed.registry_repository import (
    demotion_end,
    demotion_forget,
    demotion_move,
    demotions_open,
    registration_get,
)
from graph.archive_return import edges_are_coming
from graph.entities import Edge
from graph.selectors import followers_to_deliver
from posts.selectors import recent_post_ids

logger = structlog.get_logger()

READERS_A_STEP: Final = 100
POSTS_A_PAGE: Final = 50
STALE_MS: Final = 300_000
"""A run that has not moved for so long has lost its task."""
DEMOTIONS_AT_ONCE: Final = 100
KEPT: Final = "kept"


def demotion_step(*, author_id: UserId, run: int, step: QueueDemotion) -> None:
    """Carry a run on by one page, and queue the next step.

    Cost: a page of followers up to 5 read units, the author's posts, 1 write unit; for each follower 0.5 read units, up to 6
        more for who pulls, and 1 write unit a post or, where the edge stays pulled, a mark.
    Idempotent: by reader and post.
    """
    registration = registration_get(author_id)
    if registration is None:
        demotion_forget(author_id)
        return
    if registration.demotion != run or edges_are_coming(author_id):
        return  # Over; or `demotions_resume` comes back to it when the followers are here again.
    following = _push_edges_forget(author_id) if registration.cursor == KEPT else _page(registration)
    if following is None:
        if demotion_end(registration):
            logger.info("demotion_ended", author_id=author_id, run=run)
        return
    if demotion_move(registration, cursor=following, at_ms=time.time_ns() // 1_000_000):
        step(author_id, run)


def demotions_resume(*, step: QueueDemotion) -> int:
    """Queue a step of each run that has not moved for a while; how many.

    Cost: 1 read unit, and 1 a run that goes on.
    """
    resumed = 0
    now_ms = time.time_ns() // 1_000_000
    for author_id in demotions_open(limit=DEMOTIONS_AT_ONCE):
        registration = registration_get(author_id)
        if registration is None or now_ms - registration.moved_at_ms >= STALE_MS:
            step(author_id, registration.demotion if registration else 0)
            resumed += 1
    return resumed


def _page(registration: Registration) -> str | None:
    """See to a page of followers; where it goes on."""
    author_id = registration.author_id
    cursor = registration.cursor or None
    edges, following = followers_to_deliver(author_id, cursor=cursor, limit=READERS_A_STEP)
    pulled = _worth_pulling(author_id, edges)
    for edge in pulled:
        if not edge.is_pulled:
            pulls.edges_to_pull(edge.follower_id, [edge])
    stay = {edge.follower_id for edge in pulled}
    pushed = [edge for edge in edges if edge.follower_id not in stay]
    for edge in pushed:
        if edge.is_pulled:
            pulls.edge_to_push(edge)
    repository.inbox_put([edge.follower_id for edge in pushed], _latest_of(author_id))
    for edge in pushed:
        pulls.pull_release(edge.follower_id, author_id)
    return following if following is not None else KEPT


def _worth_pulling(author_id: UserId, edges: Sequence[Edge]) -> list[Edge]:
    """Those of the edges that pulling is cheaper for, the price of the change counted in."""
    now_ms = time.time_ns() // 1_000_000
    rates = rates_by_ids([author_id])[author_id]
    states = states_get([edge.follower_id for edge in edges])
    policy, author = rates.serving.edges, rates.facts(now_ms)
    return [
        edge
        for edge in edges
        if policy.pulls(EdgeFacts(reader_facts(states.get(edge.follower_id), now_ms), author, Way.PULL))
    ]


def _latest_of(author_id: UserId) -> list[InboxItem]:
    """All that an inbox holds of an author. Cost: 2 read units a 50 posts."""
    horizon = horizon_at(time.time_ns() // 1_000_000)
    found: list[InboxItem] = []
    while True:
        before = found[-1].post_id if found else None
        page = recent_post_ids(author_id, limit=POSTS_A_PAGE, before=before)
        found += [InboxItem(post_id, author_id) for post_id in page if post_id > horizon]
        if len(page) < POSTS_A_PAGE or page[-1] <= horizon:
            return found


def _push_edges_forget(author_id: UserId) -> str | None:
    """Delete some of the PUSH# edges, which say nothing any more; where it goes on."""
    readers, following = repository.push_edge_readers(author_id, cursor=None, limit=READERS_A_STEP)
    for reader_id in readers:
        repository.push_edge_delete(author_id, reader_id)
    return KEPT if following is not None else None
