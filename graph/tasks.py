"""The graph's work behind the request. Arguments are ids; every task may run twice, or again after a kill."""

from collections.abc import Sequence
from typing import Final

from celery import shared_task
from django.conf import settings

from config.entities import UserId
from graph import approvals, archive_sweep, counters, promotion, returns

NOBODY: Final = UserId(0)


@shared_task(name="graph.fold_counts")
def fold_counts(user_id: UserId) -> None:
    """Sum up a hot account's counters."""
    counters.counts_fold(user_id=user_id)


@shared_task(name="graph.heat_review")
def heat_review(user_id: UserId) -> None:
    """Spread an account as its rate and size demand."""
    promotion.heat_review(user_id=user_id, again=heat_review_later)


@shared_task(name="graph.approve_requests")
def approve_requests(owner_id: UserId, run: int) -> None:
    """Approve some of all requests."""
    approvals.approval_go_on(owner_id=owner_id, run=run, again=approve_requests.delay)


@shared_task(name="graph.approve_late_request")
def approve_late_request(follower_id: UserId, followee_id: UserId) -> None:
    """Approve a request to an account that is public."""
    approvals.request_of_public(follower_id=follower_id, followee_id=followee_id)


@shared_task(name="graph.archive_dormant")
def archive_dormant(after: UserId = NOBODY) -> None:
    """Daily: edges of dormant accounts go to the archive."""
    archive_sweep.dormant_sweep(
        after=after,
        again=archive_dormant.delay,
        step=archive_edges_later,
        back=return_edges.delay,
        measure=archive_measure.delay,
    )


@shared_task(name="graph.archive_measure")
def archive_measure(after: UserId = NOBODY, so_far: Sequence[int] = (0, 0, 0)) -> None:
    """How much is archived."""
    archive_sweep.archive_measure(after=after, so_far=so_far, again=archive_measure.delay)


@shared_task(name="graph.archive_edges")
def archive_edges(user_id: UserId) -> None:
    """One step of one account."""
    archive_sweep.archive_go_on(user_id=user_id, again=archive_edges_later)


@shared_task(name="graph.return_edges")
def return_edges(user_id: UserId) -> None:
    """Some edges of one account come back."""
    archive_sweep.return_go_on(user_id=user_id, again=return_edges.delay)


def archive_edges_later(user_id: UserId, wait_seconds: float) -> None:
    """At once, or when it can do anything."""
    archive_edges.apply_async((user_id,), countdown=wait_seconds)


def fold_counts_soon(user_id: UserId) -> None:
    """In a second: what comes meanwhile is folded along."""
    fold_counts.apply_async((user_id,), countdown=counters.FOLD_EVERY_SECONDS)


def heat_review_later(user_id: UserId) -> None:
    """In a minute, but before a task that waits is given to another worker as well."""
    redelivery_seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    countdown = min(promotion.NEXT_REVIEW_SECONDS, redelivery_seconds / 2)
    heat_review.apply_async((user_id,), countdown=countdown)


@shared_task(name="graph.requests_catch_up")
def requests_catch_up(user_id: UserId, cursor: str | None = None) -> None:
    """Somebody is back."""
    returns.requests_catch_up(user_id=user_id, cursor=cursor, again=requests_catch_up.delay)
