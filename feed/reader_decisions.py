"""Push or pull, decided anew for all that one reader follows: by cost, with at most MAX_PULLS pulls a read.

    stream     a reader's STATE was written (a read, at most once an hour) ---> due? ---> a task
    decision   rates of the followees, the reader's own, how each edge goes now ---> `PerEdge.pulls_of`
    to pull    `pulls.edges_to_pull`: set pull, then stop pushing
    to push    `pulls.edge_to_push`, a backfill, and at its end `pulls.pull_release`

A decision costs half a unit a followee, so it is taken once in DECIDED_EVERY_MS, and the price of a change is counted in:
an edge changes only if that pays for itself within a month. Authors whom everybody pulls are pulled by this reader
too; they take their place among the MAX_PULLS first.

Each step may run again; what is broken off is done when the reader is due again, and until then an edge goes both ways.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import numpy as np
import structlog

from config.entities import PostId, UserId
from feed import pulls, repository
from feed.activity_repository import decided_set, states_get
from feed.author_entities import AuthorRates
from feed.author_repository import rates_by_ids
from feed.coalescing import queue_once, run_begins
from feed.entities import MAX_PULLS
from feed.policies import AuthorFacts, PerEdge, ReaderFacts, Way
from feed.policies import Edge as EdgeFacts
from feed.reader_rates import reader_facts
from graph.archive_return import edges_are_coming
from graph.delivery import edges_pulled, follows_of
from graph.entities import Edge

logger = structlog.get_logger()

KIND: Final = "feed_decide"
CLAIM_SECONDS: Final = 300
DECIDED_EVERY_MS: Final = 14 * 86_400_000
"""As long as a rate of posts takes to halve."""
QueueBackfill = Callable[[UserId, UserId, PostId | None], object]


def reader_decide_if_due(
    *, reader_id: UserId, decided_at_ms: int, decide: Callable[[UserId], object]
) -> None:
    """Queue a decision if the last one is old. Who was never decided about is watched for as long first.

    Until then each edge goes as it was decided when it was made.

    Cost: nothing; 1 write unit the first time.
    Raises: what `decide` raises; the stream's record comes again.
    """
    now_ms = time.time_ns() // 1_000_000
    if not decided_at_ms:
        decided_set(reader_id, at_ms=now_ms)
    elif now_ms - decided_at_ms >= DECIDED_EVERY_MS:
        queue_once(KIND, reader_id, decide, ttl_seconds=CLAIM_SECONDS)


def reader_decide(*, reader_id: UserId, backfill: QueueBackfill) -> None:
    """Take the decision, and carry it out.

    Cost: 25 read units a 1,000 followees, 0.5 a followee, 1.5 for each author pulled; for a change 1 write unit and a write
        of the reader's list, which all changes to pull share, and for one to push a backfill.
    Idempotent: by edge.
    """
    run_begins(KIND, reader_id)
    if edges_are_coming(reader_id):
        return
    now_ms = time.time_ns() // 1_000_000
    follows = {edge.followee_id: edge for edge in follows_of(reader_id)}
    stored = repository.pulls_read(reader_id)
    of_everybody = repository.pulled_among(sorted(stored.authors))
    free = [edge for author_id, edge in follows.items() if author_id not in of_everybody]
    reader = reader_facts(states_get([reader_id]).get(reader_id), now_ms)
    rates = rates_by_ids(edge.followee_id for edge in free)
    room = max(0, MAX_PULLS - len(of_everybody))
    wanted = edges_worth_pulling(free, reader, rates, stored.authors, cap=room, now_ms=now_ms)
    to_pull = _not_so_yet(wanted, stored.authors - stored.pending)
    to_push = stored.authors - of_everybody - {edge.followee_id for edge in wanted}
    if to_pull:
        pulls.edges_to_pull(reader_id, to_pull)
    for author_id in sorted(to_push):
        if author_id in follows:
            pulls.edge_to_push(follows[author_id])
            backfill(reader_id, author_id, None)
        else:
            pulls.pull_release(reader_id, author_id)
    decided_set(reader_id, at_ms=now_ms)
    logger.info(
        "reader_decided",
        reader_id=reader_id,
        followed=len(follows),
        pulled=len(wanted) + len(of_everybody),
        to_pull=len(to_pull),
        to_push=len(to_push),
    )


def edges_worth_pulling(
    edges: Sequence[Edge],
    reader: ReaderFacts,
    rates: Mapping[UserId, AuthorRates],
    pulled: AbstractSet[UserId],
    *,
    cap: int,
    now_ms: int,
) -> list[Edge]:
    """Those of a reader's edges that are to be pulled, as they go now; of authors who are served by cost alone."""
    by_policy: dict[PerEdge, list[Edge]] = {}
    for edge in edges:
        policy = rates[edge.followee_id].serving.edges
        if isinstance(policy, PerEdge):
            by_policy.setdefault(policy, []).append(edge)
    found: list[Edge] = []
    for policy, asked in by_policy.items():
        posts = np.array([rates[edge.followee_id].posts_per_day(now_ms) for edge in asked])
        ways = np.array([Way.PULL if edge.followee_id in pulled else Way.PUSH for edge in asked])
        facts = EdgeFacts(reader, AuthorFacts(0, posts), ways)
        verdicts = replace(policy, cap=cap).pulls_of(facts, np.zeros(len(asked), np.int8))
        found += [edge for edge, is_pulled in zip(asked, verdicts.tolist(), strict=True) if is_pulled]
    return found


def _not_so_yet(wanted: Sequence[Edge], settled: AbstractSet[UserId]) -> list[Edge]:
    """Without those that are pulled and marked already."""
    marked = edges_pulled([edge for edge in wanted if edge.followee_id in settled])
    done = {edge.followee_id for edge in marked}
    return [edge for edge in wanted if edge.followee_id not in done]
