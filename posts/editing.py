"""Changes of a post by its author: what it says, whom it is for, who may comment. And what it said before.

editor 1   opens version 3 ................. saves 3 -> 4
editor 2          opens version 3 ................ saves 3: refused, looks at 4
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

import structlog

from config.entities import PostId, UserId
from posts import cache
from posts.details import Details, details_read
from posts.entities import Audience, Photo, Post, PostVersion
from posts.errors import AltsDiffer, PostChanged
from posts.media import choosing
from posts.media.errors import MediumMoved
from posts.moderation.trust import standing_after_edit
from posts.own import own_post
from posts.photo_edits import Kept, Wanted, identity, new_photos, photos_after
from posts.repository import edits
from posts.reposting import require_no_wider
from posts.selectors import post_by_id, posts_by_ids
from posts.services import facets_with_people
from posts.text import limits
from posts.visibility import visible_posts

logger = structlog.get_logger()
TRIES: Final = 25  # every photo may get its renditions between reading and writing


def post_edit(
    *,
    user_id: UserId,
    post_id: PostId,
    version: int,
    text: str | None = None,
    alts: Sequence[str] | None = None,
    photos: Sequence[Wanted] | None = None,
    audience: str | None = None,
    warning: str | None = None,
    language: str | None = None,
    location: str | None = None,
    commenting: str | None = None,
) -> Post:
    """Change what is given and leave the rest; None is "not given". `version` is the one that was looked at.

    `photos` are those that the post is to have, in their order; `alts` only describes the ones that it has.
    The version before is kept if what it said or whom it was for has changed; the 50 last ones are.

    Cost: 2 requests; 1 RU a 4 KB, 4 WU a KB + 2 WU, half of it if only commenting changes. A SQL query for mentions.
        A photo that comes 1 RU and 4 WU, and where any comes or goes some 2 WU for three photos that were there before.
    Idempotent: by content; what changes nothing is no change, of whichever version.
    Raises: PostNotFound, NotYours, PostChanged, EmptyPost, TextTooLong, InvalidLanguage, AltsDiffer, AudienceTooWide;
        with photos as `post_create`.
    """
    given = {"warning": warning, "language": language, "location": location, "commenting": commenting}
    details = {name: value for name, value in given.items() if value is not None}
    with ExitStack() as undo:  # of an upload that the post has taken nothing is undone
        wanted = None if photos is None else _stored_uploads(user_id, photos, undo)
        for _try in range(TRIES):
            before = own_post(user_id, post_id)
            after = _with_photos(before, alts, wanted)
            after = replace(
                _with_text(after, text),
                audience=before.audience if audience is None else Audience(audience),
                details=_details(before.details, details),
            )
            if after.audience is not before.audience:
                _require_quotable(before, after.audience)
            if after == before:
                return post_by_id(post_id)
            if before.version != version:
                raise PostChanged
            if _stored(before, after):
                return post_by_id(post_id)
    raise PostChanged


def _stored_uploads(user_id: UserId, photos: Sequence[Wanted], undo: ExitStack) -> list[Wanted]:
    """The same, with media for the files among them."""
    choosing.require_few(photos)
    return [one if isinstance(one, Kept) else choosing.stored(user_id, [one], undo)[0] for one in photos]


def _with_photos(post: Post, alts: Sequence[str] | None, wanted: Sequence[Wanted] | None) -> Post:
    if wanted is None:
        return replace(post, photos=_described(post.photos, alts))
    return replace(post, photos=photos_after(post, wanted))


def _require_quotable(post: Post, audience: Audience) -> None:
    """Raises: AudienceTooWide, where the author quotes an own post that is for fewer."""
    quoted = post.quote_of
    target = posts_by_ids([quoted.post_id]).get(quoted.post_id) if quoted else None
    if target is not None and target.author_id == post.author_id:
        require_no_wider(target.audience, audience)


def _stored(before: Post, after: Post) -> bool:
    says_else = _content(after) != _content(before)
    after = replace(
        after,
        version=before.version + 1,
        edited_at_ms=time.time_ns() // 1_000_000 if says_else else before.edited_at_ms,
        moderation=standing_after_edit(before, says_else=says_else),
    )
    keep = says_else or after.audience is not before.audience
    try:
        with cache.in_doubt(before.id):
            done = edits.put_edit(before, after, keep=keep, come=new_photos(before, after))
    except MediumMoved:  # a worker has just made its renditions: read again
        return False
    if done:
        cache.mark_changed(before.id)
        logger.info("post_edited", post_id=before.id, author_id=before.author_id, version=after.version)
    return done


def _with_text(post: Post, text: str | None) -> Post:
    if text is None and (post.photos or post.text):
        return post
    text = text or ""
    text = limits.post_text(text, has_photo=bool(post.photos))
    return post if text == post.text else replace(post, text=text, facets=facets_with_people(text))


def _described(photos: tuple[Photo, ...], alts: Sequence[str] | None) -> tuple[Photo, ...]:
    if alts is None:
        return photos
    if len(alts) != len(photos):
        raise AltsDiffer
    return tuple(replace(photo, alt=limits.alt_text(alt)) for photo, alt in zip(photos, alts, strict=True))


def _details(before: Details, said: dict[str, str]) -> Details:
    read = details_read(**said)
    return replace(before, **{name: getattr(read, name) for name in said})


def _content(post: Post, alts: tuple[str, ...] | None = None) -> tuple[object, ...]:
    """What a reader is told: the text, the photos and their descriptions and what is said beside them."""
    details = post.details
    described = tuple(photo.alt for photo in post.photos) if alts is None else alts
    pictured = tuple(identity(photo) for photo in post.photos)
    shown = (details.warning, details.language, details.location)
    return (post.text, pictured, described if any(described) else (), shown)


def versions_seen(viewer_id: UserId | None, post: Post) -> list[PostVersion]:
    """What a visible post was before, newest first: those versions that were for the viewer when they were shown.

    A text that was for its author alone stays so when the post is opened to others with another text. Others than the
    author get only versions that read differently: whom a post was for is not told.

    Cost: 1 Query, 0.5 RU a 4 KB; `visible_posts`.
    """
    versions = edits.query_versions(post)
    seen = {was.version for was in visible_posts(viewer_id, [version.post for version in versions])}
    shown, newer = list[PostVersion](), _content(post)
    for version in versions:
        content = _content(version.post, version.alts)
        if version.post.version in seen and (viewer_id == post.author_id or content != newer):
            shown.append(version)
            newer = content
    return shown


def earlier_photos(viewer_id: UserId | None, post: Post) -> list[Photo]:
    """Photos of a visible post that only earlier versions show, of those that were for the viewer.

    Cost: as `versions_seen`; nothing for a post that was never edited.
    """
    if post.version == 1:
        return []
    return [photo for version in versions_seen(viewer_id, post) for photo in version.post.photos]
