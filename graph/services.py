"""Writes of the graph. The same call twice has the same answer, whatever became of the first."""

import structlog

from accounts.entities import ProfileCard
from accounts.selectors import profiles_by_ids
from config.entities import UserId
from config.ids import next_id
from graph import repository, request_repository
from graph.archive_mirrors import archived_follows, out_edge_bring
from graph.begun import begun_note
from graph.ended import ended_note
from graph.entities import Edge, FollowKind, FollowState
from graph.errors import AccountGone, EdgesFetched, FollowSelf, NotFollowing
from graph.heat import heat_to_write
from graph.receipts import Receipt, Repeated, once, receipt_keep, receipt_of

logger = structlog.get_logger()


def follow_create(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> FollowState:
    """Follow somebody, or ask to where the account is private.

    `request_id` is the client's own: repeated within a day it changes nothing, even if the follow has ended since, and is
    answered with how things stand. Later, or without one, a repeated follow finds the follow there.

    Cost: 1 request to DynamoDB: 10 write units, 6 for a request; 2 more for a request id. Privacy comes from accounts,
        not from DynamoDB.
    Idempotent: by follower and followee; by `request_id` besides.
    Raises: FollowSelf, AccountGone, Blocked, TooManyFollowing.
    """
    if follower_id == followee_id:
        raise FollowSelf
    edge, followee = _edge_and_followee(follower_id, followee_id)
    receipt = receipt_of("follow", follower_id, followee_id, request_id)
    try:
        if followee.is_private:
            state, new = request_repository.request_put(edge, receipt=receipt)
        else:
            new = repository.edge_put(edge, heat=heat_to_write(followee_id), receipt=receipt)
            state = FollowState.FOLLOWING
            begun_note(follower_id, followee_id)
        if not new:
            receipt_keep(receipt)
    except Repeated:
        return repository.state_get(follower_id, followee_id)
    logger.info("follow", follower_id=follower_id, followee_id=followee_id, state=state, new=new)
    return state


def follow_delete(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> None:
    """Stop following, or asking to. Open to deactivated and private followees: leaving needs nobody's leave.

    Cost: 1 request to DynamoDB, 10 write units, 2 more for a request id; 2 requests for a follow of before the
        followee's shards last changed, and for a request to follow.
    Idempotent: by follower and followee; by `request_id` within a day besides, even if followed again since.
    Raises: AccountGone if who leaves has no account.
    """
    _leave("unfollow", follower_id, followee_id, receipt_of("unfollow", follower_id, followee_id, request_id))


def follower_remove(*, followee_id: UserId, follower_id: UserId, request_id: str | None = None) -> None:
    """The followee ends somebody's follow, or the request for it, and who is removed is not told.

    Cost, Idempotent: as `follow_delete`.
    Raises: AccountGone if the follower has no account.
    """
    _leave("remove", follower_id, followee_id, receipt_of("remove", followee_id, follower_id, request_id))


def _leave(verb: str, follower_id: UserId, followee_id: UserId, receipt: Receipt | None) -> None:
    follower = _card_of(follower_id)
    if follower.is_archived:
        out_edge_bring(follower, followee_id)
    heat = heat_to_write(followee_id)
    with once():
        new = repository.edge_delete(
            follower_id, followee_id, follower_handle=follower.handle, heat=heat, receipt=receipt
        )
        if not new:
            receipt_keep(receipt)
        ended_note(follower_id, followee_id)
        logger.info(verb, follower_id=follower_id, followee_id=followee_id, new=new)


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
    Raises: NotFollowing; EdgesFetched while the follow is on its way back from the archive.
    """
    chosen = {"notify": notify, "kind": str(kind) if kind else None}
    changes = {name: value for name, value in chosen.items() if value is not None}
    if not (repository.edge_update(follower_id, followee_id, changes) if changes else True):
        if archived_follows([(follower_id, followee_id)]):
            raise EdgesFetched(retry_after_seconds=5)
        raise NotFollowing


def request_approve(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> None:
    """The asked one lets the asking one follow.

    Cost: 1 request to DynamoDB, 14 write units; 2 more for a request id.
    Idempotent: by follower and followee as long as the follow is there; by `request_id` within a day besides.
    Raises: RequestNotFound if it was withdrawn, AccountGone if who asked is, TooManyFollowing.
    """
    active_profile(follower_id)
    edge, heat = new_edge(follower_id, followee_id), heat_to_write(followee_id)
    receipt = receipt_of("approve", followee_id, follower_id, request_id)
    with once():
        new = request_repository.request_accept(edge, heat=heat, receipt=receipt)
        if not new:
            receipt_keep(receipt)
        logger.info("request_approve", follower_id=follower_id, followee_id=followee_id, new=new)


def request_decline(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> None:
    """The asked one says no; who asked is not told.

    Cost: 1 request to DynamoDB, 6 write units; 2 more for a request id.
    Idempotent: by follower and followee; by `request_id` within a day besides, even if asked again since.
    """
    _request_end(follower_id, followee_id, receipt_of("decline", followee_id, follower_id, request_id))


def request_cancel(*, follower_id: UserId, followee_id: UserId, request_id: str | None = None) -> None:
    """Who asked takes it back.

    Cost, Idempotent: as `request_decline`.
    """
    _request_end(follower_id, followee_id, receipt_of("cancel", follower_id, followee_id, request_id))


def _request_end(follower_id: UserId, followee_id: UserId, receipt: Receipt | None) -> None:
    with once():
        if not request_repository.request_delete(follower_id, followee_id, receipt=receipt):
            receipt_keep(receipt)


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
    return _card_of(user_id).handle


def _card_of(user_id: UserId) -> ProfileCard:
    profile = profiles_by_ids([user_id]).get(user_id)
    if profile is None:
        raise AccountGone
    return profile


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
    if cards[follower_id].is_archived:
        out_edge_bring(cards[follower_id], followee_id)
    edge = Edge(
        follower_id,
        followee_id,
        next_id(),
        follower_handle=cards[follower_id].handle,
        followee_handle=followee.handle,
    )
    return edge, followee
