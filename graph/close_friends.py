"""Close friends: a list that the audience of a post may name. Who is on it is told to its owner alone."""

from collections.abc import Iterable

import structlog

from config.entities import UserId
from config.ids import next_id
from graph import mark_repository
from graph.errors import MarkSelf
from graph.mark_repository import Mark, Marked
from graph.services import active_profile

logger = structlog.get_logger()


def close_friend_add(*, owner_id: UserId, member_id: UserId) -> None:
    """Put somebody on the list.

    Cost: 1 request to DynamoDB, 6 write units.
    Idempotent: by both people.
    Raises: MarkSelf, AccountGone, Blocked.
    """
    if owner_id == member_id:
        raise MarkSelf
    active_profile(member_id)
    new = mark_repository.close_put(Marked(owner_id, member_id, next_id()))
    logger.info("close_friend_add", owner_id=owner_id, member_id=member_id, new=new)


def close_friend_remove(*, owner_id: UserId, member_id: UserId) -> None:
    """Take somebody off the list; posts to close friends vanish for them at once.

    Cost: 1 request to DynamoDB, 3 write units.
    Idempotent: by both people.
    """
    removed = mark_repository.mark_delete(Mark.CLOSE, owner_id, member_id)
    logger.info("close_friend_remove", owner_id=owner_id, member_id=member_id, new=removed)


def is_close_friend(owner_id: UserId, member_id: UserId) -> bool:
    """Whether the owner has the member on the list now.

    Cost: 1 round trip, 1 read unit. Consistency: strong.
    """
    return mark_repository.marks_get(Mark.CLOSE, [(owner_id, member_id)], consistent=True) != [None]


def close_friend_owners_among(member_id: UserId, owner_ids: Iterable[UserId]) -> set[UserId]:
    """Those of the owners who have the member on their list.

    Cost: 1 round trip a 100 owners, 0.5 read units each. Consistency: eventual.
    """
    pairs = [(owner_id, member_id) for owner_id in dict.fromkeys(owner_ids)]
    return {marked.owner_id for marked in mark_repository.marks_get(Mark.CLOSE, pairs) if marked is not None}
