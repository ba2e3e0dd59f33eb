"""Keeping the ranks of posts: a worker follows the counts of likes.

    stream   a post's count comes to another rung ... claims, queues ... again: claimed, nothing to queue
    worker                                      lets the claim go, reads, puts RANK, tells the entries, reads again

It reads after it has let the claim go, so every change is before a look at it; and it reads again until nothing is to
be done, so that a post deleted while it was at work is not left in a list. Broken off anywhere it begins anew: RANK
says whether the entries under the post's tags have yet to be told.

What is for its author alone is in no ranking; of all other audiences each page asks `posts.visibility`.
"""

from collections.abc import Callable
from typing import Final

import structlog

from config import cache
from config.entities import PostId
from config.errors import Unavailable
from posts import tag_heat
from posts.entities import Audience, Post
from posts.ranks import settled
from posts.repository import ranks
from posts.repository.ranks import NOWHERE, Standing
from posts.selectors import post_counts
from posts.text.parse import tags_of

logger = structlog.get_logger()
CLAIM: Final = "post-rank"
SETTLE_EVERY_SECONDS: Final = 1
CLAIM_SECONDS: Final = 10
"""Longer than a rank waits in its queue, as a rule; if it waits longer, a second one is queued and does no harm."""
TRIES: Final = 20


def rank_soon(*, post_id: PostId, settle: Callable[[PostId], object]) -> None:
    """Queue a look at the rank of a post, unless one waits already.

    Redis away: no claim, a look for every event.
    Raises: what `settle` raises; the claim is let go, and the stream's record comes again.
    """
    if not cache.claim(CLAIM, post_id, ttl_seconds=CLAIM_SECONDS, without=True):
        return
    try:
        settle(post_id)
    except Exception:
        cache.delete(CLAIM, post_id)
        raise


def rank_settle(*, post_id: PostId) -> None:
    """Bring the rank of a post, and of its entries under tags, to what its likes and its state say.

    Idempotent: by the post. Cost: 2 requests, 1 RU a 4 KB + 2 RU; twice that, 3 WU and 3 WU a tag if the rung changes.
    Raises: Unavailable if it moves all the time.
    """
    cache.delete(CLAIM, post_id)
    for _try in range(TRIES):
        post, standing = ranks.get_standing(post_id)
        if post is None:
            if standing != NOWHERE:
                ranks.delete_standing(post_id)
            return
        rung = settled(standing.rung, post_counts(post_id).likes) if is_ranked(post) else 0
        if rung == standing.rung:
            if standing.is_behind:
                entries_tell(post, standing)
                ranks.clear_behind(post_id, standing)
            return
        after = Standing(rung, standing.turn + 1, is_behind=bool(tags_of(post.shown_facets)))
        if ranks.put_standing(post, after, before=standing):
            logger.info("post_ranked", post_id=post_id, rung=rung, before=standing.rung)
    raise Unavailable


def is_ranked(post: Post) -> bool:
    """Whether it may be in a list of what is liked most."""
    return post.is_listed and post.audience is not Audience.ONLY_ME


def entries_tell(post: Post, standing: Standing) -> None:
    """Have all entries of a post say where it stands. Asked for by new entries too, with a standing read once they are there.

        entry      is made, reads RANK .................. says what it read, unless it knows of a later turn
        rank                             next turn, tells the entries that it finds

    Idempotent: by turn. Cost: `tag_heat.places`; 3 WU a tag.
    """
    for tag, shard in tag_heat.places(tags_of(post.shown_facets), post.id):
        ranks.tell_entry(post.id, tag, shard, standing)
