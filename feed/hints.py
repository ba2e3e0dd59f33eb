"""The last post of every author, in the cache under the author's fingerprint: who has something new, asked in one round.

Set the moment the stream tells of a post, before any fan-out: so a post is there a stream hop after it was accepted,
however long its push takes. Of two authors with one fingerprint the later one is remembered; the other's post is then
there once it has been pushed or pulled.

Fail-open: with the cache away nothing is known, and posts are there when they have been pushed.
"""

from collections.abc import Iterable
from typing import Final

from config import cache
from config.entities import PostId, UserId
from feed.fingerprints import fingerprint

KIND: Final = "feed_last_post"
TTL_SECONDS: Final = 24 * 3600


def last_post_set(author_id: UserId, post_id: PostId) -> None:
    """Remember an author's newest post; of a record that comes again or late nothing changes.

    Of two at the same moment the older one may win: `feed.recents` has both.

    Cost: 2 round trips to the cache.
    """
    key = fingerprint(author_id).hex()
    known = cache.get(KIND, key)
    if known is None or known[0] != author_id or known[1] < post_id:
        cache.set(KIND, key, [author_id, post_id], TTL_SECONDS)


def last_posts_from(post_id: PostId | int, marks: Iterable[bytes]) -> dict[UserId, PostId]:
    """Whoever of the people with these fingerprints is known to have posted since, that post included; the last post of each.

    NOTE: a stranger may have one of the fingerprints.

    Cost: 1 round trip to the cache.
    """
    found = cache.get_many(KIND, [mark.hex() for mark in marks])
    return {UserId(author): PostId(last) for author, last in found.values() if last >= post_id}
