"""Counters against the edges that they count, shard by shard, while people go on following.

    counters read .. edges counted .. counters read again: nothing moved? then the difference is drift
                                                           moved: once more
    repair: the difference is added if the counters have still not moved, else once more

Counters carry the number of their changes, so that a follow that came and went between the two reads is seen. Edges and
counters are written by one transaction, so drift means that something other than Roost has written, or a fault of ours.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from config.entities import UserId
from config.metrics import GRAPH_COUNT_DRIFT
from graph import counter_repository, heat_repository, reconcile_repository
from graph.archive_repository import archive_get
from graph.keys import FIRST_SHARD
from graph.tables import GRAPH
from graph.walks import position_put, steps_of_accounts

logger = structlog.get_logger()

TRIES: Final = 12
ACCOUNTS_A_STEP: Final = 50


@dataclass(frozen=True, slots=True)
class Drift:
    """What was found in one account or in many. Signed for one shard; sums are of absolute values."""

    followers: int = 0
    following: int = 0
    unsettled: int = 0
    """Shards that moved each time they were counted; nothing is known of them."""
    accounts: int = 0
    archived: int = 0
    """Accounts that were passed over, for some of their edges are in the archive."""

    def __add__(self, other: "Drift") -> "Drift":
        return Drift(
            abs(self.followers) + abs(other.followers),
            abs(self.following) + abs(other.following),
            self.unsettled + other.unsettled,
            self.accounts + other.accounts,
            self.archived + other.archived,
        )

    @property
    def found(self) -> bool:
        """Whether any counter is wrong."""
        return bool(self.followers or self.following)


def account_reconcile(*, user_id: UserId, repair: bool) -> Drift:
    """Recount one account, and put its counters right if asked. An archived one is passed over: counters stay, edges don't.

    Cost: 2 read units and 2 a shard, some 15 read units a 1,000 followers and 50 a 1,000 followed; 2 write units a repair.
    Consistency: strong; each shard is exact at one moment.
    Idempotent.
    """
    if _is_archived(user_id):
        return Drift(accounts=1, archived=1)
    shards = heat_repository.heat_get(user_id, consistent=True).shards
    drift = Drift(accounts=1)
    for shard in range(shards):
        drift += _shard_reconcile(user_id, shard, repair=repair)
    if shards > 1:
        counter_repository.fold(user_id, shards=shards, now_ms=time.time_ns() // 1_000_000)
    if drift.found or drift.unsettled:
        logger.warning(
            "count_drift",
            user_id=user_id,
            followers=drift.followers,
            following=drift.following,
            unsettled=drift.unsettled,
            repaired=repair,
        )
    return drift


def accounts_reconcile(
    *,
    repair: bool,
    restart: bool = False,
    step: int = ACCOUNTS_A_STEP,
    progress: Callable[[int, UserId], None],
) -> Drift:
    """Recount every account; a walk that was broken off goes on where it was. Drift is of this call's accounts.

    Cost: as `account_reconcile`; 1 write unit a step.
    """
    drift = Drift()
    for user_ids in steps_of_accounts(GRAPH, restart=restart, step=step):
        for user_id in user_ids:
            drift += account_reconcile(user_id=user_id, repair=repair)
        position_put(GRAPH, user_ids[-1])
        progress(drift.accounts, user_ids[-1])
    return drift


def drift_publish(drift: Drift) -> None:
    """Let the metric say what was found."""
    GRAPH_COUNT_DRIFT.labels("followers").set(drift.followers)
    GRAPH_COUNT_DRIFT.labels("following").set(drift.following)


def _is_archived(user_id: UserId) -> bool:
    """Edges may be away: not before the account is flagged, and an archive that nobody went on with changes nothing."""
    archive = archive_get(user_id)
    return archive is not None and archive.flagged_at_ms is not None


def _shard_reconcile(user_id: UserId, shard: int, *, repair: bool) -> Drift:
    for tried in range(TRIES):
        before = counter_repository.counters_get(user_id, shard=shard)
        followers = reconcile_repository.in_edges_count(user_id, shard=shard)
        following = reconcile_repository.out_edges_count(user_id) if shard == FIRST_SHARD else 0
        after = counter_repository.counters_get(user_id, shard=shard)
        if [item and item.get("changes") for item in before] == [
            item and item.get("changes") for item in after
        ]:
            stored = counter_repository.counters_sum(after, with_folded=False)
            drift = Drift(followers - stored.followers, following - stored.following)
            # Archiving moves no counter: it is known of before the first edge goes.
            if drift.found and _is_archived(user_id):
                return Drift(archived=int(shard == FIRST_SHARD))
            if not (drift.found and repair) or counter_repository.counters_repair(
                user_id, after, shard=shard, followers=drift.followers, following=drift.following
            ):
                return drift
        time.sleep(random.uniform(0, 0.02 * (tried + 1)))
    return Drift(unsettled=1)
