"""Who comes back after having left: their requests have waited, some of them before a door that is open by now."""

from collections.abc import Callable

from config.entities import UserId
from graph.approvals import request_of_public
from graph.entities import Side
from graph.selectors import edges_page

STEP = 50


def requests_catch_up(*, user_id: UserId, cursor: str | None, again: Callable[[UserId, str], object]) -> None:
    """Turn requests to accounts that have become public meanwhile into follows; others go on waiting.

    Cost: 0.5 read units a page of 25; 14 write units a request that becomes a follow.
    Idempotent: by request.
    """
    page = edges_page(Side.REQUEST_OUT, user_id, cursor=cursor, limit=STEP)
    for edge in page.items:
        request_of_public(follower_id=edge.follower_id, followee_id=edge.followee_id)
    if page.next_cursor:
        again(user_id, page.next_cursor)
