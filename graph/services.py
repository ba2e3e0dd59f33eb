"""Writes of the graph. The same call twice has the same answer, whatever became of the first."""

from hashlib import blake2b

import structlog

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.dynamodb import TokenUsed
from config.entities import UserId
from config.ids import next_id
from graph import repository, request_repository
from graph.entities import Edge, FollowKind, FollowState
from graph.errors import AccountGone, FollowSelf, NotFollowing, RequestNotFound
from graph.heat import heat_to_write

logger = structlog.get_logger()


def follow_create(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> FollowState:
    """Follow somebody, or ask to where the account is private.

    `request_id` is the client's own: repeated within ten minutes it changes nothing, even if the follow has ended since,
    and is answered with how things stand. Later, or without one, a repeated follow finds the follow there.

    Cost: 1 request to DynamoDB: 10 write units, 8 for a request. Privacy comes from accounts, not from DynamoDB.
    Idempotent: by follower and followee; by `request_id` besides.
    Raises: FollowSelf, AccountGone, Blocked, TooManyFollowing.
    """
    if follower_id == followee_id:
        raise FollowSelf
    edge, followee = _edge_and_followee(follower_id, followee_id)
    if not followee.is_private:
        token = _token("follow", follower_id, followee_id, request_id)
        try:
            written = repository.edge_put(edge, heat=heat_to_write(followee_id), token=token)
        except TokenUsed:
            there = repository.edge_exists(follower_id, followee_id)
            return FollowState.FOLLOWING if there else FollowState.NONE
        logger.info("follow", follower_id=follower_id, followee_id=followee_id, new=written)
        return FollowState.FOLLOWING
    asked = request_repository.request_put(edge)
    logger.info(
        "follow_request", follower_id=follower_id, followee_id=followee_id, following_already=not asked
    )
    return FollowState.REQUESTED if asked else FollowState.FOLLOWING


def follow_delete(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> None:
    """Stop following. Open to deactivated and private followees: leaving needs nobody's leave.

    Cost: 1 request to DynamoDB, 10 write units; 2 and 20 for a follow of before the followee's shards last changed.
    Idempotent: by follower and followee; by `request_id` within ten minutes besides, even if followed again since.
    Raises: AccountGone if who leaves has no account.
    """
    removed = repository.edge_delete(
        follower_id,
        followee_id,
        follower_handle=handle_of(follower_id),
        heat=heat_to_write(followee_id),
        token=_token("unfollow", follower_id, followee_id, request_id),
    )
    logger.info("unfollow", follower_id=follower_id, followee_id=followee_id, new=removed)


def follower_remove(*, followee_id: UserId, follower_id: UserId, request_id: str | None = None) -> None:
    """The followee ends somebody's follow, who is not told.

    Cost, Idempotent: as `follow_delete`.
    Raises: AccountGone if the follower has no account.
    """
    follow_delete(follower_id=follower_id, followee_id=followee_id, request_id=request_id)


def follow_update(
    *,
    follower_id: UserId,
    followee_id: UserId,
    notify: bool | None = None,
    kind: FollowKind | None = None,
) -> None:
    """Choose whether to be notified of the followee's posts, and what the followee is to the follower. None: as it was.

    Cost: 1 request to DynamoDB, 1 write unit; 2 where `notify` changes.
    Idempotent: by follower and followee.
    Raises: NotFollowing.
    """
    chosen = {"notify": notify, "kind": str(kind) if kind else None}
    changes = {name: value for name, value in chosen.items() if value is not None}
    if not (repository.edge_update(follower_id, followee_id, changes) if changes else True):
        raise NotFollowing


def request_approve(*, follower_id: UserId, followee_id: UserId) -> None:
    """The asked one lets the asking one follow.

    Cost: 1 request to DynamoDB, 16 write units; a second one if there is nothing to approve.
    Idempotent: by follower and followee.
    Raises: RequestNotFound if it was withdrawn, AccountGone if who asked is, Blocked, TooManyFollowing.
    """
    active_profile(follower_id)
    edge = new_edge(follower_id, followee_id)
    if request_repository.request_accept(edge, heat=heat_to_write(followee_id)):
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


def _token(verb: str, follower_id: UserId, followee_id: UserId, request_id: str | None) -> str | None:
    """DynamoDB's token for a client's request id: of the same request of the same person only."""
    if request_id is None:
        return None
    return blake2b(f"{verb}:{follower_id}:{followee_id}:{request_id}".encode(), digest_size=16).hexdigest()


def new_edge(follower_id: UserId, followee_id: UserId) -> Edge:
    """An edge that is about to be made.

    Raises: AccountGone.
    """
    return _edge_and_followee(follower_id, followee_id)[0]


def _edge_and_followee(follower_id: UserId, followee_id: UserId) -> tuple[Edge, ProfileCard]:
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
