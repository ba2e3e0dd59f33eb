"""Writes of drafts: begun, saved, deleted and had back.

window 1   opens version 3 ................. saves 3 -> 4
window 2          opens version 3 ................ saves 3: refused, and keeps its own as a draft beside it
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from config.dynamodb import Item
from config.entities import PostId, UserId
from config.errors import Unavailable
from config.ids import next_id
from posts.details import Details, details_read
from posts.drafts import repository
from posts.drafts.entities import NEVER, Draft, DraftContent, DraftId, DraftPhoto, Timing
from posts.drafts.errors import DraftChanged, DraftNotFound
from posts.drafts.scheduling import require_ahead
from posts.entities import Audience
from posts.errors import TextTooLong
from posts.media.choosing import media_unused, require_few
from posts.media.errors import MediumMoved, MediumNotFound
from posts.repository import keys
from posts.tables import IDEMPOTENCY_TTL_SECONDS
from posts.text import limits

logger = structlog.get_logger()
TEXT_MAX_BYTES: Final = 2 * limits.POST_MAX_BYTES
TRIES: Final = 5


def draft_create(*, author_id: UserId, key: str | None = None, timing: Timing = NEVER, **said: Any) -> Draft:
    """Begin a draft; `said` as `content_of` takes it.

    Cost: 1 request, 2 WU a KB + 2 WU; a key or a time 2 WU each, a photo 1 RU and 4 WU.
    Idempotent: by author and key, for a day; the same key gives the draft that it began, as that is now.
    Raises: TooManyDrafts, TimeNotAhead, and as `content_of` and `draft_save`.
    """
    content = content_of(DraftContent(), **said)
    require_ahead(timing, content)
    draft = Draft(DraftId(next_id()), author_id, content, _now_ms(), timing=timing)
    marker = {
        **keys.idempotency(author_id, f"new draft\n{key}"),
        "draft_id": draft.id,
        "ttl": int(time.time()) + IDEMPOTENCY_TTL_SECONDS,
    }
    kept = _again(lambda: repository.put_new(draft, marker=marker if key else None))
    if kept:
        return own_draft(author_id, DraftId(kept["draft_id"]))
    logger.info("draft_created", draft_id=draft.id, author_id=author_id)
    return draft


def draft_save(
    *, author_id: UserId, draft_id: DraftId, version: int, timing: Timing | None = None, **said: Any
) -> Draft:
    """Change what is given and leave the rest; None is "not given". `version` is the one that was looked at.

    Cost: 2 requests, 1 RU a 4 KB and 1 WU a KB; with another time or other photos as `repository.put_change`.
    Idempotent: by content; what changes nothing is no change, of whichever version.
    Raises: DraftNotFound, DraftChanged, TimeNotAhead, MediumNotFound, MediumUsed, MediumNotReady, and as `content_of`.
    """
    for _try in range(TRIES):
        before = own_draft(author_id, draft_id)
        after = replace(
            before,
            content=content_of(before.content, **said),
            timing=before.timing if timing is None else timing,
        )
        if after == before:
            return before
        if before.version != version:
            raise DraftChanged(version=before.version)
        if after.timing != before.timing:
            require_ahead(after.timing, after.content)
        after = replace(after, version=version + 1, saved_at_ms=_now_ms(), problem="")
        try:
            repository.put_change(before, after)
        except MediumMoved:
            continue
        return after
    raise Unavailable


def draft_delete(*, author_id: UserId, draft_id: DraftId) -> None:
    """Take a draft away; for a day it can be had back, with its time if that has not come by then.

    Cost: 2 requests; 1 RU and 4 WU a KB + 2 WU; 2 WU a time, 4 WU a photo. Idempotent: by draft.
    """
    for _try in range(TRIES):
        draft = repository.get_draft(author_id, draft_id)
        if draft is None:
            return
        try:
            repository.put_deleted(draft, now_seconds=int(time.time()))
        except (DraftChanged, MediumMoved):
            continue
        logger.info("draft_deleted", draft_id=draft_id, author_id=author_id)
        return
    raise Unavailable


def draft_restore(*, author_id: UserId, draft_id: DraftId) -> Draft:
    """Have a deleted draft back; photos that a post has taken meanwhile stay there.

    Cost: as `draft_delete`. Idempotent: by draft. Raises: DraftNotFound, TooManyDrafts.
    """
    for _try in range(TRIES):
        deleted = repository.get_deleted(author_id, draft_id, now_seconds=int(time.time()))
        if deleted is None:
            return own_draft(author_id, draft_id)
        is_over = (deleted.due_at_ms or 0) <= _now_ms()
        there = {medium.id for medium in media_unused(author_id, deleted.medium_ids)}
        photos = tuple(photo for photo in deleted.content.photos if photo.id in there)
        draft = replace(
            deleted,
            version=deleted.version + 1,
            timing=NEVER if is_over else deleted.timing,
            content=replace(deleted.content, photos=photos),
        )
        try:
            repository.put_back(draft, was=deleted)
        except (DraftChanged, MediumMoved):
            continue
        return draft
    raise Unavailable


def own_draft(author_id: UserId, draft_id: DraftId) -> Draft:
    """An author's own draft; another's looks like none.

    Cost: 1 RU a 4 KB. Consistency: strong. Raises: DraftNotFound.
    """
    draft = repository.get_draft(author_id, draft_id)
    if draft is None:
        raise DraftNotFound
    return draft


def content_of(
    before: DraftContent,
    *,
    text: str | None = None,
    photos: Sequence[DraftPhoto] | None = None,
    audience: str | None = None,
    quote_of: PostId | None = None,
    **details: str | None,
) -> DraftContent:
    """The content with what was sent in its place. A text may be too long for a post, not without end.

    A quote of post 0 is none: None is "not given".

    Raises: TextTooLong, InvalidLanguage, TooManyPhotos, MediumNotFound.
    """
    return DraftContent(
        text=before.text if text is None else _bounded(text),
        photos=before.photos if photos is None else _photos(photos),
        quote_of=before.quote_of if quote_of is None else quote_of or None,
        audience=before.audience if audience is None else Audience(audience),
        details=_details(before.details, {name: said for name, said in details.items() if said is not None}),
    )


def _details(before: Details, said: dict[str, str]) -> Details:
    read = details_read(**said)
    return replace(before, **{name: getattr(read, name) for name in said})


def _bounded(text: str) -> str:
    text = limits.cleaned(text)
    if len(text.encode()) > TEXT_MAX_BYTES:
        raise TextTooLong(limit=TEXT_MAX_BYTES, size=len(text.encode()), unit="bytes")
    return text


def _photos(photos: Sequence[DraftPhoto]) -> tuple[DraftPhoto, ...]:
    require_few(photos)
    if len({photo.id for photo in photos}) < len(photos):
        raise MediumNotFound
    return tuple(DraftPhoto(photo.id, limits.alt_text(photo.alt)) for photo in photos)


def _again(write: Callable[[], Item | None]) -> Item | None:
    """A medium may be rendered or released between being read and being written."""
    for _try in range(TRIES):
        try:
            return write()
        except MediumMoved:
            continue
    raise Unavailable


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
