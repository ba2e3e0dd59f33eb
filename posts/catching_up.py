"""Posts of before there were hashtags or ranks: entered and ranked as a new one's would be.

Each post is asked what it needs by what serves the stream, so a post that needs nothing is read and left alone, and a run
that was broken off may begin anew, or after the author it came to.
"""

from collections.abc import Callable
from typing import Final

from accounts.selectors import user_ids_after
from config.dynamodb.applying import Pace
from config.entities import PostId, UserId
from posts.ranking import rank_settle
from posts.selectors import posts_by_ids
from posts.tags import tags_enter
from posts.text.parse import tags_of
from posts.timelines import oldest_post_ids

POSTS_A_PAGE: Final = 100
AUTHORS_A_STEP: Final = 100
POSTS_A_SECOND: Final = 50.0
"""Half of the rate at which a hashtag would be spread."""


def posts_catch_up(*, after: UserId, posts_a_second: float, progress: Callable[[int, UserId], None]) -> int:
    """Go through the listed posts of all authors behind `after`, in the order of their ids; how many posts there were.

    Cost: `posts_by_ids`; of a post with tags `tags_enter`, of one that is liked `rank_settle`. Idempotent: by post.
    """
    pace, seen = Pace(posts_a_second), 0
    while user_ids := user_ids_after(after, limit=AUTHORS_A_STEP):
        for user_id in user_ids:
            seen += author_catch_up(author_id=user_id, pace=pace)
        after = user_ids[-1]
        progress(seen, after)
    return seen


def author_catch_up(*, author_id: UserId, pace: Pace) -> int:
    """The same for one author.

    Cost, Idempotent: as `posts_catch_up`.
    """
    last: PostId | None = None
    seen = 0
    while ids := oldest_post_ids(author_id, after=last, limit=POSTS_A_PAGE):
        for post in posts_by_ids(ids).values():
            if tags_of(post.shown_facets):
                tags_enter(post_id=post.id)
            if post.like_count:
                rank_settle(post_id=post.id)
        seen, last = seen + len(ids), ids[-1]
        pace.spend(len(ids))
    return seen
