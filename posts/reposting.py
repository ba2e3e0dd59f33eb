"""Reposts and quotes: who may, what is written, who did.

A repost is a post of its own that says nothing and shows another; so feeds, profiles and deletions treat it as any
post. A quote is a post with a text, and the other one inside. Neither opens a post to anybody: `visibility` asks for
the post that is shown, for each viewer and at each read.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

import structlog

from accounts.selectors import profiles_by_ids
from config.cursors import decode, encode
from config.entities import Page, PostId, UserId
from config.errors import Unavailable
from config.ids import id_at, id_time_ms, next_id
from posts import cache
from posts.entities import Audience, Post, PostRef
from posts.errors import AudienceTooWide, NotShareable
from posts.filling import filled
from posts.months import months_to_write
from posts.repository import posts, quotes, reposts
from posts.selectors import can_repost, posts_by_ids
from posts.text.parse import facets_of
from posts.visibility import visible_post

logger = structlog.get_logger()
DRAWS: Final = 3
REPOSTS_CURSOR: Final = "posts.reposts"
QUOTES_CURSOR: Final = "posts.quotes"
CLEARED_AT_ONCE: Final = 25
_WIDTH: Final = (Audience.ONLY_ME, Audience.CLOSE_FRIENDS, Audience.FOLLOWERS, Audience.EVERYONE)


def repost_create(*, user_id: UserId, post_id: PostId, at_ms: int | None = None) -> Post:
    """Repeat a post for one's followers; a post of one's own for whom it is for. `at_ms` as in `post_create`.

    Idempotent: by person and post. Cost: 1 request, 8 WU, after `visible_post`.
    Raises: PostNotFound, NotShareable.
    """
    target = shareable_post(user_id, post_id)
    ref = PostRef(target.id, target.author_id)
    audience = target.audience if target.author_id == user_id else Audience.EVERYONE
    for _draw in range(DRAWS):
        new_id = PostId(next_id() if at_ms is None else id_at(at_ms))
        repost = Post(
            new_id, user_id, "", (), audience, id_time_ms(new_id), facets=facets_of(""), repost_of=ref
        )
        with cache.in_doubt(target.id):
            kept = reposts.put_repost(repost, ref, months=months_to_write(user_id))
        if kept is not None:
            cache.forget_counts(target.id)
            logger.info("repost", post_id=target.id, repost_id=kept, user_id=user_id, new=kept == new_id)
            return repost if kept == new_id else posts_by_ids([kept]).get(kept, repost)
    raise Unavailable


def repost_delete(*, user_id: UserId, post_id: PostId) -> None:
    """Take a repost back, by the post that it repeats; open to who can't see that any more, for it tells nothing.

    Idempotent: by person and post. Cost: 3 requests, 1 RU, 1 RU, 11 WU; 1 RU if there is none.
    """
    repost_id = reposts.get_repost_id(user_id, post_id)
    repost = posts.get_post(repost_id) if repost_id is not None else None
    if repost is not None:
        repost_remove(repost)


def repost_remove(repost: Post) -> bool:
    """Take a repost back, by itself; whether it was there.

    Idempotent: by the repost. Cost: 1 request, 11 WU.
    """
    if repost.repost_of is None:
        return False
    with cache.in_doubt(repost.id, repost.repost_of.post_id):
        removed = reposts.delete_repost(repost, repost.repost_of, deleted_at_ms=time.time_ns() // 1_000_000)
    cache.bury(repost.id)
    cache.forget_counts(repost.repost_of.post_id)
    logger.info("unrepost", post_id=repost.repost_of.post_id, user_id=repost.author_id, new=removed)
    return removed


def quote_ref(*, author_id: UserId, post_id: PostId, audience: Audience) -> PostRef:
    """What a new post may quote.

    Cost: `visible_post`. Raises: PostNotFound, NotShareable, AudienceTooWide.
    """
    target = shareable_post(author_id, post_id)
    require_no_wider(target.audience, audience)
    return PostRef(target.id, target.author_id)


def require_no_wider(quoted: Audience, audience: Audience) -> None:
    """A post of one's own is quoted for no more people than it is for itself.

    Raises: AudienceTooWide.
    """
    if _WIDTH.index(audience) > _WIDTH.index(quoted):
        raise AudienceTooWide(audience=quoted.value)


def shareable_post(user_id: UserId, post_id: PostId) -> Post:
    """A post that the user may repost and quote.

    Cost: `visible_post`. Raises: PostNotFound, NotShareable.
    """
    target = visible_post(user_id, post_id)
    author = profiles_by_ids([target.author_id])[target.author_id]
    if not can_repost(user_id, target, author):
        raise NotShareable
    return target


def visible_reposts(
    viewer_id: UserId | None, target: Post, *, cursor: str | None = None, limit: int = 20
) -> Page[Post]:
    """Who reposted a visible post, newest first: those reposts that the viewer may see.

    Cost: 1 Query, 0.5 RU, `posts_by_ids` and `visible_posts` a round, 1 round unless some are hidden.
    """
    return _visible_page(
        viewer_id, reposts.query_reposts, target, kind=REPOSTS_CURSOR, cursor=cursor, limit=limit
    )


def visible_quotes(
    viewer_id: UserId | None, target: Post, *, cursor: str | None = None, limit: int = 20
) -> Page[Post]:
    """Which posts quote a visible post, newest first: those that the viewer may see.

    Cost: as `visible_reposts`.
    """
    return _visible_page(
        viewer_id, quotes.query_quotes, target, kind=QUOTES_CURSOR, cursor=cursor, limit=limit
    )


def repeats_clear(post_id: PostId) -> None:
    """Take away what is left of a post that is gone for good: its reposts and the entries of its quotes.

    Idempotent: by the post. Cost: 1 RU a 40; 11 WU a repost, 1 WU a quote.
    """
    for ids in _pages(reposts.query_reposts, post_id):
        for repost_id in ids:
            repost = posts.get_post(repost_id)
            if repost is not None:
                repost_remove(repost)
    for ids in _pages(quotes.query_quotes, post_id):
        quotes.delete_entries(post_id, ids)


def _pages(ids_of: Callable[..., list[PostId]], post_id: PostId) -> Iterator[list[PostId]]:
    before = None
    while ids := ids_of(post_id, before=before, limit=CLEARED_AT_ONCE):
        yield ids
        before = ids[-1]


def _visible_page(
    viewer_id: UserId | None,
    ids_of: Callable[..., list[PostId]],
    target: Post,
    *,
    kind: str,
    cursor: str | None,
    limit: int,
) -> Page[Post]:
    kind = f"{kind}.{target.id}"

    def read(after: int | None, at_most: int) -> list[int]:
        return [*ids_of(target.id, before=after, limit=at_most)]

    shown, last = filled(viewer_id, read, after=decode(kind, cursor) if cursor else None, limit=limit)
    return Page(shown, encode(kind, last) if last is not None else None)
