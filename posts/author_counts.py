"""How many posts an author has, counted off the stream."""

from accounts.selectors import profiles_by_ids
from config.entities import UserId
from posts.months import month_review
from posts.repository import authors


def author_posts_count(*, event_id: str, author_id: UserId, delta: int) -> None:
    """Count a post that came or went; not one that went after its author did.

    Cost: 1 request, 4 WU, and `month_review` of a post that came. Idempotent: by event id, for 14 days.
    """
    if delta < 0 and author_id not in profiles_by_ids([author_id]):
        return
    authors.add_posts_once(event_id, author_id, delta)
    if delta > 0:
        month_review(author_id)
