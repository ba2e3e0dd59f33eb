"""What the graph itself does when it hears of its own changes."""

from config.streams import on
from graph import counters, promotion, tasks
from graph.approval_events import ApprovalBegun
from graph.archive_events import ReturnBegun
from graph.events import FollowCreated, FollowDeleted, RequestCreated
from graph.tables import GRAPH


@on(GRAPH, FollowCreated)
def fold_after_follow(event: FollowCreated) -> None:
    """A hot account's sum is brought up to date."""
    counters.fold_soon(user_id=event.followee_id, shard=event.shard, fold=tasks.fold_counts_soon)


@on(GRAPH, FollowDeleted)
def fold_after_unfollow(event: FollowDeleted) -> None:
    """A hot account's sum is brought up to date."""
    counters.fold_soon(user_id=event.followee_id, shard=event.shard, fold=tasks.fold_counts_soon)


@on(GRAPH, FollowCreated)
def measure_follow(event: FollowCreated) -> None:
    """An account may become hot by it."""
    promotion.follow_measured(
        followee_id=event.followee_id,
        event_id=event.event_id,
        at_ms=event.at_ms,
        review=tasks.heat_review.delay,
    )


@on(GRAPH, FollowDeleted)
def measure_unfollow(event: FollowDeleted) -> None:
    """Leaving writes as much as following."""
    promotion.follow_measured(
        followee_id=event.followee_id,
        event_id=event.event_id,
        at_ms=event.at_ms,
        review=tasks.heat_review.delay,
    )


@on(GRAPH, ApprovalBegun)
def approve_all(event: ApprovalBegun) -> None:
    """By hand, or because the account has become public."""
    tasks.approve_requests.delay(event.owner_id, event.run)


@on(GRAPH, RequestCreated)
def approve_late(event: RequestCreated) -> None:
    """A request that was written while the account became public."""
    tasks.approve_late_request.delay(event.follower_id, event.followee_id)


@on(GRAPH, ReturnBegun)
def return_edges(event: ReturnBegun) -> None:
    """What the request itself has not brought back from the archive."""
    tasks.return_edges.delay(event.user_id)
