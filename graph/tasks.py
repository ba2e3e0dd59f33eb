"""The graph's work behind the request. Arguments are ids; every task may run twice, or again after a kill."""

from celery import shared_task
from django.conf import settings

from config.entities import UserId
from graph import approvals, counters, promotion


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


def fold_counts_soon(user_id: UserId) -> None:
    """In a second: what comes meanwhile is folded along."""
    fold_counts.apply_async((user_id,), countdown=counters.FOLD_EVERY_SECONDS)


def heat_review_later(user_id: UserId) -> None:
    """In a minute, but before a task that waits is given to another worker as well."""
    redelivery_seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    countdown = min(promotion.NEXT_REVIEW_SECONDS, redelivery_seconds / 2)
    heat_review.apply_async((user_id,), countdown=countdown)
