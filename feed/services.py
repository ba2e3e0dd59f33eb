"""What becomes of a post: delivered, taken back. Idempotent by key, bound to no order.

`fan_out` and `take_back` queue pages as tasks of their own (`feed.fan_out`).
"""

import time

from config.entities import PostId, UserId
from feed.author_delivery import QueueDemotion, author_review
from feed.entities import horizon_at
from feed.fan_out import QueueKnownPage, QueuePage
from feed.fan_out_readers import first_position
from posts.entities import Audience


def post_deliver(
    *, post_id: PostId, author_id: UserId, audience: Audience, fan_out: QueueKnownPage, demote: QueueDemotion
) -> bool:
    """Decide whether everybody pulls the author from now on, and start the fan-out to whom is pushed. Whether they do.

    A post that was brought in from longer ago than any inbox keeps is read from its author, and says nothing of how often
    they post now.

    Cost: 1 read unit, and as `author_review`.
    Idempotent: by author, and by post and reader.
    """
    if audience is Audience.ONLY_ME or post_id < horizon_at(time.time_ns() // 1_000_000):
        return False
    is_pulled = author_review(author_id=author_id, post_id=post_id, demote=demote)
    known_at = time.time()
    fan_out(post_id, author_id, first_position(author_id), known_at)
    return is_pulled


def post_take_back(*, post_id: PostId, author_id: UserId, take_back: QueuePage) -> None:
    """Start to free the inboxes of a deleted post. What was pushed before its author was pulled expires instead.

    Cost: 1 read unit.
    """
    take_back(post_id, author_id, first_position(author_id))
