"""Posts of those whom everybody pulls, in the cache of every process before anybody asks for them.

    consumer     reads the post through the cache, so it is in Redis; says so in the log that pages are compared with
    web process  reads the log along with its next page (`config.shared_log`) ... a thread loads it from Redis into memory

Nothing is put anywhere but by reading, so what is changed or deleted meanwhile is right at once, as for everybody who reads.
"""

from collections.abc import Sequence
from typing import Final

from accounts.selectors import profiles_by_ids
from config.cache import soon
from config.entities import PostId
from feed.news import LOG, WARM
from posts.selectors import posts_by_ids

AT_MOST: Final = 20
"""Of those a process hears of at once; the newest ones."""


def post_warm(*, post_id: PostId) -> None:
    """A post was made, or came back, that very many will ask for.

    Cost: 1 batch, 1 read unit; some round trips to the cache. Idempotent: by post.
    """
    posts_load([post_id])
    LOG.append(f"{WARM}{post_id}")


def posts_load(post_ids: Sequence[PostId]) -> None:
    """Have Redis and this process hold these posts, what they repeat, and who made them.

    Cost: 3 round trips to the cache; what it lacks, as `posts_by_ids`.
    """
    found = posts_by_ids(post_ids)
    repeated = posts_by_ids([post.repost_of.post_id for post in found.values() if post.repost_of is not None])
    profiles_by_ids({post.author_id for post in [*found.values(), *repeated.values()]})


def _heard(texts: Sequence[str]) -> None:
    ids = [PostId(int(text.removeprefix(WARM))) for text in texts if text.startswith(WARM)]
    if ids:
        soon(f"warm:{ids[-1]}", posts_load, ids[-AT_MOST:])


LOG.when_heard(_heard)
