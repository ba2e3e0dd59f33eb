"""All requests at once: approved by hand, or because the account has become public.

button, or going public    the run is stored             one write; the answer does not wait for more
stream                     a task begins
task                       50 requests, then the place    killed: the next delivery goes on from the place
                           is stored and a task queued
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import structlog
from django.dispatch import receiver

from accounts.selectors import private_ids
from accounts.signals import privacy_changed
from config.entities import UserId
from config.ids import next_id
from graph import approval_repository
from graph.approval_repository import Approval
from graph.entities import Edge, Side
from graph.errors import AccountGone, Blocked, RequestNotFound, TooManyFollowing
from graph.selectors import edges_page
from graph.services import request_approve

logger = structlog.get_logger()

STEP: Final = 50


def requests_approve_all(*, owner_id: UserId, of_public: bool = False) -> Approval:
    """Begin to approve all requests that are there now; of a public account also those that come in late.

    Cost: 1 request to DynamoDB, 1 write unit; behind the answer 14 write units a request.
    Idempotent: a second run finds what the first has left.
    """
    approval = Approval(owner_id, next_id(), of_public=of_public)
    approval_repository.approval_put(approval)
    logger.info("requests_approve_all", owner_id=owner_id, of_public=of_public)
    return approval


def approval_of(owner_id: UserId) -> Approval | None:
    """The run of within a day, going on or done.

    Cost: 1 read unit. Consistency: strong.
    """
    return approval_repository.approval_get(owner_id)


def approval_go_on(*, owner_id: UserId, run: int, again: Callable[[UserId, int], object]) -> None:
    """Approve some of the requests, and queue the rest. A run for going public ends if the account is private again.

    Cost: 1.5 read units and 14 write units a request, 2 more a step.
    Idempotent: by request, and by run and place.
    """
    approval = approval_repository.approval_get(owner_id)
    if approval is None or approval.id != run or approval.done:
        return
    if approval.of_public and private_ids([owner_id]):
        approval_repository.approval_step(approval, replace(approval, done=True))
        return
    page = edges_page(Side.REQUEST_IN, owner_id, cursor=approval.cursor, limit=STEP)
    asked = [edge for edge in page.items if approval.of_public or edge.id < run]
    approved = sum(_approved(edge) for edge in asked)
    stepped = replace(
        approval,
        approved=approval.approved + approved,
        skipped=approval.skipped + len(asked) - approved,
        cursor=page.next_cursor,
        done=page.next_cursor is None,
    )
    logger.info("requests_approved", owner_id=owner_id, approved=approved, of=len(asked), done=stepped.done)
    if approval_repository.approval_step(approval, stepped) and not stepped.done:
        again(owner_id, run)


def request_of_public(*, follower_id: UserId, followee_id: UserId) -> None:
    """Approve a request that was under way while the account became public.

    Cost: nothing for private accounts, whose card is cached; else as `request_approve`.
    Idempotent: by follower and followee.
    """
    if not private_ids([followee_id]):
        _approved(Edge(follower_id, followee_id, 0))


def _approved(edge: Edge) -> bool:
    try:
        request_approve(follower_id=edge.follower_id, followee_id=edge.followee_id)
    except (AccountGone, Blocked, RequestNotFound, TooManyFollowing) as refusal:
        logger.info(
            "request_skipped",
            follower_id=edge.follower_id,
            followee_id=edge.followee_id,
            reason=refusal.code,
        )
        return False
    return True


@receiver(privacy_changed)
def open_up(user_id: UserId, *, is_private: bool, **_: Any) -> None:
    """Going public turns requests into follows; going private is a matter of `can_view` alone."""
    if not is_private:
        requests_approve_all(owner_id=user_id, of_public=True)
