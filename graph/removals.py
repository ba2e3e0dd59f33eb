"""Removing a follower, and undoing it within some minutes. Who is removed is not told of either."""

from typing import Final

import structlog
from django.core import signing

from config.entities import UserId
from graph import repository, services
from graph.errors import UndoTooLate
from graph.heat import heat_to_write
from graph.selectors import is_following

logger = structlog.get_logger()

UNDO_SECONDS: Final = 600
SALT: Final = "graph.removals"


def follower_remove(*, followee_id: UserId, follower_id: UserId) -> str | None:
    """End somebody's follow; what undoes it, None if there was no follow.

    Cost: 1 read unit, and as `follow_delete`.
    Idempotent: by both people.
    Raises: AccountGone.
    """
    if not is_following(follower_id, followee_id):
        return None
    services.follower_remove(followee_id=followee_id, follower_id=follower_id)
    logger.info("follower_remove", followee_id=followee_id, follower_id=follower_id)
    return signing.dumps([followee_id, follower_id], salt=SALT)


def follower_restore(*, followee_id: UserId, follower_id: UserId, undo: str) -> None:
    """Put the follow back, new: what its follower had chosen for it is not remembered.

    Cost: as `follow_create` of a public account.
    Idempotent: by both people.
    Raises: UndoTooLate, AccountGone, Blocked, TooManyFollowing.
    """
    try:
        pair = signing.loads(undo, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as late:  # or too old, which is one of them
        raise UndoTooLate from late
    if pair != [followee_id, follower_id]:
        raise UndoTooLate
    services.active_profile(follower_id)
    edge = services.new_edge(follower_id, followee_id)
    restored = repository.edge_put(edge, heat=heat_to_write(followee_id))
    logger.info("follower_restore", followee_id=followee_id, follower_id=follower_id, new=restored)
