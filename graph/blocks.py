"""Blocks: who may not see whom. A block hides each of two people from the other wherever people or posts are shown."""

from collections.abc import Iterable

import structlog

from accounts.entities import ProfileCard
from accounts.errors import ProfileNotFound
from accounts.selectors import profile_by_handle, profiles_by_ids
from config.entities import UserId
from config.ids import next_id
from graph import block_repository
from graph.archive_mirrors import archived_follows, edges_bring
from graph.errors import AccountGone, Blocked, MarkSelf
from graph.keys import out_edge_key
from graph.mark_repository import Marked
from graph.receipts import once, receipt_keep, receipt_of
from graph.repository import slots_get
from graph.services import active_profile
from graph.signals import block_made
from graph.slots import is_edge, is_tombstone

logger = structlog.get_logger()


def block_create(*, blocker_id: UserId, blocked_id: UserId, request_id: str | None = None) -> bool:
    """Block somebody; follows, requests and close friends between the two end. False if the block was there.

    Cost: 2 requests to DynamoDB, 11 to 23 write units, more where requests and close friends go, 2 for a request id; and
        what receivers of `block_made` write.
    Idempotent: by both people; by `request_id` within a day besides, even if unblocked since.
    Raises: MarkSelf, AccountGone.
    """
    if blocker_id == blocked_id:
        raise MarkSelf
    cards = profiles_by_ids([blocker_id, blocked_id])
    if len(cards) < 2:
        raise AccountGone
    handles = {user_id: card.handle for user_id, card in cards.items()}
    edges_bring(*cards.values())
    receipt = receipt_of("block", blocker_id, blocked_id, request_id)
    new = False
    with once():
        block = Marked(blocker_id, blocked_id, next_id())
        new = block_repository.block_put(block, handles=handles, receipt=receipt)
        if not new:
            receipt_keep(receipt)
    block_made.send(sender=None, blocker_id=blocker_id, blocked_id=blocked_id)
    logger.info("block", blocker_id=blocker_id, blocked_id=blocked_id, new=new)
    return new


def block_delete(*, blocker_id: UserId, blocked_id: UserId, request_id: str | None = None) -> bool:
    """Take a block back; the other one's block, if there is one, stands. False if there was none.

    Cost: 2 requests to DynamoDB, 7 write units, 2 more for a request id.
    Idempotent: by both people; by `request_id` within a day besides, even if blocked again since.
    """
    receipt = receipt_of("unblock", blocker_id, blocked_id, request_id)
    new = False
    with once():
        new = block_repository.block_delete(blocker_id, blocked_id, receipt=receipt)
        if not new:
            receipt_keep(receipt)
    logger.info("unblock", blocker_id=blocker_id, blocked_id=blocked_id, new=new)
    return new


def blocked_among(
    viewer_id: UserId | None, user_ids: Iterable[UserId], *, consistent: bool = False
) -> set[UserId]:
    """Those of these people whom a block hides from the viewer, whoever of the two made it.

    Cost: 1 round trip a 100 people, 0.5 read units each (1 if consistent); nothing for an anonymous viewer.
    Consistency: eventual, or strong if asked.
    """
    return followed_and_blocked(viewer_id, user_ids, consistent=consistent)[1]


def followed_and_blocked(
    viewer_id: UserId | None, user_ids: Iterable[UserId], *, consistent: bool = False
) -> tuple[set[UserId], set[UserId]]:
    """Of these people those whom the viewer follows, and those whom a block hides: one key says either.

    Cost, Consistency: as `blocked_among`.
    """
    ids = [user_id for user_id in dict.fromkeys(user_ids) if user_id != viewer_id]
    if viewer_id is None or not ids:
        return set(), set()
    slots = slots_get([out_edge_key(viewer_id, user_id) for user_id in ids], consistent=consistent)
    found = list(zip(ids, slots, strict=True))
    away = archived_follows((viewer_id, user_id) for user_id, slot in found if slot is None)
    return (
        {user_id for user_id, slot in found if is_edge(slot) or (viewer_id, user_id) in away},
        {user_id for user_id, slot in found if is_tombstone(slot)},
    )


def profile_seen(viewer_id: UserId | None, user_id: UserId) -> ProfileCard:
    """The card of an active account that no block hides from the viewer.

    Cost: 1 read unit, strong, for a signed-in viewer.
    Raises: AccountGone, Blocked; from outside they are the same.
    """
    card = active_profile(user_id)
    if blocked_among(viewer_id, [user_id], consistent=True):
        raise Blocked
    return card


def profile_seen_by_handle(viewer_id: UserId | None, handle: str) -> ProfileCard:
    """The same by a handle.

    Raises: ProfileNotFound.
    """
    card = profile_by_handle(handle)
    if blocked_among(viewer_id, [card.id], consistent=True):
        raise ProfileNotFound
    return card
