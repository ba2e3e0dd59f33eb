"""Keeping the places of comments among the most liked of their post: as `posts.ranking`, but the rank lies with the comment.

stream   a comment's likes have left its rung ... claims, queues ... again: claimed, nothing to queue
worker                                       lets the claim go, reads, writes the rank if the rung is another
"""

from collections.abc import Callable
from typing import Final

import structlog

from config import cache
from config.errors import Unavailable
from posts.comment_entities import CommentRef
from posts.ranking import CLAIM_SECONDS, TRIES
from posts.ranks import rank_on, rung_of, settled
from posts.repository import comment_ranks

logger = structlog.get_logger()
CLAIM: Final = "comment-rank"


def comment_rank_soon(*, ref: CommentRef, settle: Callable[[CommentRef], object]) -> None:
    """Queue a look at the rank of a comment, unless one waits already.

    Redis away: no claim, a look for every event.
    Raises: what `settle` raises; the claim is let go, and the stream's record comes again.
    """
    if not cache.claim(CLAIM, ref.id, ttl_seconds=CLAIM_SECONDS, without=True):
        return
    try:
        settle(ref)
    except Exception:
        cache.delete(CLAIM, ref.id)
        raise


def comment_rank_settle(*, ref: CommentRef) -> None:
    """Bring the rank of a comment to what its likes say.

    Idempotent: by the comment. Cost: 2 RU; 1 WU a KB and 2 WU if the rung changes.
    Raises: Unavailable if it moves all the time.
    """
    cache.delete(CLAIM, ref.id)
    for _try in range(TRIES):
        found = comment_ranks.get_ranked(ref)
        if found is None:
            return
        comment, before = found
        rank = rank_on(settled(rung_of(before), comment.likes), comment.id)
        if rank == before:
            return
        if comment_ranks.set_rank(comment, rank, before=before):
            logger.info("comment_ranked", post_id=ref.post_id, comment_id=ref.id, rung=rung_of(rank))
            return
    raise Unavailable
