"""Writes of the posts room."""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import IO

import structlog

from accounts.selectors import ids_by_handles
from config.dynamodb import is_done
from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import id_at, id_time_ms, next_id
from posts import cache
from posts.details import NOTHING_SAID, Commenting, details_read
from posts.entities import Audience, Photo, Post
from posts.errors import IdempotencyKeyReused
from posts.media import choosing, files
from posts.media.choosing import Chosen, Source
from posts.media.errors import MediumMoved
from posts.moderation.trust import first_standing
from posts.months import months_to_write
from posts.old_likes import like_move
from posts.own import own_post
from posts.promotion import spread_if_born_hot
from posts.repository import likes, media, posts
from posts.repository.posts import Beside
from posts.reposting import quote_ref, repost_remove
from posts.selectors import post_by_id
from posts.spread import Spread, counts_written, spread_of
from posts.table_changes import LIKES_WITH_PERSON
from posts.tags import tags_leave
from posts.text import limits
from posts.text.facets import Facets
from posts.text.parse import facets_of, handles_of, with_people
from posts.visibility import visible_post

logger = structlog.get_logger()
UNDO_MS = 30 * 86_400_000
DRAWS = 3  # an id that is taken is drawn again


def post_create(
    *,
    author_id: UserId,
    text: str = "",
    photo: IO[bytes] | Photo | None = None,
    alt: str = "",
    photos: Sequence[Source] = (),
    audience: str = Audience.EVERYONE,
    warning: str = "",
    language: str = "",
    location: str = "",
    commenting: str = Commenting.EVERYONE,
    quote_of: PostId | None = None,
    idempotency_key: str | None = None,
    at_ms: int | None = None,
    beside: Callable[[Sequence[Photo]], Beside] | None = None,
) -> Post:
    """Publish a text, up to 20 photos, or both; `photo` and `alt` are short for one photo before the others.

    What is brought in from elsewhere has its own time, and photos that another process may have stored already.
    `beside` says what else happens in the post's transaction, from its photos; it raises what it refuses.

    Cost: 1 request; 2 WU for up to 1 KB, 6 WU with an idempotency key. With a quote `quote_ref`, and 4 WU. With media
        1 batch before, 1 RU a medium, and 4 WU a medium; an upload as `medium_store`; a hot author's as
        `spread_if_born_hot`.
    Idempotent: by author and key, for a day: the same key gives the post that it made.
    Raises: EmptyPost, TextTooLong, InvalidLanguage, IdempotencyKeyReused, TooManyPhotos, MediumNotFound,
        MediumNotReady, MediumUsed, and as `medium_store` and `quote_ref`.
    """
    sources = [*choosing.first_source(photo, limits.alt_text(alt)), *photos]
    said = Post(
        PostId(0),
        author_id,
        limits.post_text(text, has_photo=bool(sources)),
        (),
        Audience(audience),
        0,
        details=details_read(warning=warning, language=language, location=location, commenting=commenting),
        moderation=first_standing(author_id, is_import=at_ms is not None),
    )
    said = said if quote_of is None else _quoting(said, quote_of)
    choosing.require_few(sources)
    post, kept_id = _stored(said, sources, idempotency_key, at_ms=at_ms, beside=beside)
    if kept_id != post.id:
        return post_by_id(kept_id)
    if post.quote_of is not None:
        cache.forget_counts(post.quote_of.post_id)
    logger.info("post_created", post_id=post.id, author_id=author_id, photos=len(post.photos))
    return post


def _quoting(said: Post, quoted: PostId) -> Post:
    return replace(said, quote_of=quote_ref(author_id=said.author_id, post_id=quoted, audience=said.audience))


def _stored(
    said: Post,
    sources: Sequence[Source],
    idempotency_key: str | None,
    *,
    at_ms: int | None,
    beside: Callable[[Sequence[Photo]], Beside] | None,
) -> tuple[Post, PostId]:
    """As `_put_post`; the files of a post that was not kept are removed."""
    with ExitStack() as undo:
        try:
            chosen = choosing.stored(said.author_id, sources, undo)
            with cache.in_doubt(*said.quoted_ids):
                post, kept_id = _put_post(said, chosen, idempotency_key, at_ms=at_ms, beside=beside)
        except Unavailable:
            undo.pop_all()  # it may have been written after all, and a lost photo is worse than an orphaned file
            raise
        if kept_id == post.id:
            undo.pop_all()  # the files are the post's now
    if kept_id == post.id:
        cache.warm_new(post)
    return post, kept_id


def _put_post(
    said: Post,
    chosen: Sequence[Chosen | Photo],
    idempotency_key: str | None,
    *,
    at_ms: int | None,
    beside: Callable[[Sequence[Photo]], Beside] | None,
) -> tuple[Post, PostId]:
    """The post and the id that is kept: another one's where the key has been used for the same content.

    `said` is the post as far as it is known: without its id, its time and its photos.
    """
    facets = facets_with_people(said.text)
    months = months_to_write(said.author_id)
    for _draw in range(DRAWS + len(chosen)):
        photos = choosing.photos_of(said.author_id, chosen)
        content = _content_digest(said, photos)
        post_id = PostId(next_id() if at_ms is None else id_at(at_ms))
        post = replace(said, id=post_id, photos=photos, created_at_ms=id_time_ms(post_id), facets=facets)
        spread_if_born_hot(post)
        try:
            others = beside(photos) if beside else None
            if idempotency_key is None:
                if posts.put_post(post, beside=others, months=months):
                    return post, post_id
            elif kept := posts.put_post_once(
                post, key=idempotency_key, content=content, beside=others, months=months
            ):
                if kept[1] != content:
                    raise IdempotencyKeyReused
                return post, kept[0]
        except MediumMoved:  # a worker has just made its renditions: read again
            continue
    raise Unavailable


def _content_digest(said: Post, photos: Sequence[Photo]) -> str:
    """What tells two posts of one key apart. A photo is known by its colours and shape: equal uploads give equal ones."""
    looks = [(photo.alt, photo.blurhash, photo.width, photo.height) for photo in photos]
    look = looks[0] if len(looks) == 1 else tuple(looks)  # as it was when a post had one at most
    details = () if said.details == NOTHING_SAID else (said.details,)
    quoted = () if said.quote_of is None else (said.quote_of,)
    content = (said.text, said.audience.value, look, *details, *quoted)
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


def facets_with_people(text: str) -> Facets:
    """What in a new text leads somewhere; mentions only of accounts that are there now.

    Cost: one SQL query if anybody is mentioned.
    """
    facets = facets_of(text)
    handles = handles_of(facets)
    return with_people(facets, ids_by_handles(handles)) if handles else facets


def post_delete(*, user_id: UserId, post_id: PostId) -> None:
    """Hide a post from everyone at once; its place in counts, tags and feeds follows from the stream.

    For 30 days its author can have it back, see `posts.removal`; a repost is taken back for good.

    Cost: 2 requests; 1 RU a 4 KB, 2 WU a KB + 6 WU.
    Idempotent: by the post; its author may repeat it.
    Raises: PostNotFound, NotYours.
    """
    post = own_post(user_id, post_id, deleted_too=True, repost_too=True)
    if post.repost_of is not None:
        repost_remove(post)
        return
    now = time.time_ns() // 1_000_000
    with cache.in_doubt(post_id, *post.quoted_ids):
        new = posts.mark_deleted(post, deleted_at_ms=now, purge_at_ms=now + UNDO_MS)
    cache.bury(post_id)
    if post.quote_of is not None:
        cache.forget_counts(post.quote_of.post_id)
    logger.info("post_deleted", post_id=post_id, author_id=user_id, new=new)


def post_clear_deleted(*, post_id: PostId) -> None:
    """Remove a deleted or archived post's entries under its tags; of a deleted one tell the cache once more.

    Idempotent: by the post; a post that is there, or there again, is left alone. Cost: 2 RU a 4 KB, 1 WU a tag.
    """
    post = posts.get_post(post_id)
    if post is None or post.is_listed:
        return
    tags_leave(post)
    if post.deleted:
        cache.bury(post_id)
    again = posts.get_post(post_id)
    if again is not None and not again.deleted:
        cache.mark_changed(post_id)


def photos_clear(post: Post) -> None:
    """Remove a deleted post's photos, in all renditions, and their media.

    Idempotent: by the post. Cost: 1 WU a KB a photo.
    """
    for photo in post.photos:
        if photo.id is not None:
            media.delete_medium(photo.id)
        files.photo_remove(photo)


def like_create(*, user_id: UserId, post_id: PostId) -> int | None:
    """Like a post. The shard in which it is counted, for `post_counts`; None for a quiet post.

    Cost: 1 request, 5 WU, after `visible_post`; 1 RU and 1 request more until old likes are moved.
    Idempotent: by user and post.
    Raises: PostNotFound.
    """
    post = visible_post(user_id, post_id)
    _move_old_like(post.id, user_id)
    spread = Spread(post.spread)
    shard = spread.draw()
    with cache.in_doubt(post.id):
        new = likes.put_like(post.id, user_id, author_id=post.author_id, shard=shard)
    counts_written(post.id, spread)
    logger.info("like", post_id=post.id, user_id=user_id, new=new)
    return shard


def like_delete(*, user_id: UserId, post_id: PostId) -> int | None:
    """Take a like back, answering as `like_create`; open to who can't see the post any more, for it tells nothing.

    Cost: 1 request, 5 WU; 1 RU and 1 request more until old likes are moved. Idempotent: by user and post.
    """
    _move_old_like(post_id, user_id)
    spread = spread_of(post_id)
    shard = spread.draw()
    with cache.in_doubt(post_id):
        removed = likes.delete_like(post_id, user_id, shard=shard)
    counts_written(post_id, spread)
    logger.info("unlike", post_id=post_id, user_id=user_id, new=removed)
    return shard


def _move_old_like(post_id: PostId, user_id: UserId) -> None:
    if not is_done(LIKES_WITH_PERSON):
        like_move(post_id, user_id)
