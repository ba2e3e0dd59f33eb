"""What has just been posted, told by the stream to the cache before any fan-out, and asked by pages and the pill.

The pill asks every few seconds, so it must cost next to nothing.
"""

from collections.abc import Iterable
from typing import Final

from config import cache
from config.entities import PostId, UserId
from config.shared_log import SharedLog
from feed import hints, pulls, recents
from feed.fingerprints import fingerprint
from posts.entities import Audience

TTL_SECONDS: Final = 60
LOG: Final = SharedLog("feed_news")
"""Authors of whom there is something new, or something again; with WARM before it, a post that many will ask for."""
WARM: Final = "+"


def post_noted(*, post_id: PostId, author_id: UserId, audience: Audience, is_new: bool) -> None:
    """A post is there to be read by others; `is_new` if it has just been made, not just come back or been opened.

    Cost: 4 round trips to the cache. Idempotent: by post.
    """
    if audience is Audience.ONLY_ME:
        return
    recents.post_heard(author_id, post_id)
    if is_new:
        hints.last_post_set(author_id, post_id)
    LOG.append(str(author_id))  # last: whose page was kept before is made anew, and finds it


def pulled_lately(reader_id: UserId) -> frozenset[UserId]:
    """Whom the reader pulls; of whom a page found in the registry up to a minute old.

    Cost: 1 round trip to the cache; once a minute 1 read unit.
    """
    kept = cache.get(pulls.KEPT, reader_id)
    if kept is None:
        kept = sorted(pulls.pulled_by(reader_id))
        cache.set(pulls.KEPT, reader_id, kept, TTL_SECONDS)
    return frozenset(UserId(author_id) for author_id in kept)


def heard_above(since: PostId, author_ids: Iterable[UserId]) -> dict[UserId, list[PostId]]:
    """What these authors are known to have posted after that post. A hint: the cache may have lost some of it.

    Cost: 2 round trips to the cache.
    """
    marks = {author_id: fingerprint(author_id) for author_id in author_ids}
    last = hints.last_posts_from(since + 1, marks.values())
    heard = recents.heard_of(marks.keys() & last.keys())
    return {
        author_id: sorted(
            {last[author_id], *(post_id for post_id in heard.get(author_id, ()) if post_id > since)}
        )
        for author_id in marks.keys() & last.keys()
    }
