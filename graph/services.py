"""Writes of the graph. The same call twice has the same answer, whatever became of the first."""

import structlog

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.ids import next_id
from graph import repository, request_repository
from graph.entities import Edge, FollowState
from graph.errors import AccountGone, FollowSelf, RequestNotFound

logger = structlog.get_logger()


def follow_create(*, follower_id: UserId, followee_id: UserId) -> FollowState:
    """Follow somebody, or ask to where the account is private.

    Cost: 1 request to DynamoDB: 10 write units, 8 for a request. Privacy comes from accounts, not from DynamoDB.
    Idempotent: by follower and followee.
    Raises: FollowSelf, AccountGone, Blocked, TooManyFollowing.
    """
    if follower_id == followee_id:
        raise FollowSelf
    edge, followee = _new_edge(follower_id, followee_id)
    if not followee.is_private:
        written = repository.edge_put(edge)
        logger.info("follow", follower_id=follower_id, followee_id=followee_id, new=written)
        return FollowState.FOLLOWING
    asked = request_repository.request_put(edge)
    logger.info(
        "follow_request", follower_id=follower_id, followee_id=followee_id, following_already=not asked
    )
    return FollowState.REQUESTED if asked else FollowState.FOLLOWING


def follow_delete(*, follower_id: UserId, followee_id: UserId) -> None:
    """Stop following. Open to deactivated and private followees: leaving needs nobody's leave.

    Cost: 1 request to DynamoDB, 10 write units.
    Idempotent: by follower and followee.
    Raises: AccountGone if who leaves has no account.
    """
    removed = repository.edge_delete(follower_id, followee_id, follower_handle=handle_of(follower_id))
    logger.info("unfollow", follower_id=follower_id, followee_id=followee_id, new=removed)


def request_approve(*, follower_id: UserId, followee_id: UserId) -> None:
    """The asked one lets the asking one follow.

    Cost: 1 request to DynamoDB, 16 write units; a second one if there is nothing to approve.
    Idempotent: by follower and followee.
    Raises: RequestNotFound if it was withdrawn, AccountGone if who asked is, Blocked, TooManyFollowing.
    """
    active_profile(follower_id)
    edge, _followee = _new_edge(follower_id, followee_id)
    if request_repository.request_accept(edge):
        logger.info("request_approve", follower_id=follower_id, followee_id=followee_id)
        return
    # Approved before, or followed while the account was public: then only what is left of the request goes.
    if not request_repository.request_settle(follower_id, followee_id):
        raise RequestNotFound


def request_decline(*, follower_id: UserId, followee_id: UserId) -> None:
    """The asked one says no; who asked is not told.

    Cost: 1 request to DynamoDB, 6 write units.
    Idempotent: by follower and followee.
    """
    request_repository.request_delete(follower_id, followee_id)


def request_cancel(*, follower_id: UserId, followee_id: UserId) -> None:
    """Who asked takes it back.

    Cost: 1 request to DynamoDB, 6 write units.
    Idempotent: by follower and followee.
    """
    request_repository.request_delete(follower_id, followee_id)


def request_settle(*, follower_id: UserId, followee_id: UserId) -> None:
    """Remove the request that a follow has overtaken (asked of a private account, followed when it was public).

    Left behind it would come back as a request nobody made once the follow ends.

    Cost: 1 read unit; 8 write units in the rare case that there is one.
    Idempotent: by follower and followee; a late or repeated event finds the follow gone and leaves a newer request.
    """
    if request_repository.request_exists(follower_id, followee_id):
        request_repository.request_settle(follower_id, followee_id)


def active_profile(user_id: UserId) -> ProfileCard:
    """The card of somebody who can be followed.

    Raises: AccountGone: never there and deactivated look the same.
    """
    profile = profiles_by_ids([user_id]).get(user_id)
    if profile is None or not profile.is_active:
        raise AccountGone
    return profile


def handle_of(user_id: UserId) -> str:
    """The handle that keys carry.

    Raises: AccountGone if there is no such account; a deactivated one has its handle still.
    """
    profile = profiles_by_ids([user_id]).get(user_id)
    if profile is None:
        raise AccountGone
    return profile.handle


def _new_edge(follower_id: UserId, followee_id: UserId) -> tuple[Edge, ProfileCard]:
    """An edge that is about to be made, and who is followed by it."""
    cards = profiles_by_ids([follower_id, followee_id])
    followee = cards.get(followee_id)
    if follower_id not in cards or followee is None or not followee.is_active:
        raise AccountGone
    edge = Edge(
        follower_id,
        followee_id,
        next_id(),
        follower_handle=cards[follower_id].handle,
        followee_handle=followee.handle,
    )
    return edge, followee
